/** Ticket: Create or Reopen From Text. */
import type { INodeProperties } from 'n8n-workflow';
import type { Operation } from '../../../shared/operation';
import { customerNumberField, openingFields, textFields } from './textFields';
import { openingOptions, optionsField } from './textOptions';

const properties: INodeProperties[] = [
	customerNumberField,
	...textFields,
	...openingFields,
	{
		displayName: 'Pass Over Screened Out',
		name: 'passOverScreenedOut',
		type: 'boolean',
		default: true,
		description:
			'Whether to leave out texts that Klaviyo: Message: Screen found not to open a ticket. They come out with the outcome "skipped".',
	},
	optionsField(openingOptions),
];

export const createOrReopen: Operation = {
	properties,
	load: async () => await import('./createOrReopen.execute'),
};
