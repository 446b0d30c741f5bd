/** What the options make of the tickets that a message opens. */
import type { IDataObject } from 'n8n-workflow';
import { plainLine } from '../../../../domain/plainLine';
import { toPlainString } from '../../../shared/parameters';
import type { NewTicket } from '../../api/ticketStore';

export interface MessageOptions {
	attachMedia?: boolean;
	brandId?: string;
	customFields?: { field?: Array<{ fieldId?: string; value?: unknown }> };
	followUp?: boolean;
	formId?: string;
	groupId?: string;
	priority?: string;
	scope?: string;
	subject?: string;
	/** A list where an expression gave one. */
	tags?: string | string[];
	trustEmail?: boolean;
	type?: string;
	warnOnOptOut?: boolean;
}

/** Characters. */
const LONGEST_SUBJECT = 255;
const LONGEST_LINE = 10_000;

/** What no tag has, so that a template in a customer's words is none. */
const NO_TAG = /[\p{Cc}\p{Cs}{}%"'<>\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** An option that is no id, by the option's name. */
export class NoId extends Error {
	constructor(
		readonly option: string,
		readonly given: string,
	) {
		super(`'${option}' is no ID`);
	}
}

/** @throws NoId when it is set and no whole number */
function idOf(option: string, value: unknown): number | undefined {
	const text = toPlainString(value).trim();
	if (!isSet(value) || (typeof value === 'string' && text === '')) return undefined;
	if (!/^\d{1,15}$/.test(text)) throw new NoId(option, text);
	return Number(text);
}

/** A customer's words may be mapped to a field: they stay words, line by line. */
const plainValue = (value: unknown): unknown => {
	if (Array.isArray(value)) return value.map(plainValue);
	if (typeof value !== 'string') return value;
	return value
		.split(/\r\n?|\n/)
		.map((line) => plainLine(line, LONGEST_LINE))
		.join('\n');
};

const isSet = (value: unknown): boolean => value !== undefined && value !== null && value !== '';

/**
 * The same for the same message, whenever it is asked for: Zendesk compares it under its idempotency key.
 *
 * @throws NoId
 */
export function newTicketOf(
	options: MessageOptions,
	name: string | null,
	phone: string,
): NewTicket {
	const [brandId, formId, groupId] = [
		idOf('Brand', options.brandId),
		idOf('Form', options.formId),
		idOf('Group', options.groupId),
	];
	const customFields = (options.customFields?.field ?? []).flatMap(({ fieldId, value }) => {
		const id = idOf('Field', fieldId);
		return id !== undefined && isSet(value) ? [{ id, value: plainValue(value) }] : [];
	});
	const { priority, type } = options;
	const fields: IDataObject = {
		...(brandId ? { brand_id: brandId } : {}),
		...(formId ? { ticket_form_id: formId } : {}),
		...(groupId ? { group_id: groupId } : {}),
		...(priority ? { priority } : {}),
		...(type ? { type } : {}),
		...(customFields.length > 0 ? { custom_fields: customFields as IDataObject[] } : {}),
	};
	const tags = [options.tags ?? 'sms']
		.flat()
		.map((tag) => toPlainString(tag).replace(NO_TAG, ' '))
		.join(' ')
		.split(/[,\s]+/)
		.filter(Boolean);
	const customer = name ? `${name} (${phone})` : phone;
	const subject =
		plainLine(toPlainString(options.subject), LONGEST_SUBJECT) || `SMS from ${customer}`;
	return { subject, tags, fields, followsUp: options.followUp ?? false };
}
