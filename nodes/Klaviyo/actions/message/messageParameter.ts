/** Reading the parameters of messages. */
import type { IExecuteFunctions } from 'n8n-workflow';
import { itemParameter } from '../../../shared/parameters';

/** A parameter as text, or null when it was left empty or its expression found nothing. */
export function messageParameter(
	context: IExecuteFunctions,
	name: string,
	itemIndex: number,
): string | null {
	const value = itemParameter(context, name, itemIndex, '');
	return value === null || value === undefined || value === '' ? null : String(value);
}

/** For what is read before the items' turn: an item whose parameter cannot be read says so in its own. */
export function tryOr<T>(read: () => T, otherwise: T): T {
	try {
		return read();
	} catch {
		return otherwise;
	}
}
