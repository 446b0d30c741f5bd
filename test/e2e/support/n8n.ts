/** A real n8n for a test file. */
import { N8nInstance, type InstanceOptions } from '../../../scripts/n8n/instance';

/** Installing n8n, the first time on a machine. */
const INSTALL_LIMIT = 20 * 60_000;
/** n8n lets running executions end for half a minute. */
const STOP_LIMIT = 60_000;

/**
 * Starts n8n before the file's tests and stops it after them.
 * @returns what gives the instance, inside a test or hook
 */
export function useN8n(options: InstanceOptions = {}): () => N8nInstance {
	let n8n: N8nInstance | undefined;
	beforeAll(async () => {
		n8n = await N8nInstance.start(options);
	}, INSTALL_LIMIT);
	afterAll(async () => {
		await n8n?.dispose();
	}, STOP_LIMIT);
	return () => {
		if (!n8n) throw new Error('n8n runs from the first beforeAll on: ask for it in a test or hook');
		return n8n;
	};
}
