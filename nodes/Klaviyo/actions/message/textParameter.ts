/** Reading the parameters of texts. */
import type { IExecuteFunctions } from 'n8n-workflow';

/** A parameter as text, or null when it was left empty or its expression found nothing. */
export function textParameter(
	context: IExecuteFunctions,
	name: string,
	itemIndex: number,
): string | null {
	const value = context.getNodeParameter(name, itemIndex, '') as unknown;
	return value === null || value === undefined || value === '' ? null : String(value);
}
