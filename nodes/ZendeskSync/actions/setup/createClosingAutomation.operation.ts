/** Setup: Create Closing Automation. */
import type { INodeProperties } from 'n8n-workflow';
import { LONGEST_HOURS } from '../../../../domain/closing';
import type { Operation } from '../../../shared/operation';
import { tagField } from './tag';

const properties: INodeProperties[] = [
	{
		displayName: 'Title',
		name: 'title',
		type: 'string',
		required: true,
		default: 'Close SMS conversations after they are solved',
		description: 'What the automation is called in Admin Center',
	},
	tagField,
	{
		displayName: 'Hours After Solved',
		name: 'hours',
		type: 'number',
		typeOptions: { minValue: 2, maxValue: LONGEST_HOURS, numberPrecision: 0 },
		default: 24,
		description:
			"How long a solved conversation can be reopened by the customer's next message. After that, the next message opens a new ticket.",
	},
];

export const createClosingAutomation: Operation = {
	properties,
	load: async () => await import('./createClosingAutomation.execute'),
};
