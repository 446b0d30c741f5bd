import { refusalOfNote, writeNotes } from '../../domain/notes';

describe('A note that Zendesk refuses', () => {
	it.each([
		['Order number: is required', /: Order number: is required\. Fix that on the ticket/],
		['', /: no reason given\. Fix that on the ticket/],
	])('says why, and what to do (%p)', async (said, words) => {
		const noted = await writeNotes(
			[{ key: 'note', since: 0, readFrom: 0 }],
			{
				sleep: async () => {},
				listTickets: async () => ({
					tickets: [{ id: '7', status: 'open', updatedAt: 0 }],
					serverTime: 60_000,
				}),
				readAudits: async () => [],
				writeNote: async () => ({
					outcome: 'refused',
					description: refusalOfNote('other', said),
				}),
			},
			() => new Map([['note', { ticketId: '7', pieces: [{ key: 'note', html: 'Hi' }] }]]),
		);
		expect(noted.get('note')).toEqual({
			outcome: 'failed',
			message: expect.stringMatching(words),
		});
	});
});
