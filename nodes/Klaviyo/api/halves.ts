/** Asking for many at once, where one that Klaviyo does not like must not cost the others. */
import { type JsonObject, NodeApiError } from 'n8n-workflow';
import type { Klaviyo } from './client';

/**
 * Whether Klaviyo refuses a list for one value in it that it does not like is not documented: then it is halved.
 *
 * @param refused told of each value that Klaviyo will not have
 */
export async function askInHalves(
	klaviyo: Klaviyo,
	values: readonly string[],
	ask: (values: readonly string[]) => Promise<void>,
	refused: (value: string, why: NodeApiError) => void,
): Promise<void> {
	try {
		await ask(values);
	} catch (error) {
		const refusal = new NodeApiError(klaviyo.context.getNode(), error as JsonObject);
		if (refusal.httpCode !== '400') throw refusal;
		const [only, another] = values;
		if (only !== undefined && another === undefined) return refused(only, refusal);
		const half = Math.ceil(values.length / 2);
		await askInHalves(klaviyo, values.slice(0, half), ask, refused);
		await askInHalves(klaviyo, values.slice(half), ask, refused);
	}
}
