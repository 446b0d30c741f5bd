import { claimReply, type ReplyAudit, type ReplyDesk } from '../../domain/reply/claim';

const author = { role: 'agent', name: 'Mia', email: 'mia@acme.test' };
const T0 = 1_700_000_000_000;

/** Claims the last of an agent's comments, each with a number of attachments. */
async function claimLast(comments: Array<[body: string, files: number]>) {
	const audits: ReplyAudit[] = comments.map(([body, files], index) => ({
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

describe('Earlier replies that would read the same in the log', () => {
	it.each<[string, Array<[string, number]>, number]>([
		['are those with the same words', [['Yes', 0], ['No', 0], ['Yes', 0]], 1], // prettier-ignore
		['are those with as many links', [['', 1], ['', 1]], 1], // prettier-ignore
		['are none with another number of attachments', [['See this', 1], ['See this', 2]], 0], // prettier-ignore
		['are none with only attachments of another number', [['', 1], ['', 2]], 0], // prettier-ignore
	])('%s', async (_, comments, sameWordsBefore) => {
		expect(await claimLast(comments)).toMatchObject({ outcome: 'claimed', sameWordsBefore });
	});
});
