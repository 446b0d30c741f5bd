/** Reads the parameters of messages. */
import type { IExecuteFunctions } from 'n8n-workflow';
import { itemParameter } from '../../../shared/parameters';

/** A parameter as text; null if it is empty or its expression found nothing. */
export function messageParameter(
	context: IExecuteFunctions,
	name: string,
	itemIndex: number,
): string | null {
	const value = itemParameter(context, name, itemIndex, '');
	return value === null || value === undefined || value === '' ? null : String(value);
}

/** For parameters that are read before their item's turn: if one cannot be read, the item fails in its turn. */
export function tryOr<T>(read: () => T, otherwise: T): T {
	try {
		return read();
	} catch {
		return otherwise;
	}
}
