/** Fields for what *Ticket: Count Open* found, the same in each operation that writes it. */
import {
	type IDataObject,
	type IExecuteFunctions,
	type INodeProperties,
	NodeOperationError,
} from 'n8n-workflow';
import { trimmedParameter } from '../../shared/parameters';
import { LAST_TICKET_AT, LAST_TICKET_REASON, OPEN_TICKET_COUNT } from '../api/profiles';

export const openTicketCountField: INodeProperties = {
	displayName: 'Open Ticket Count',
	name: 'openTicketCount',
	type: 'string',
	default: "={{ $json.openTickets ?? '' }}",
	placeholder: 'e.g. 2',
	description: `How many open tickets the customer has, for the segment of 'Segment: Create Open-Ticket Segment'. Written to the property '${OPEN_TICKET_COUNT}'. Leave empty to keep the present value.`,
};

/** In a collection, such as *Options*. */
export const lastTicketFields: INodeProperties[] = [
	{
		displayName: LAST_TICKET_AT,
		name: 'lastTicketAt',
		type: 'string',
		default: '',
		description: `When the customer's newest ticket was created. Written to the property '${LAST_TICKET_AT}'. Leave empty to keep the present value.`,
	},
	{
		displayName: LAST_TICKET_REASON,
		name: 'lastTicketReason',
		type: 'string',
		default: '',
		description: `What it was about. Written to the property '${LAST_TICKET_REASON}'. Leave empty to keep the present value.`,
	},
];

/** Custom properties of the profile, by the field's name in the collection. */
export const lastTicketProperties: Record<string, string> = {
	lastTicketAt: LAST_TICKET_AT,
	lastTicketReason: LAST_TICKET_REASON,
};

/** What is filled in, under Klaviyo's names. */
export const filledIn = (
	fields: Readonly<Record<string, unknown>>,
	names: Readonly<Record<string, string>>,
): IDataObject =>
	Object.fromEntries(
		Object.entries(names).flatMap(([field, name]) =>
			fields[field] ? [[name, String(fields[field])]] : [],
		),
	);

/**
 * @returns the custom property with the count; none if the field is empty
 * @throws NodeOperationError if it is not a number of tickets
 */
export function openTicketCountAt(context: IExecuteFunctions, itemIndex: number): IDataObject {
	const written = trimmedParameter(context, openTicketCountField.name, itemIndex);
	if (written === '') return {};
	const count = Number(written);
	if (Number.isInteger(count) && count >= 0) return { [OPEN_TICKET_COUNT]: count };
	throw new NodeOperationError(
		context.getNode(),
		`'Open Ticket Count' is not a number of tickets: '${written}'`,
		{ itemIndex, description: 'Enter a whole number, 0 or more, or leave it empty.' },
	);
}
