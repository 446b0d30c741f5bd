import { claimLimits, claimReply, type ReplyAudit, type ReplyDesk } from '../../domain/reply/claim';

const author = { role: 'agent', name: 'Mia', email: 'mia@acme.test' };
const T0 = 1_700_000_000_000;

/** Claims the last of an agent's comments, each with a number of attachments. */
async function claimLast(
	comments: Array<[body: string, files: number]>,
	others: ReplyAudit[] = [],
) {
	const own: ReplyAudit[] = comments.map(([body, files], index) => ({
		at: T0 + index * 60_000,
		merge: false,
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
	const now = T0 + 3_600_000;
	const desk: ReplyDesk = {
		now: () => now,
		sleep: async () => {},
		readTicket: async () => ({
			status: 'open',
			updatedAt: audits.at(-1)?.at ?? T0,
			externalId: 'klaviyo:sms:+15005550006',
			audits,
			serverTime: now,
		}),
		writeNote: async () => 'written',
	};
	const commentId = String(comments.length - 1);
	return await claimReply({ ticketId: '1', commentId, run: 'r', isMissing: false }, desk);
}

/** Entries by which an earlier reply was claimed, and its refusal told, so many milliseconds after the first one. */
const claimed = (at: number): ReplyAudit => ({
	at: T0 + at,
	merge: false,
	marker: { claim: 'reply:0', run: 'other' },
});
const told = (at: number, kind = 'refused'): ReplyAudit => ({
	at: T0 + at,
	merge: false,
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
		['is one when it is not known to be refused', [claimed(5000), told(9000, 'notSent')], 1],
		// The first may have sent it, and the second was refused before it looked.
		['is one when it was claimed twice', [claimed(5000), claimed(6000 + settleTime), told(7000 + settleTime)], 1], // prettier-ignore
		['is one when another run may have been refused', [claimed(5000), told(5000 + settleTime)], 1],
	])('%s', async (_, others, sameWordsBefore) => {
		const comments: Array<[string, number]> = [['Yes', 0], ...Array.from({ length: 20 }, (): [string, number] => ['No', 0]), ['Yes', 0]]; // prettier-ignore
		expect(await claimLast(comments, others)).toMatchObject({
			outcome: 'claimed',
			sameWordsBefore,
		});
	});
});
