/** Lists whose pages lead back to themselves: each is read once, and the reading ends. */
import { z } from 'zod';
import { inboundMessages } from '../../nodes/Klaviyo/actions/account/smsCapabilities';
import { readAll } from '../../nodes/Klaviyo/api/client';
import { Probes } from '../../nodes/Klaviyo/api/probes';
import { pageTrail } from '../../nodes/shared/pageTrail';
import { readPages } from '../../nodes/ZendeskSync/api/client';
import { readTicketHistory } from '../../nodes/ZendeskSync/api/ticketHistory';
import { groupPage } from '../../nodes/ZendeskSync/api/wire';
import { klaviyoThat, zendeskThat } from '../recorded/vendors';

const answer = (body: unknown, status = 200) => ({ status, headers: {}, body });
const leadingTo = (next: string | null) =>
	answer({ groups: [{ id: 1, name: 'Support' }], meta: { has_more: true, after_cursor: next } });

describe('A cursor that leads', () => {
	it.each([
		['to itself', ['again', 'again', 'again'], 2],
		['back over another', ['a', 'b', 'a', 'b'], 3],
		['nowhere', [null, 'a'], 1],
	])('%s ends the reading of a list', async (_, cursors, pagesRead) => {
		let reads = 0;
		const zendesk = await zendeskThat(() => leadingTo(cursors[reads++ % cursors.length] ?? null));
		const { pages } = await readPages(zendesk, 'The groups', '/api/v2/groups', {}, groupPage);
		expect(pages).toHaveLength(pagesRead);
	});

	it('to itself ends the reading of tickets, by export and by list', async () => {
		const reads: string[] = [];
		const read = async (mayExport: boolean) => {
			const zendesk = await zendeskThat((path) => {
				reads.push(path);
				if (path.includes('incremental') && !mayExport) return answer({}, 403);
				return answer({
					tickets: [],
					after_cursor: 'again',
					end_of_stream: false,
					meta: { has_more: true, after_cursor: 'again' },
				});
			});
			return await readTicketHistory(zendesk, { since: 1, pageSize: 10, onPage: () => true });
		};
		expect(await read(true)).toBe('whole');
		expect(await read(false)).toBe('withoutArchived');
		expect(reads).toHaveLength(2 + 1 + 2);
	});

	it("to itself ends the reading of Klaviyo's lists", async () => {
		let reads = 0;
		const klaviyo = await klaviyoThat(() => {
			reads += 1;
			return answer({ data: [], links: { next: 'https://a.klaviyo.com/api/metrics?page=2' } });
		});
		await readAll(klaviyo, 'Metrics', z.unknown(), '/api/metrics', {});
		expect(reads).toBe(2);
		await inboundMessages.check(new Probes(klaviyo), { reEnableWebhooks: false } as never);
		expect(reads).toBe(4);
	});

	it('is followed once, in each reading of its own', () => {
		const follow = pageTrail();
		expect(['a', 'b', 'a', null, '', 'c'].map(follow)).toEqual([
			'a',
			'b',
			undefined,
			undefined,
			undefined,
			'c',
		]);
		expect(pageTrail()('a')).toBe('a');
	});
});
