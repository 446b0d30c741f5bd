/** Guards of waiting replies that random schedules reach too rarely: each is shown by a history made for it. */
import { claimReply, claimRules, type ReplyStore } from '../../domain/reply/claim';
import type { ReplyAudit } from '../../domain/reply/audit';
import {
	claimsOf,
	isOutdated,
	waitingNoteKey,
	waitingOf,
	type WhenAnswered,
} from '../../domain/reply/waiting';

const HOUR = 3600_000;
const END = 1_700_000_000_000;
const author = { role: 'agent', name: 'Mia', email: null };
const comment = { id: '9', public: true, body: 'Yes', attachments: [], author };

const written: ReplyAudit = { at: END + HOUR, comment };
const claim = (minute: number): ReplyAudit => ({
	at: END + HOUR + minute * 60_000,
	marker: { claim: 'reply:9', run: `run${minute}` },
});
const keyOf = (claimNumber: number, whenAnswered: WhenAnswered = 'send'): string =>
	waitingNoteKey({ commentId: '9', claimNumber, windowEnd: END, whenAnswered });
const note = (minute: number, key: string): ReplyAudit => ({
	at: END + HOUR + minute * 60_000,
	marker: { key },
});
const answer: ReplyAudit = {
	at: END + 3 * HOUR,
	marker: { key: 'message:1', sentAt: new Date(END + 3 * HOUR).toISOString() },
};

/** One that is read once and takes every note. */
const storeOf = (audits: ReplyAudit[]): ReplyStore => ({
	now: () => END + 4 * HOUR,
	sleep: async () => undefined,
	readTicket: async () => ({
		...{ status: 'open', externalId: 'klaviyo:whatsapp:+12125550123', audits },
		...{ updatedAt: audits.at(-1)?.at ?? 0, serverTime: END + 4 * HOUR },
	}),
	writeNote: async () => 'written',
});
const claimBy = async (audits: ReplyAudit[], rules = claimRules) =>
	await claimReply(
		{ ticketId: '1', commentId: '9', run: 'new', isMissing: false },
		storeOf(audits),
		rules,
	);

it.each(['send', 'tellAgent'] as const)('a key says what it was made of: %s', (whenAnswered) => {
	const waiting = { commentId: '9', claimNumber: 2, windowEnd: END, whenAnswered };
	expect(waitingOf(waitingNoteKey(waiting))).toEqual(waiting);
	expect(waitingOf('reply:9:refused')).toBeUndefined();
});

it('a note that a reply waits is about its claim: a later one may have sent the reply', async () => {
	const late = [written, claim(0), claim(10), note(20, keyOf(1)), answer];
	expect(claimsOf(late, '9').standing).toHaveLength(1);
	expect(await claimBy(late)).toMatchObject({ outcome: 'unclear', attempt: 1, claimNumber: 2 });
	const voidsAll: typeof claimsOf = (audits, commentId) => {
		const found = claimsOf(audits, commentId);
		const waiting = waitingOf(keyOf(found.all.length));
		return { ...found, standing: [], ...(waiting ? { waiting } : {}) };
	};
	expect(await claimBy(late, { ...claimRules, claimsOf: voidsAll })).toMatchObject({
		outcome: 'claimed',
	});
});

it('nobody is told of a claim that another run has followed by its own', () => {
	const [one, two] = [
		[written, claim(0)],
		[written, claim(0), claim(10)],
	];
	expect(isOutdated(one, keyOf(1), undefined)).toBe(false);
	expect(isOutdated(two, keyOf(1), undefined)).toBe(true);
	for (const key of ['reply:9:refused', 'reply:9:notSent']) {
		expect(isOutdated(one, key, 1)).toBe(false);
		expect(isOutdated(two, key, 1)).toBe(true);
		expect(isOutdated(two, key, 2)).toBe(false);
		expect(isOutdated(two, key, undefined)).toBe(false);
	}
	for (const key of ['reply:8:refused', 'note:9', 'reply:9'])
		expect(isOutdated(two, key, 1)).toBe(false);
});

it('what is left to the agent is not sent when the customer answers', async () => {
	const left = [written, claim(0), note(1, keyOf(1, 'tellAgent')), answer];
	expect(await claimBy(left)).toMatchObject({ outcome: 'refused', reason: 'leftToAgent' });
	expect(await claimBy(left, { ...claimRules, mayBeSent: () => true })).toMatchObject({
		outcome: 'claimed',
	});
});
