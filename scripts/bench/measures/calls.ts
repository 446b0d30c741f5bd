/** How many calls to the vendors each thing costs, one at a time. */
import { newCustomer } from '../customers';
import { executionsEnded } from '../executions';
import { type Figures, type Measure, type Scene, messagesWorkflow } from '../scene';
import type { Side } from '../stage';

type Builder = 'ours' | 'alternative';

const TIMES = 3;

async function cost({ traffic }: Scene, name: string, once: () => Promise<void>): Promise<Figures> {
	traffic.reset();
	for (let time = 0; time < TIMES; time++) await once();
	const { zendesk, klaviyo } = traffic.counts;
	return { [`${name}Zendesk`]: zendesk / TIMES, [`${name}Klaviyo`]: klaviyo / TIMES };
}

async function text(scene: Scene, side: Builder, isKnown: boolean): Promise<void> {
	const { mail, pool, n8n, sandbox, messagesUrl } = scene;
	const customers = isKnown ? await pool.take(1) : [newCustomer(sandbox)];
	const [letter] = await mail.write(customers, 1);
	if (!letter) throw new Error('There is no message');
	const { sentAt } = await mail.send(letter, messagesUrl[side]);
	await executionsEnded(n8n, messagesWorkflow(scene, side), sentAt - 1, 1);
}

/** Does something that makes Zendesk send a webhook, and waits for its workflow. */
async function byZendesk(
	scene: Scene,
	workflowId: string,
	act: (ticketId: string) => void,
): Promise<void> {
	const { sandbox, pool, n8n } = scene;
	const [customer] = await pool.take(1);
	if (!customer?.ticketId) throw new Error('There is no ticket');
	const began = Date.now();
	sandbox.switches.webhooks = true;
	act(customer.ticketId);
	await sandbox.deliveriesSettled();
	await executionsEnded(n8n, workflowId, began, 1);
	await sandbox.deliveriesSettled();
	sandbox.switches.webhooks = false;
}

async function run(scene: Scene, side: Side): Promise<Figures> {
	if (side === 'ceiling' || side === 'apart') return {};
	const { sandbox, workflows } = scene;
	const { zendesk } = sandbox;
	const { replies, metrics } = workflows[side];
	const known = await cost(scene, 'knownText', async () => await text(scene, side, true));
	const fresh = await cost(scene, 'newText', async () => await text(scene, side, false));
	await scene.listen(side);
	const reply = await cost(scene, 'reply', async () => {
		await byZendesk(scene, replies, (id) => zendesk.agentComments(id, `On its way (${id})`));
	});
	const solve = async () =>
		await byZendesk(scene, metrics, (id) => zendesk.agentUpdates(id, { status: 'solved' }));
	// Titles of ticket fields are remembered for ten minutes.
	await solve();
	const event = await cost(scene, 'ticketEvent', solve);
	return { ...known, ...fresh, ...reply, ...event };
}

export const calls: Measure = {
	name: 'calls',
	what: 'calls for a message, a reply, a ticket event',
	sides: ['ours', 'alternative'],
	run,
};
