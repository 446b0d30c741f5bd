/** Profile: Create or Update. */
import type { INodeProperties } from 'n8n-workflow';
import type { Operation } from '../../../shared/operation';
import { OPEN_TICKET_COUNT } from '../../api/openTicketCount';
import { profileFields } from '../profileFields';
import { propertyFields } from '../propertyFields';

const attributeField = (
	displayName: string,
	name: string,
	description: string,
): INodeProperties => ({
	displayName,
	name,
	type: 'string',
	default: '',
	description,
});

const properties: INodeProperties[] = [
	...profileFields,
	{
		displayName: 'Open Ticket Count',
		name: 'openTicketCount',
		type: 'string',
		default: '={{ $json.openTickets }}',
		placeholder: 'e.g. 2',
		description: `How many open tickets the customer has, for the segment of 'Segment: Create Open-Ticket Segment'. Written as the property '${OPEN_TICKET_COUNT}'; left as it is when empty.`,
	},
	{
		displayName: 'Also Known As',
		name: 'alsoKnownAs',
		type: 'string',
		default: '={{ $json.alsoKnownAs }}',
		placeholder: 'e.g. name@email.com, +12125550123',
		description:
			"Other email addresses and phone numbers of the customer, separated by commas. Profiles that have one of them get the same 'Open Ticket Count'. None is created.",
	},
	...propertyFields('Custom Properties', 'Properties of your own'),
	{
		displayName: 'Simplify',
		name: 'simplify',
		type: 'boolean',
		default: true,
		description: 'Whether to return a simplified version of the response instead of the raw data',
	},
	{
		displayName: 'Additional Fields',
		name: 'additionalFields',
		type: 'collection',
		placeholder: 'Add Field',
		default: {},
		options: [
			attributeField('First Name', 'firstName', "The customer's first name"),
			attributeField('Last Name', 'lastName', "The customer's last name"),
			attributeField('Organization', 'organization', 'Where the customer works'),
			attributeField('Title', 'title', 'What the customer works as'),
		],
	},
];

export const upsertOperation: Operation = {
	properties,
	load: async () => await import('./upsert.execute'),
};
