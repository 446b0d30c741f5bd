import {
	claimLimits,
	claimReply,
	type ReplyNote,
	type ReplyStore,
	type ReplyToClaim,
} from '../../domain/reply/claim';
import { endingOf } from '../../domain/reply/ending';
import type { ReplyAudit } from '../../domain/reply/audit';
import { textOf } from '../../domain/reply/send';

const author = { role: 'agent', name: 'Mia', email: 'mia@acme.test' };
const T0 = 1_700_000_000_000;

/** Claims the last of an agent's comments, each with a number of attachments. */
async function claimLast(
	comments: Array<[body: string, files: number]>,
	others: ReplyAudit[] = [],
) {
	const own: ReplyAudit[] = comments.map(([body, files], index) => ({
		at: T0 + index * 60_000,
		comment: {
			id: String(index),
			public: true,
			body,
			author,
			attachments: Array.from({ length: files }, (_, file) => ({
				fileName: `${index}-${file}.png`,
				url: `https://acme.zendesk.com/attachments/${index}/${file}`,
			})),
		},
	}));
	const audits = [...own, ...others].sort((one, other) => one.at - other.at);
	return (await claim(audits, { commentId: String(comments.length - 1) })).claimed;
}

/** Claims one of the comments, an hour after the first. */
async function claim(audits: ReplyAudit[], reply: Partial<ReplyToClaim> & { commentId: string }) {
	const now = T0 + 3_600_000;
	const notes: ReplyNote[] = [];
	const store: ReplyStore = {
		now: () => now,
		sleep: async () => {},
		readTicket: async () => ({
			status: 'open',
			updatedAt: audits.at(-1)?.at ?? T0,
			externalId: 'klaviyo:sms:+15005550006',
			audits,
			serverTime: now,
		}),
		writeNote: async (_ticket, note) => {
			notes.push(note);
			return 'written';
		},
	};
	const claimed = await claimReply({ ticketId: '1', run: 'r', isMissing: false, ...reply }, store);
	return { claimed, notes };
}

/** Entries by which an earlier reply was claimed, and its refusal told, so many milliseconds after the first one. */
const claimed = (at: number): ReplyAudit => ({
	at: T0 + at,
	marker: { claim: 'reply:0', run: 'other' },
});
const told = (at: number, kind = 'refused'): ReplyAudit => ({
	at: T0 + at,
	marker: { key: `reply:0:${kind}` },
});

describe('Earlier replies that would read the same in the log', () => {
	it.each<[string, Array<[string, number]>, number]>([
		['are those with the same words', [['Yes', 0], ['No', 0], ['Yes', 0]], 1], // prettier-ignore
		['are those with as many links', [['', 1], ['', 1]], 1], // prettier-ignore
		['are none with another number of attachments', [['See this', 1], ['See this', 2]], 0], // prettier-ignore
		['are none with only attachments of another number', [['', 1], ['', 2]], 0], // prettier-ignore
	])('%s', async (_, comments, sameWordsBefore) => {
		expect(await claimLast(comments)).toMatchObject({ outcome: 'claimed', sameWordsBefore });
	});

	const settleTime = claimLimits.settleTime;
	it.each<[string, ReplyAudit[], number]>([
		['is none when it was refused by the run that claimed it', [claimed(5000), told(9000)], 0],
		['is one when nobody claimed it', [], 1],
		[
			'is none when its agent knew by then that it is left to them',
			[claimed(5000), told(9000, 'notSent')],
			0,
		],
		['is none when its agent knew by then that it was given up', [claimed(5000), claimed(6000 + settleTime), { at: T0 + 900_000, marker: { gaveUp: 'reply:0' } }], 0], // prettier-ignore
		['is one when its agent did not know yet', [claimed(5000), told(1_300_000, 'notSent')], 1],
		// The first may have sent it, and the second was refused before it looked.
		['is one when it was claimed twice', [claimed(5000), claimed(6000 + settleTime), told(7000 + settleTime)], 1], // prettier-ignore
		['is one when two claimed it, however soon its refusal was told', [claimed(5000), claimed(6000), told(9000)], 1], // prettier-ignore
		['is one when another run may have been refused', [claimed(5000), told(5000 + settleTime)], 1],
	])('%s', async (_, others, sameWordsBefore) => {
		const comments: Array<[string, number]> = [['Yes', 0], ...Array.from({ length: 20 }, (): [string, number] => ['No', 0]), ['Yes', 0]]; // prettier-ignore
		expect(await claimLast(comments, others)).toMatchObject({
			outcome: 'claimed',
			sameWordsBefore,
		});
	});
});

describe("The agent's signature", () => {
	/** Replies, a minute apart, and their claims, right after each. */
	const replies = (...claims: Array<'kept' | 'cut' | undefined>): ReplyAudit[] =>
		claims.flatMap((signature, index): ReplyAudit[] => {
			const id = String(index);
			const at = T0 + index * 60_000;
			const comment = {
				id,
				public: true,
				body: 'Yes',
				signedBody: 'Yes\nMia',
				attachments: [],
				author,
			};
			const marker = {
				claim: `reply:${id}`,
				run: 'o',
				...(signature === 'kept' ? { signature } : {}),
			};
			return [{ at, comment }, ...(signature ? [{ at: at + 5000, marker }] : [])];
		});

	it('is left out of the reply, and of its claim', async () => {
		const { claimed, notes } = await claim(replies(undefined), { commentId: '0' });
		expect(claimed).toMatchObject({ body: 'Yes' });
		expect(notes).toMatchObject([{ kind: 'claim', keepsSignature: false }]);
	});

	it('is kept if that is wanted, and the claim says so', async () => {
		const { claimed, notes } = await claim(replies(undefined), {
			commentId: '0',
			keepSignature: true,
		});
		expect(claimed).toMatchObject({ body: 'Yes\nMia' });
		expect(notes).toMatchObject([{ kind: 'claim', keepsSignature: true }]);
	});

	it.each(['kept', 'cut'] as const)(
		'stays %s on a second attempt, whatever is wanted now, because the first message may be in the log',
		async (signature) => {
			const isKept = signature === 'kept';
			const again = { commentId: '0', keepSignature: !isKept, isMissing: true };
			const { claimed, notes } = await claim(replies(signature), again);
			expect(claimed).toMatchObject({ attempt: 2, body: isKept ? 'Yes\nMia' : 'Yes' });
			expect(notes).toMatchObject([{ keepsSignature: isKept }]);
		},
	);

	it.each<[string, Array<'kept' | 'cut' | undefined>, boolean, number]>([
		['was claimed as this one is', ['kept', undefined], true, 1],
		['was claimed without it', ['cut', undefined], true, 0],
		['was claimed with it, and this one is not', ['kept', undefined], false, 0],
		['is to be claimed as this one is', [undefined, undefined], true, 1],
	])(
		'changes the text of an earlier reply only if that one %s',
		async (_, claims, keepSignature, sameWordsBefore) => {
			const { claimed } = await claim(replies(...claims), { commentId: '1', keepSignature });
			expect(claimed).toMatchObject({ outcome: 'claimed', sameWordsBefore });
		},
	);
});

describe('What stands at the end of a reply', () => {
	const endWith = '– {{agent}}';
	const reply = (id: string, name: string | null = 'Mia', at = 0): ReplyAudit => ({
		at: T0 + at,
		comment: {
			id,
			public: true,
			body: 'Yes',
			attachments: [],
			author: { role: 'agent', name, email: null },
		},
	});
	const claimedWith = (id: string, ending?: string): ReplyAudit => ({
		at: T0 + 5000,
		marker: { claim: `reply:${id}`, run: 'o', ...(ending ? { ending } : {}) },
	});

	it.each<[string, string, Parameters<typeof endingOf>[1], string]>([
		['the name', endWith, { name: 'Mia' }, '– Mia'],
		[
			'the alias before the name',
			'{{ agent }} at Acme',
			{ name: 'Mia', alias: 'M.' },
			'M. at Acme',
		],
		['the name, if the alias is blank', endWith, { name: 'Mia', alias: ' ' }, '– Mia'],
		['nothing without a name', endWith, { name: null, alias: null }, ''],
		['nothing without an author', endWith, undefined, ''],
		['a text without a name', 'The Acme team', undefined, 'The Acme team'],
		['a name as it is', endWith, { name: '$& $1 {{agent}}' }, '– $& $1 { {agent}}'],
		['nothing by default', '', { name: 'Mia' }, ''],
	])('is %s', (_, template, author, expected) => {
		expect(endingOf(template, author)).toBe(expected);
	});

	it('is left out by default, and is in the claim if it is wanted', async () => {
		const without = await claim([reply('0')], { commentId: '0' });
		expect(without.claimed).toMatchObject({ ending: '' });
		const { claimed, notes } = await claim([reply('0')], { commentId: '0', endWith });
		expect(claimed).toMatchObject({ body: 'Yes', ending: '– Mia' });
		expect(notes).toMatchObject([{ kind: 'claim', ending: '– Mia' }]);
	});

	it.each([
		['the option was turned off', '– Mia', ''],
		['the option was turned on', undefined, endWith],
		['the agent has another name now', '– Maria', endWith],
	])('stays on a second attempt when %s', async (_, ending, wanted) => {
		const again = { commentId: '0', endWith: wanted, isMissing: true };
		const { claimed, notes } = await claim([reply('0'), claimedWith('0', ending)], again);
		expect(claimed).toMatchObject({ attempt: 2, ending: ending ?? '' });
		expect(notes).toMatchObject([{ ending: ending ?? '' }]);
	});

	it.each([
		['is the same', '– Mia', 'Mia', 1],
		['is another', '– Max', 'Mia', 0],
		['is missing', undefined, 'Mia', 0],
	])('tells earlier replies apart: theirs %s', async (_, ending, name, sameWordsBefore) => {
		const audits = [reply('0'), claimedWith('0', ending), reply('1', name, 60_000)];
		const { claimed } = await claim(audits, { commentId: '1', endWith });
		expect(claimed).toMatchObject({ outcome: 'claimed', sameWordsBefore });
	});
});

describe('The text of a reply', () => {
	const url = 'https://acme.zendesk.test/attachments/token/x/?name=a.png';
	const attachments = [{ fileName: 'a.png', url }];

	it('has the address of an attachment after its words, once', () => {
		expect(textOf({ body: 'See', attachments })).toBe(`See\n${url}`);
		expect(textOf({ body: `See ${url} there`, attachments })).toBe(`See ${url} there`);
		expect(textOf({ body: `this (${url}).`, attachments })).toBe(`this (${url}).`);
		expect(textOf({ body: `${url}x`, attachments })).toBe(`${url}x\n${url}`);
		expect(textOf({ body: '', attachments })).toBe(url);
		expect(textOf({ body: 'See', attachments, ending: '– Mia' })).toBe(`See\n${url}\n– Mia`);
	});
});

describe('A comment that nobody wrote as a message', () => {
	it.each([
		['callRecord', 'The comment is the record of a call'],
		['ruleComment', 'The comment was written by a trigger or an automation'],
		['mergeNotice', "The comment is Zendesk's notice of a merge"],
	] as const)('is refused as %s', async (unwritten, message) => {
		const comment = { id: '0', public: true, body: 'Hi', attachments: [], author, unwritten };
		const { claimed, notes } = await claim([{ at: T0, comment }], { commentId: '0' });
		expect(claimed).toEqual({ outcome: 'refused', reason: unwritten, message });
		expect(notes).toEqual([]);
	});
});
