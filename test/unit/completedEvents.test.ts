import type { IExecuteFunctions, IPollFunctions, NodeTypeAndVersion } from 'n8n-workflow';
import { forgetProcess } from '../../nodes/shared/processMemory';
import {
	completedBy,
	forgetAfter,
	markCompleted,
	notYetCompleted,
	rememberCompleted,
	takeCompleted,
} from '../../nodes/shared/completedEvents';

const node = (name: string, type: string, operation = '', more = {}): NodeTypeAndVersion => {
	const [resource, does] = operation.split('.');
	const parameters = { resource: resource ?? '', operation: does ?? '' };
	return { name, type, typeVersion: 1, disabled: false, parameters, ...more };
};
const ZENDESK = 'n8n-nodes-zendesk-klaviyo.zendeskSync';
const KLAVIYO = 'n8n-nodes-zendesk-klaviyo.klaviyo';
const screen = node('Screen', KLAVIYO, 'message.screen');
const file = node('File', ZENDESK, 'ticket.createOrReopen');
const sort = node('Sort', 'n8n-nodes-base.switch');

const running = (name: string, mode = 'webhook', id = 'w1'): IExecuteFunctions =>
	({
		getMode: () => mode,
		getNode: () => ({ name }),
		getWorkflow: () => ({ id }),
	}) as unknown as IExecuteFunctions;

const isLeft = (nodes: NodeTypeAndVersion[] | undefined, ...keys: string[]): boolean =>
	notYetCompleted({
		getNode: () => ({ name: 'Trigger' }),
		getWorkflow: () => ({ id: 'w1' }),
		...(nodes ? { getChildNodes: () => nodes } : {}),
	} as unknown as IPollFunctions)(...keys);

describe('What catch-up brings again', () => {
	beforeEach(forgetProcess);

	it('is what no node has completed', () => {
		const nodes = [screen, file, sort];
		expect(isLeft(nodes, 'message:1')).toBe(true);
		markCompleted(running('File'), 'message:1');
		expect(isLeft(nodes, 'message:1')).toBe(false);
		expect(isLeft(nodes, 'message:2', 'message:1')).toBe(false);
		expect(isLeft(nodes, 'message:2')).toBe(true);
		forgetProcess();
		expect(isLeft(nodes, 'message:1')).toBe(true);
	});

	it('is what one of several nodes has not completed', () => {
		const both = [file, node('File elsewhere', ZENDESK, 'ticket.createOrReopen')];
		markCompleted(running('File'), 'message:1');
		expect(isLeft(both, 'message:1')).toBe(true);
		markCompleted(running('File elsewhere'), 'message:1');
		expect(isLeft(both, 'message:1')).toBe(false);
	});

	it.each([
		['another vendor', [node('Tell', 'n8n-nodes-base.slack')]],
		['an operation that does not say when it is done', [node('Add', ZENDESK, 'ticket.addMessage')]],
		['a node that only bears the name of one of ours', [node('X', 'elsewhere.klaviyoTrigger')]],
		['a node that only bears the name of one of n8n', [node('X', 'elsewhere.switch')]],
	])('is everything if the workflow has a node of %s', (_, more) => {
		markCompleted(running('File'), 'message:1');
		markCompleted(running('Add'), 'message:1');
		expect(isLeft([file, ...more], 'message:1')).toBe(true);
	});

	it('is everything if none of our nodes acts, or if n8n does not list the nodes', () => {
		markCompleted(running('File'), 'message:1');
		expect(isLeft([sort], 'message:1')).toBe(true);
		expect(isLeft(undefined, 'message:1')).toBe(true);
	});

	it('is what was completed in another workflow, by hand, or by a node that is turned off now', () => {
		markCompleted(running('File', 'manual'), 'message:1');
		markCompleted(running('File', 'webhook', 'w2'), 'message:1');
		expect(isLeft([file], 'message:1')).toBe(true);
		markCompleted(running('File'), 'message:1');
		expect(
			isLeft([file, node('Tell', 'n8n-nodes-base.slack', '', { disabled: true })], 'message:1'),
		).toBe(false);
		expect(isLeft([{ ...file, disabled: true }], 'message:1')).toBe(true);
	});

	it('is nothing that was completed before the workflow was changed', () => {
		markCompleted(running('File'), 'message:1');
		const elsewhere = { ...file, credentials: { zendeskSyncApi: { id: '2', name: 'Other' } } };
		expect(isLeft([elsewhere], 'message:1')).toBe(false);
	});

	it('is a reply once its claim is no longer active', () => {
		const nodes = [
			node('Claim', ZENDESK, 'ticket.claimReply'),
			node('Send', KLAVIYO, 'message.sendReply'),
			node('Tell', ZENDESK, 'ticket.addInternalNote'),
		];
		markCompleted(running('Send'), 'reply:1', Date.now() + 60_000);
		markCompleted(running('Send'), 'reply:2', Date.now() - 1);
		expect(isLeft(nodes, 'reply:1')).toBe(false);
		expect(isLeft(nodes, 'reply:2')).toBe(true);
		// Without the node that sends, the others may have something of their own to do.
		expect(isLeft([...nodes.slice(0, 1), ...nodes.slice(2)], 'reply:1')).toBe(true);
	});

	it('is a ticket event that was written while lists could be behind', () => {
		const occurred = (age: number) => ({
			key: 'opened:1',
			occurredAt: new Date(Date.now() - age).toISOString(),
		});
		expect(completedBy(occurred(90_000))).toBeUndefined();
		expect(completedBy(occurred(121_000))).toBe('opened:1');
		expect(completedBy({ key: null, occurredAt: occurred(121_000).occurredAt })).toBeUndefined();
		expect(completedBy({ key: 'opened:1' })).toBeUndefined();
	});

	it("is what was completed for another account's ticket with the same id", () => {
		const nodes = [node('Track', KLAVIYO, 'event.trackTicket')];
		const occurredAt = new Date(Date.now() - 121_000).toISOString();
		const leftOf = (account: string): boolean =>
			notYetCompleted(
				{
					getNode: () => ({ name: 'Trigger' }),
					getWorkflow: () => ({ id: 'w1' }),
					getChildNodes: () => nodes,
				} as unknown as IPollFunctions,
				{ account },
			)('opened:5');
		const done = completedBy({ key: 'opened:5', occurredAt, account: 'acme.zendesk.com' });
		markCompleted(running('Track'), done ?? '');
		expect(leftOf('acme.zendesk.com')).toBe(false);
		expect(leftOf('acme-outlet.zendesk.com')).toBe(true);
	});

	it('is what was completed before 150,000 others', () => {
		for (let text = 0; text <= 150_000; text++) markCompleted(running('File'), `message:${text}`);
		expect(isLeft([file], 'message:0')).toBe(true);
		expect(isLeft([file], 'message:1')).toBe(false);
	});

	it('is nothing of the look-back, whose older events are forgotten', () => {
		const now = jest.spyOn(Date, 'now');
		const at = (hour: number): void => void now.mockReturnValue(hour * 3_600_000);
		try {
			at(100);
			forgetAfter(running('Trigger'), 24 * 3_600_000);
			// Another trigger of the workflow, which looks back longer or shorter.
			forgetAfter(running('Other trigger'), 3_600_000);
			markCompleted(running('File'), 'message:1');
			at(101);
			markCompleted(running('File'), 'message:2');
			at(124);
			markCompleted(running('File'), 'message:3');
			expect(isLeft([file], 'message:1')).toBe(false);
			at(124.5);
			markCompleted(running('File'), 'message:4');
			expect(isLeft([file], 'message:1')).toBe(true);
			expect(isLeft([file], 'message:2')).toBe(false);
		} finally {
			now.mockRestore();
		}
	});

	it('is told to other processes by operations, not by triggers, which nobody asks', () => {
		rememberCompleted(running('Trigger'), 'message:1');
		markCompleted(running('File'), 'message:1');
		expect(takeCompleted(running('Trigger'))).toEqual([]);
		expect(takeCompleted(running('File'))).toEqual(['message:1']);
		expect(takeCompleted(running('File'))).toEqual([]);
	});
});
