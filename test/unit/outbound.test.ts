import fc from 'fast-check';
import type { ListedTicket } from '../../domain/conversation/ticketStore';
import {
	type OutboundMessage,
	ownReplies,
	ownReplyWindow,
	historyNeeded,
} from '../../domain/outbound';
import type { ReplyAudit } from '../../domain/reply/audit';
import { seed } from '../support/seed';

const T0 = 1_700_000_000_000;
const ticket: ListedTicket = { id: '1', status: 'open', updatedAt: T0 };
const agent = { role: 'agent', name: 'Mia', email: 'mia@acme.test' };

let ids = 0;
/** An agent's comment and, a moment later, its claim. */
const claimed = (body: string, at: number): ReplyAudit[] => {
	const id = String(++ids);
	const comment = { id, public: true, body, attachments: [], author: agent };
	return [
		{ at: at - 1000, comment },
		{ at, marker: { claim: `reply:${id}` } },
	];
};
const text = (
	body: string,
	sentAt: number,
	more: Partial<OutboundMessage> = {},
): OutboundMessage => {
	const kind = more.kind ?? 'conversation';
	const isFailed = more.isFailed ?? false;
	return {
		key: `message:${++ids}`,
		kind,
		isFailed,
		failureReason: null,
		body,
		mediaUrls: [],
		name: null,
		sentAt,
		...historyNeeded({ kind, isFailed, sentAt }),
		...more,
	};
};
const ownOf = (messages: OutboundMessage[], audits: ReplyAudit[]): string[] => [
	...ownReplies(messages, { tickets: [ticket], audits: new Map([['1', audits]]) }).keys(),
];

describe('A message is a reply of ours', () => {
	it("with the agent's text, as Klaviyo logs it, with links to attachments", () => {
		const [comment, claim] = claimed('See here', T0);
		const attachments = [{ fileName: 'a.pdf', url: 'https://acme.zendesk.com/a.pdf' }];
		const audits = [
			{ ...comment, comment: { ...comment?.comment, attachments } },
			claim,
		] as ReplyAudit[];
		const logged = text('Acme: See here\nhttps://klv.co/x', T0 + 1000);
		expect(ownOf([logged], audits)).toEqual([logged.key]);
		expect(ownOf([text('See here', T0 + 1000)], audits)).toEqual([]);
	});

	it.each(['kept', undefined])(
		'with or without its signature, as it was claimed (%s)',
		(signature) => {
			const [comment, claim] = claimed('See here', T0);
			const audits = [
				{ ...comment, comment: { ...comment?.comment, signedBody: 'See here\nMia' } },
				{ ...claim, marker: { ...claim?.marker, ...(signature ? { signature } : {}) } },
			] as ReplyAudit[];
			const bare = text('See here', T0 + 1000);
			const signed = text('See here\nMia', T0 + 1000);
			expect(ownOf([bare, signed], audits)).toEqual([signature ? signed.key : bare.key]);
		},
	);

	it("within a flow's text, although one with the exact text comes first", () => {
		const audits = [...claimed('Yes', T0), ...claimed('Yes, it ships', T0 + 1000)];
		const flow = text('Acme here. Yes, it ships. Reply STOP to end', T0 + 5000, { kind: 'flow' });
		const exact = text('Yes', T0 + 4000, { kind: 'flow' });
		expect(ownOf([flow, exact], audits).sort()).toEqual([flow.key, exact.key].sort());
		const typed = text('Acme here. Yes, it ships.', T0 + 5000);
		expect(ownOf([typed], claimed('Yes, it ships', T0))).toEqual([]);
	});

	it.each(['campaign', 'autoResponse'] as const)('but never a %s', (kind) => {
		expect(ownOf([text('Hi', T0, { kind })], claimed('Hi', T0))).toEqual([]);
	});

	it('for an hour after its claim, and for three days if it failed', () => {
		const claims = claimed('Hi', T0);
		const at = (time: number, isFailed: boolean) =>
			ownOf([text('Hi', T0 + time, { isFailed })], claims).length;
		expect(at(-120_000, false)).toBe(0);
		expect(at(ownReplyWindow.delivered, false)).toBe(1);
		expect(at(ownReplyWindow.delivered + 1000, false)).toBe(0);
		expect(at(ownReplyWindow.failed, true)).toBe(1);
		expect(at(ownReplyWindow.failed + 1000, true)).toBe(0);
	});

	it(`one for each claim with its text, the earliest first, in whatever order they arrive (seed ${seed})`, () => {
		const words = fc.constantFrom('Thanks!', 'Yes', 'No');
		const minutes = fc.integer({ min: 0, max: 20 });
		fc.assert(
			fc.property(
				fc.array(fc.tuple(words, minutes), { maxLength: 6 }),
				fc.array(fc.tuple(words, minutes), { maxLength: 6 }),
				(claims, messages) => {
					const audits = claims.flatMap(([body, at]) => claimed(body, T0 + at * 60_000));
					const sent = messages.map(([body, at]) => text(body, T0 + (20 + at) * 60_000));
					const own = ownOf(sent, audits);
					expect(ownOf([...sent].reverse(), audits).sort()).toEqual([...own].sort());
					for (const body of ['Thanks!', 'Yes', 'No']) {
						const those = sent.filter((one) => one.body === body);
						const found = those.filter(({ key }) => own.includes(key));
						const claimsOfIt = claims.filter(([claimedBody]) => claimedBody === body).length;
						expect(found).toHaveLength(Math.min(those.length, claimsOfIt));
						const latest = Math.max(...found.map(({ sentAt }) => sentAt));
						for (const one of those.filter(({ key }) => !own.includes(key)))
							expect(one.sentAt).toBeGreaterThanOrEqual(latest);
					}
				},
			),
		);
	});
});
