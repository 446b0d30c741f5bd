import { type IPollFunctions, NodeApiError, NodeOperationError } from 'n8n-workflow';
import { faultsOf } from '../../nodes/shared/pollFault';
import { forgetProcess } from '../../nodes/shared/processMemory';

const node = {
	id: 'N',
	name: 'KlaviyoTrigger',
	type: 't',
	typeVersion: 1,
	position: [0, 0],
	parameters: {},
};
const warned: string[] = [];
const context = {
	getNode: () => node,
	getWorkflow: () => ({ id: 'W' }),
	logger: { warn: (message: string) => void warned.push(message) },
} as unknown as IPollFunctions;

const answered = (httpCode?: string) =>
	new NodeApiError(
		node as never,
		{},
		{ message: 'Events could not be read', ...(httpCode ? { httpCode } : {}) },
	);
const noMetric = new NodeOperationError(node as never, 'Klaviyo lists no metric');

describe('A poll that could read nothing', () => {
	beforeEach(() => {
		forgetProcess();
		warned.length = 0;
	});

	it.each([undefined, '401', '403', '404', '429', '500', '503'])(
		"does not fail if it is a process's first, which would leave the trigger off (status %s)",
		(status) => {
			expect(() => faultsOf(context)(answered(status))).not.toThrow();
			expect(warned).toEqual([expect.stringContaining('Events could not be read')]);
		},
	);

	it.each([
		[undefined, false],
		['429', false],
		['500', false],
		['503', false],
		['400', true],
		['401', true],
		['403', true],
		['404', true],
	])('fails later only for faults that are not transient (status %s)', (status, fails) => {
		faultsOf(context);
		const poll = () => faultsOf(context)(answered(status));
		if (fails) expect(poll).toThrow('Events could not be read');
		else expect(poll).not.toThrow();
	});

	it('fails later for a credential that cannot be read', () => {
		const unreadable = new Error('Credential with ID "1" does not exist');
		expect(() => faultsOf(context)(unreadable)).not.toThrow();
		expect(() => faultsOf(context)(unreadable)).toThrow();
	});

	it('fails later for what is not an answer at all', () => {
		expect(() => faultsOf(context)(noMetric)).not.toThrow();
		expect(() => faultsOf(context)(noMetric)).toThrow('Klaviyo lists no metric');
	});
});
