/** The ticket that a message opens, as the options define it. */
import type { IDataObject } from 'n8n-workflow';
import { type Channel, channelNames, conversationChannelOf } from '../../../../domain/channel';
import { plainLine } from '../../../../domain/plainLine';
import { idIn, type Locatable, valueIn } from '../../../shared/locator';
import { toPlainString } from '../../../shared/parameters';
import { brandLocator, fieldLocator, formLocator, groupLocator } from '../locators';
import type { NewTicket } from '../../api/ticketStore';

export interface MessageOptions {
	attachMedia?: boolean;
	brandId?: unknown;
	customFields?: { field?: Array<{ fieldId?: unknown; value?: unknown }> };
	followUp?: boolean;
	formId?: unknown;
	groupId?: unknown;
	priority?: string;
	scope?: string;
	subject?: string;
	/** A list if an expression returned one. */
	tags?: string | string[];
	trustEmail?: boolean;
	type?: string;
	warnOnOptOut?: boolean;
}

/** Characters. */
const MAX_SUBJECT_LENGTH = 255;
const MAX_LINE_LENGTH = 10_000;

/** Characters that tags cannot have. A template in a customer's words is broken up by it. */
const NOT_IN_TAGS = /[\p{Cc}\p{Cs}{}%"'<>\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** An option's value is not a valid id. */
export class InvalidId extends Error {
	/** @param option as the panel shows it */
	constructor(
		readonly option: string,
		readonly given: string,
	) {
		super(`'${option}' is not a valid ID`);
	}
}

/** @throws InvalidId if it is set to anything but a whole number, or the address of a page that has one */
function idOf(option: string, what: Locatable, chosen: unknown): number | undefined {
	const value = valueIn(chosen);
	const text = idIn(what, toPlainString(value));
	if (!isSet(value) || (typeof value === 'string' && text === '')) return undefined;
	if (!/^\d{1,15}$/.test(text)) throw new InvalidId(option, text);
	return Number(text);
}

/** A customer's words may be mapped to a field, so each line is sanitized. */
const plainValue = (value: unknown): unknown => {
	if (Array.isArray(value)) return value.map(plainValue);
	if (typeof value !== 'string') return value;
	return value
		.split(/\r\n?|\n/)
		.map((line) => plainLine(line, MAX_LINE_LENGTH))
		.join('\n');
};

const isSet = (value: unknown): boolean => value !== undefined && value !== null && value !== '';

/**
 * Always the same for the same message: Zendesk compares it with the first request that had its idempotency key.
 *
 * @throws InvalidId
 */
export function newTicketOf(
	options: MessageOptions,
	{ name, phone, channel }: { name: string | null; phone: string; channel: Channel },
): NewTicket {
	const [brandId, formId, groupId] = [
		idOf('Brand', brandLocator, options.brandId),
		idOf('Form', formLocator, options.formId),
		idOf('Group', groupLocator, options.groupId),
	];
	const customFields = (options.customFields?.field ?? []).flatMap(({ fieldId, value }) => {
		const id = idOf('Field', fieldLocator, fieldId);
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
	// By the conversation's tag views and automations know it.
	const tags = [conversationChannelOf(channel), options.tags ?? '']
		.flat()
		.map((tag) => toPlainString(tag).replace(NOT_IN_TAGS, ' '))
		.join(' ')
		.split(/[,\s]+/)
		.filter(Boolean);
	const customer = name ? `${name} (${phone})` : phone;
	const subject =
		plainLine(toPlainString(options.subject), MAX_SUBJECT_LENGTH) ||
		`${channelNames[channel]} from ${customer}`;
	return { subject, tags: [...new Set(tags)], fields, followsUp: options.followUp ?? false };
}
