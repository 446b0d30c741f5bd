/** What Zendesk Sync Trigger lets through: filters, and which comments are agents' replies. */
import { LoadOptionsContext } from 'n8n-core';
import type { IDataObject } from 'n8n-workflow';
import { ZendeskSyncTrigger } from '../../nodes/ZendeskSync/ZendeskSyncTrigger.node';
import { ask, file, MINUTE, textOf } from './support/desk';
import { additionalDataOf, nodeOf, workflowOf } from './support/engine';
import { eventsOf, HandClock, TriggerStage } from './support/zendeskTrigger';

const [ACME, OUTLET] = ['360001000001', '360001000002'];

describe('Zendesk Sync Trigger lets through', () => {
	let stage: TriggerStage;

	beforeEach(async () => {
		stage = await TriggerStage.start();
	});
	afterEach(async () => await stage.close());

	/** What webhook, export and histories bring of what `act` does, by these options. */
	async function seenThreeWays(options: IDataObject, act: () => void | Promise<void>) {
		const clock = new HandClock(stage);
		const parameters = { options } as never;
		const published = await stage.publish({ parameters });
		await act();
		await stage.sandbox.deliveriesSettled();
		const exported = await clock.poll(await stage.prepare({ parameters, id: 'e' }), 10 * MINUTE);
		stage.sandbox.switches.incrementalExportAllowed = false;
		published.restart();
		const read = await clock.poll(await stage.prepare({ parameters, id: 'h' }), 0);
		const brief = (events: IDataObject[]) =>
			events.map(({ event, ticketId }) => `${String(event)} ${String(ticketId)}`).sort();
		expect(brief(exported)).toEqual(brief(eventsOf(published)));
		expect(brief(read)).toEqual(brief(eventsOf(published)));
		return brief(read);
	}

	it.each<[string, string, string[]]>([
		['of one scope', 'outlet', ['outlet']],
		['without a scope', '-', ['']],
		['of all', '', ['', 'outlet', 'shop']],
	])('conversations %s', async (_what, scope, wanted) => {
		const { zendesk } = stage.sandbox;
		const requesterId = stage.customer();
		const ids = new Map<string, string>();
		const seen = await seenThreeWays({ scope }, () => {
			for (const own of ['', 'outlet', 'shop']) {
				const externalId = `klaviyo:sms:+12125550199${own ? `:${own}` : ''}`;
				const made = { subject: 'Hello', body: 'Hi', requesterId, externalId };
				const { id } = zendesk.agentCreates({ ...made, public: false, channel: 'api' });
				zendesk.agentComments(id, 'It ships today.');
				ids.set(own, id);
			}
		});
		const expected = wanted.flatMap((own) =>
			['agentReplied', 'opened'].map((event) => `${event} ${ids.get(own)}`),
		);
		expect(seen).toEqual(expected.sort());
	});

	describe('by its filters', () => {
		/** A conversation at Acme, an email at the outlet, a call by API with a tag. */
		const three = (): [string, string, string] => {
			const { zendesk } = stage.sandbox;
			const requesterId = stage.customer();
			const made = { subject: 'Hello', body: 'Hi', requesterId };
			return [
				stage.conversation(requesterId, { tags: ['sms', 'vip'] }).id,
				zendesk.agentCreates({ ...made, brandId: OUTLET, channel: 'email' }).id,
				zendesk.agentCreates({ ...made, tags: ['returns'], channel: 'api' }).id,
			];
		};
		type Which = Array<'sms' | 'email' | 'api'>;

		it.each<[string, IDataObject, Which]>([
			['no filter', {}, ['sms', 'email', 'api']],
			['one brand', { brands: [OUTLET] }, ['email']],
			['two brands', { brands: [OUTLET, ACME] }, ['sms', 'email', 'api']],
			['any of the tags', { tags: ['VIP', 'returns'] }, ['sms', 'api']],
			['tags that an expression gave as text', { tags: 'returns, other' }, ['api']],
			['a tag left out', { leaveOutTags: ['VIP'] }, ['email', 'api']],
			['several left out, as text', { leaveOutTags: 'vip, returns' }, ['email']],
			[
				'one tag of a ticket wanted, another left out',
				{ tags: ['sms'], leaveOutTags: ['vip'] },
				[],
			],
			['SMS conversations', { channels: ['sms'] }, ['sms']],
			[
				'email and API, which webhooks call otherwise',
				{ channels: ['email', 'api'] },
				['email', 'api'],
			],
			['brand and tag together', { brands: [ACME], tags: ['returns', 'x'] }, ['api']],
			['what nothing matches', { channels: ['chat'], brands: [ACME] }, []],
		])('with %s, alike by webhook and by both ways of catch-up', async (_, options, which) => {
			let ids: Record<string, string> = {};
			const seen = await seenThreeWays(options, () => {
				const [sms, email, api] = three();
				ids = { sms, email, api };
			});
			const opened = seen.filter((one) => one.startsWith('opened'));
			expect(opened).toEqual(which.map((name) => `opened ${ids[name]}`).sort());
		});

		it('as the ticket was by webhook, and as it is by catch-up: a tag that came later, or has gone', async () => {
			const parameters = { options: { tags: ['vip'] } } as never;
			const published = await stage.publish({ parameters });
			const requesterId = stage.customer();
			const { id: late } = stage.conversation(requesterId, { tags: ['sms'] });
			const { id: lost } = stage.conversation(requesterId, { tags: ['sms', 'vip'] });
			await stage.sandbox.deliveriesSettled();
			const opened = (events: IDataObject[]) =>
				events.filter(({ event }) => event === 'opened').map(({ ticketId }) => ticketId);
			expect(opened(eventsOf(published))).toEqual([lost]);
			const { zendesk } = stage.sandbox;
			zendesk.agentUpdates(late, { tags: ['sms', 'vip'] });
			zendesk.agentUpdates(lost, { tags: ['sms'] });
			const polled = await stage.prepare({ parameters, id: 'e' });
			const clock = new HandClock(stage);
			expect(opened(await clock.poll(polled, 10 * MINUTE))).toEqual([late]);
		});

		it('with channels chosen, replies on them too, although they are not SMS conversations', async () => {
			let id = '';
			const seen = await seenThreeWays({ channels: ['email'] }, () => {
				[, id] = three();
				stage.sandbox.zendesk.agentComments(id, 'Hello');
			});
			expect(seen).toContain(`agentReplied ${id}`);
		});

		it("lists the account's brands and tags to choose from", async () => {
			stage.conversation(undefined, { tags: ['vip', 'sms'] });
			const { credentials, parameters } = stage.setupOf();
			const node = nodeOf(ZendeskSyncTrigger, { credentials, parameters });
			const workflow = workflowOf([{ node, type: ZendeskSyncTrigger }], {});
			const data = additionalDataOf('workflow', 'manual', credentials ?? {});
			const context = new LoadOptionsContext(workflow, node, data, 'parameters.options');
			const { getBrands, getTags } = new ZendeskSyncTrigger().methods.loadOptions;
			expect(await getBrands.call(context)).toEqual([
				{ name: 'Acme', value: ACME },
				{ name: 'Acme Outlet', value: OUTLET },
			]);
			expect(await getTags.call(context)).toEqual([
				{ name: 'sms', value: 'sms' },
				{ name: 'vip', value: 'vip' },
			]);
		});

		it('says which filter holds back what there is to show', async () => {
			const clock = new HandClock(stage);
			const trigger = await stage.prepare({
				parameters: { events: ['opened'], options: { brands: [OUTLET], tags: ['vip'] } },
			});
			await expect(trigger.poll('manual')).rejects.toMatchObject({
				message: 'There is no ticket event to show yet',
				description: expect.stringContaining('No event of this kind occurred'),
			});
			stage.conversation();
			clock.pass(2 * MINUTE);
			await expect(trigger.poll('manual')).rejects.toMatchObject({
				message: 'There is no ticket event to show yet',
				description: expect.stringContaining(
					"1 such event occurred in the last 24 hours, but none passes the filters: 'Brand Names or IDs', 'Tag Names or IDs'",
				),
			});
		});
	});

	it.each([true, false])(
		'what passes the filters when it is tested with the test button (export allowed: %s)',
		async (incrementalExportAllowed) => {
			Object.assign(stage.sandbox.switches, { incrementalExportAllowed });
			const requesterId = stage.customer();
			const { id } = stage.conversation(requesterId, { brandId: OUTLET, tags: ['vip'] });
			stage.conversation(requesterId);
			await stage.sandbox.clock.advance(2 * MINUTE);
			const shown = new Promise<IDataObject[]>((resolve) => {
				void stage.publish({
					isTest: true,
					onItems: (items) => resolve(items.map(({ json }) => json)),
					parameters: { events: ['opened'], options: { brands: [OUTLET], tags: ['vip'] } },
				});
			});
			expect(await shown).toMatchObject([{ key: `opened:${id}`, brandId: OUTLET }]);
		},
	);

	describe("as an agent's reply", () => {
		it.each([
			[true, undefined],
			[false, undefined],
			[true, 'Both are about the same parcel.'],
		])('no notice of a merge (marked %s, words %j)', async (mergeMarked, words) => {
			stage.sandbox.switches.mergeMarked = mergeMarked;
			const { zendesk } = stage.sandbox;
			const clock = new HandClock(stage);
			const trigger = await stage.publish({ parameters: { events: ['agentReplied'] } });
			const requesterId = stage.customer();
			const [source, target] = [stage.conversation(requesterId), stage.conversation(requesterId)];
			zendesk.merge(source.id, target.id, { public: true, ...(words ? { words } : {}) });
			await stage.sandbox.deliveriesSettled();
			// An agent's own words look like a reply to a webhook; Claim Reply finds the merge in the history.
			expect(eventsOf(trigger)).toHaveLength(words ? 2 : 0);
			expect(await clock.poll(trigger, 10 * MINUTE)).toEqual([]);
			stage.sandbox.switches.incrementalExportAllowed = false;
			trigger.restart();
			expect(await clock.poll(trigger, 0)).toEqual([]);
		});

		it('no message that this package added, no note, no claim', async () => {
			const seen = await seenThreeWays({}, async () => {
				await file(stage.sandbox, [textOf(stage.sandbox)]);
				const [{ id } = { id: '' }] = stage.sandbox.zendesk.tickets();
				await ask(stage.sandbox, 'PUT', `/api/v2/tickets/${id}`, {
					ticket: {
						comment: { html_body: 'Texting', public: false },
						metadata: { claim: 'reply:1' },
					},
				});
			});
			expect(seen.filter((one) => one.startsWith('agentReplied'))).toEqual([]);
		});

		it('no public comment by staff with the marker of this package, where the history can be seen', async () => {
			const clock = new HandClock(stage);
			const trigger = await stage.prepare({ parameters: { events: ['agentReplied'] } });
			const { id } = stage.conversation();
			await ask(stage.sandbox, 'PUT', `/api/v2/tickets/${id}`, {
				ticket: { comment: { html_body: 'Ours', public: true }, metadata: { key: 'message:1' } },
			});
			expect(await clock.poll(trigger, 10 * MINUTE)).toEqual([]);
			stage.sandbox.switches.incrementalExportAllowed = false;
			trigger.restart();
			expect(await clock.poll(trigger, 0)).toEqual([]);
		});

		it('no comment of an end user in the portal, although someone else is the requester', async () => {
			const { zendesk } = stage.sandbox;
			const friend = zendesk.addUser({ name: 'Friend', email: 'friend@example.com' });
			const seen = await seenThreeWays({}, () => {
				zendesk.agentComments(stage.conversation().id, 'Me too', { agentId: friend.id });
			});
			expect(seen.filter((one) => one.startsWith('agentReplied'))).toEqual([]);
		});

		it("no message in Zendesk's own messaging", async () => {
			const { zendesk } = stage.sandbox;
			const seen = await seenThreeWays({ repliesOnOtherTickets: true }, () => {
				const made = { subject: 'Chat', body: 'Hi', requesterId: stage.customer() };
				const chat = zendesk.agentCreates({ ...made, channel: 'native_messaging' });
				zendesk.agentComments(chat.id, 'Hello');
				zendesk.agentComments(zendesk.agentCreates({ ...made, public: false }).id, 'Hello');
			});
			expect(seen.filter((one) => one.startsWith('agentReplied'))).toHaveLength(1);
		});

		it('every administrator and agent, not only the first one', async () => {
			const { zendesk } = stage.sandbox;
			const admin = zendesk.addUser({ name: 'Ada', role: 'admin', email: 'ada@acme.example' });
			const seen = await seenThreeWays({}, () => {
				const { id } = stage.conversation();
				zendesk.agentComments(id, 'One', { agentId: admin.id });
				zendesk.agentComments(id, 'Two');
			});
			expect(seen.filter((one) => one.startsWith('agentReplied'))).toHaveLength(2);
		});
	});
});
