/** What catch-up costs of the vendors' limits for messages that are done, over a day. */
import type { INodeExecutionData } from 'n8n-workflow';
import { sizeOf } from '../support/size';
import { zendeskCredentials } from './support/desk';
import { type NodeClass, nodeOf, runChain } from './support/engine';
import { benches } from './support/klaviyoTrigger';
import * as here from './support/syncNodes';

const MESSAGES = sizeOf({ quick: 100, all: 300 });
const EVERY = 10;
/** Of the customers, one after the other. */
const WAYS = ['whatsapp', 'sms', 'rcs', 'sms'] as const;

describe(`A day of catch-up for ${MESSAGES} messages that are done`, () => {
	const { bench, pass } = benches({ switches: { whatsAppFromStart: true } });

	it.each(['in one process', 'in queue mode'])('asks Zendesk nothing: %s', async (mode) => {
		let worker: Record<'KlaviyoTrigger' | 'ZendeskSync', NodeClass> = here;
		// A process of its own has a memory of its own.
		if (mode === 'in queue mode')
			jest.isolateModules(() => {
				worker = jest.requireActual<typeof here>('./support/syncNodes');
			});
		const { sandbox, klaviyo } = bench();
		const parameters = { deliverEachEvent: 'untilDone' };
		const create = {
			type: worker.ZendeskSync,
			name: 'Create',
			credentials: zendeskCredentials(sandbox),
			parameters: {
				authentication: 'apiToken',
				resource: 'ticket',
				operation: 'createOrReopen',
			},
		};
		const trigger = await bench().publish(parameters, {
			workflowId: 'workflow',
			around: {
				placed: [{ node: nodeOf(create.type, create), type: create.type }],
				connections: {
					KlaviyoTrigger: { main: [[{ node: 'Create', type: 'main' as const, index: 0 }]] },
				},
			},
		});
		await trigger.poll();
		const run = async (items: INodeExecutionData[]) =>
			await runChain(
				[{ type: worker.KlaviyoTrigger, credentials: bench().credentials(), parameters }, create],
				items,
				'webhook',
			);
		klaviyo.customersMessage(
			Array.from({ length: MESSAGES }, (_, n) => ({
				from: `+1212555${String(n).padStart(4, '0')}`,
				body: `Hello ${n}`,
				channel: WAYS[n % WAYS.length],
			})),
		);
		await sandbox.deliveriesSettled();
		await trigger.settled();
		const delivered = trigger.executions.flat();
		expect((await run(delivered)).Create?.json).toHaveLength(MESSAGES);
		const before = sandbox.calls().length;
		let executions = 0;
		for (let minute = 0; minute < 24 * 60; minute += EVERY) {
			pass(EVERY);
			const items = await trigger.poll();
			if (items.length === 0) continue;
			executions += 1;
			expect((await run(items)).KlaviyoTrigger?.items).toEqual([]);
		}
		const calls = sandbox.calls().slice(before);
		const toKlaviyo = calls.filter(({ path }) => path.startsWith('/api/events')).length;
		const toZendesk = calls.filter(({ path }) => path.startsWith('/api/v2')).length;
		process.stdout.write(
			`| ${mode} | ${MESSAGES} messages | ${24 * (60 / EVERY)} polls | ${toKlaviyo} calls to Klaviyo | ${toZendesk} to Zendesk | ${executions} executions |\n`,
		);
		expect(toZendesk).toBe(0);
		expect(sandbox.zendesk.tickets()).toHaveLength(MESSAGES);
	});
});
