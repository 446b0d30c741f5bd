/** The whole scene for a test file: sandbox, real n8n, the templates published. */
import { setTimeout as pause } from 'node:timers/promises';
import { DEFAULT_WINDOW } from '../../../nodes/Klaviyo/trigger/webhookBatch';
import type { SandboxTicket } from '../../../sandbox/types';
import { setStage, type Stage, type StageOptions } from '../../../scripts/demo/stage';
import type { ExecutionSummary } from '../../../scripts/n8n/executions';

/** Installing n8n, the first time on a machine. */
const INSTALL_LIMIT = 20 * 60_000;
/** n8n lets running executions end for half a minute. */
const STOP_LIMIT = 180_000;

/** How long a test waits for one thing to become true, and how long it may last in all. */
export const RETRY_FOR_MS = 120_000;
/** Far more than any needs: CI runs several n8n, and a browser, on two cores. */
export const TEST_LIMIT = 600_000;

/**
 * Sets the stage before the file's tests and clears it after them.
 * @returns what gives the stage, inside a test or hook
 */
export function useStage(options: StageOptions = {}): () => Stage {
	let stage: Stage | undefined;
	beforeAll(async () => {
		stage = await setStage({ ...options, n8n: { editor: false, ...options.n8n } });
	}, INSTALL_LIMIT);
	afterAll(async () => {
		await stage?.close();
	}, STOP_LIMIT);
	return () => {
		if (!stage) throw new Error('The stage is set by the first beforeAll: ask for it in a test');
		return stage;
	};
}

/** Ids of the templates' workflows, by the number that their files begin with. */
export type Template =
	'00' | '01' | '01b' | '02' | '03' | '04' | '05' | '06' | '08' | '09' | '10' | '11' | '12';

/** The tickets of a customer's conversation, oldest first. */
export const ticketsOf = ({ sandbox }: Stage, phone: string): SandboxTicket[] =>
	sandbox.zendesk.tickets().filter(({ externalId }) => externalId === `klaviyo:sms:${phone}`);

/** What the customer's public comments say, over all tickets of the conversation, oldest first. */
export const addedMessages = (stage: Stage, phone: string): string[] =>
	ticketsOf(stage, phone).flatMap(({ comments, requesterId }) =>
		comments
			.filter((comment) => comment.public && comment.authorId === requesterId)
			.map(({ body }) => body),
	);

/** Internal notes on the conversation's tickets, oldest first. */
export const notesOf = (stage: Stage, phone: string): string[] =>
	ticketsOf(stage, phone).flatMap(({ comments }) =>
		comments.filter((comment) => !comment.public).map(({ body }) => body),
	);

/** Messages that came to a customer's phone, oldest first. */
export const receivedBy = ({ sandbox }: Stage, phone: string): string[] =>
	sandbox.klaviyo
		.phone(phone)
		.filter(({ direction }) => direction === 'out')
		.map(({ body }) => body);

/** A customer who can receive messages. */
export function addCustomer({ sandbox }: Stage, phone: string, email?: string): void {
	sandbox.klaviyo.addProfile({
		phone,
		...(email ? { email } : {}),
		smsMarketing: true,
		smsTransactional: true,
	});
}

/** How many executions webhooks have started. A poll may start one more at any time: n8n's first brings all that is not done. */
export async function executionCount(
	{ n8n, workflow }: Stage,
	template: Template,
): Promise<number> {
	return (await n8n.executions({ workflowId: workflow(template).id, mode: 'webhook' })).length;
}

/**
 * Does something, and resolves when webhooks have started `more` executions of the template's workflow than before, and
 * all have ended.
 * @returns those executions, newest first
 */
export async function afterExecutions(
	stage: Stage,
	template: Template,
	more: number,
	act: () => unknown,
): Promise<ExecutionSummary[]> {
	const { n8n, workflow } = stage;
	const workflowId = workflow(template).id;
	const before = await executionCount(stage, template);
	await act();
	const byWebhook = { workflowId, mode: 'webhook' };
	const all = await n8n.executionsEnded(before + more, byWebhook, RETRY_FOR_MS);
	await n8n.executionsEnded(0, { workflowId }, RETRY_FOR_MS);
	return all.slice(0, all.length - before);
}

/** From now on the next message starts an execution of its own, and does not wait for one to share. */
export const apart = async (): Promise<void> => await pause(DEFAULT_WINDOW);

/** Resolves when nothing is under way: no delivery, no execution. */
export async function quiet({ sandbox, n8n }: Stage): Promise<void> {
	for (;;) {
		const seen = sandbox.calls().length;
		await sandbox.deliveriesSettled();
		// A message whose webhook is answered may wait so long for an execution to share, and shows nowhere meanwhile.
		await apart();
		await n8n.executionsEnded(0, {}, RETRY_FOR_MS);
		if (sandbox.calls().length === seen) return;
	}
}

/** Why executions failed, if any. */
export async function failures({ n8n }: Stage): Promise<string[]> {
	const failed = await n8n.executions({ status: ['error', 'crashed', 'canceled'] });
	return await Promise.all(
		failed.map(async ({ id, workflowId, status }) => {
			const { error } = await n8n.execution(id);
			return `${status} in workflow ${workflowId}: ${error?.message ?? 'no message'}`;
		}),
	);
}
