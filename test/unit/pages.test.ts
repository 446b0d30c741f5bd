/** Lists whose pages lead back to themselves, or nowhere: they are not followed for ever, and not taken for whole. */
import { z } from 'zod';
import { inboundMessages } from '../../nodes/Klaviyo/actions/account/messageCapabilities';
import { readAll } from '../../nodes/Klaviyo/api/client';
import { Probes } from '../../nodes/shared/setupProbes';
import { pageTrail } from '../../nodes/shared/pageTrail';
import { readPages } from '../../nodes/ZendeskSync/api/client';
import { readExportPage } from '../../nodes/ZendeskSync/api/ticketExport';
import { readTicketHistory } from '../../nodes/ZendeskSync/api/ticketHistory';
import { changedPage } from '../../nodes/ZendeskSync/api/ticketLists';
import { groupPage } from '../../nodes/ZendeskSync/api/wire';
import { klaviyoThat, zendeskThat } from '../recorded/vendors';

const answer = (body: unknown, status = 200) => ({ status, headers: {}, body });
const leadingTo = (next: string | null) =>
	answer({ groups: [{ id: 1, name: 'Support' }], meta: { has_more: true, after_cursor: next } });
const ENDLESS = 'the list does not end';

describe('A cursor that leads', () => {
	it.each([
		['to itself', ['again', 'again', 'again'], 2],
		['back over another', ['a', 'b', 'a', 'b'], 3],
		['nowhere', [null, 'a'], 1],
	])('%s fails the reading of a list', async (_, cursors, pagesRead) => {
		let reads = 0;
		const zendesk = await zendeskThat(() => leadingTo(cursors[reads++ % cursors.length] ?? null));
		const reading = readPages(zendesk, 'The groups', '/api/v2/groups', {}, groupPage);
		await expect(reading).rejects.toThrow(ENDLESS);
		expect(reads).toBe(pagesRead);
	});

	it.each(['again', null])(
		'to %s fails the reading of tickets, by export and by list',
		async (next) => {
			const read = async (mayExport: boolean): Promise<number> => {
				let reads = 0;
				const zendesk = await zendeskThat((path) => {
					reads += 1;
					if (path.includes('incremental') && !mayExport) return answer({}, 403);
					return answer({
						tickets: [],
						after_cursor: next,
						end_of_stream: false,
						meta: { has_more: true, after_cursor: next },
					});
				});
				const reading = readTicketHistory(zendesk, { since: 1, pageSize: 10, onPage: () => true });
				await expect(reading).rejects.toThrow(ENDLESS);
				return reads;
			};
			const pages = next === null ? 1 : 2;
			expect(await read(true)).toBe(pages);
			expect(await read(false)).toBe(1 + pages);
		},
	);

	it('nowhere fails a page of catch-up, by export and by list', async () => {
		const more = { end_of_stream: false, meta: { has_more: true } };
		const zendesk = await zendeskThat(() => answer({ ticket_events: [], tickets: [], ...more }));
		for (const source of ['events', 'deletions'] as const)
			await expect(readExportPage(zendesk, source, 1, 0)).rejects.toThrow(ENDLESS);
		await expect(changedPage(zendesk, undefined, 0)).rejects.toThrow(ENDLESS);
	});

	it("to itself fails the reading of Klaviyo's lists", async () => {
		let reads = 0;
		const klaviyo = await klaviyoThat(() => {
			reads += 1;
			return answer({ data: [], links: { next: 'https://a.klaviyo.com/api/metrics?page=2' } });
		});
		const reading = readAll(klaviyo, 'Metrics', z.unknown(), '/api/metrics', {});
		await expect(reading).rejects.toThrow(ENDLESS);
		expect(reads).toBe(2);
		const check = inboundMessages.find(new Probes(klaviyo), {
			reEnableWebhooks: false,
			unusedFeatures: [],
		});
		await expect(check).rejects.toThrow(ENDLESS);
		expect(reads).toBe(4);
	});

	it('is followed once, in each reading of its own', async () => {
		const zendesk = await zendeskThat(() => answer({}));
		const follow = pageTrail('Tickets', zendesk);
		expect([follow('a'), follow('b'), follow(null), follow(''), follow('c', false)]).toEqual([
			...['a', 'b'],
			...[undefined, undefined, undefined],
		]);
		expect(() => follow('a')).toThrow(`Tickets: ${ENDLESS}`);
		expect(() => follow(null, true)).toThrow(ENDLESS);
		expect(pageTrail('Tickets', zendesk)('a')).toBe('a');
	});
});
