/**
 * Segment: Create Open-Ticket Segment.
 *
 * Finds or creates the segment of people with open tickets.
 */

import {
	type IDataObject,
	type IExecuteFunctions,
	type INodeProperties,
	NodeOperationError,
} from 'n8n-workflow';
import type { Execute, Operation } from '../../../shared/operation';
import { creationAt } from '../../../shared/tries';
import { eachItem } from '../../../shared/items';
import { idIn, isLocatorValue, locatorField } from '../../../shared/locator';
import { trimmedParameter } from '../../../shared/parameters';
import { type Klaviyo, klaviyoOf } from '../../api/client';
import { trackedMetricIds } from '../../api/metrics';
import { createSegment, type OpenTicketRule, segmentName, segmentNamed } from '../../api/segments';
import { segmentLocator } from '../locators';

const properties: INodeProperties[] = [
	locatorField(segmentLocator, {
		displayName: 'Segment',
		name: 'segmentName',
		required: true,
		byDefault: 'Open Support Ticket',
		description:
			'The segment. By name, it is created if there is none with this name. A segment that exists is not changed, and its ID is returned.',
	}),
	{
		displayName: 'Find Open Tickets By',
		name: 'knownBy',
		type: 'options',
		options: [
			{
				name: 'Metrics',
				value: 'metrics',
				description:
					'People who had a ticket opened but none ended in the last days. Needs Event: Track Ticket in a workflow. Less accurate for customers with several or old tickets.',
			},
			{
				name: 'Open Ticket Count (Profile Property)',
				value: 'property',
				description:
					"People whose property 'Open Ticket Count' is above 0. Needs Ticket: Count Open of Zendesk Sync and Profile: Create or Update in a workflow.",
			},
		],
		default: 'property',
		description: 'How Klaviyo finds out who has open tickets',
	},
	{
		displayName: 'Ticket Counts as Ended When',
		name: 'endMetric',
		type: 'options',
		options: [
			{ name: 'Closed', value: 'Resolved Ticket' },
			{ name: 'Solved', value: 'Solved Ticket' },
		],
		default: 'Solved Ticket',
		displayOptions: { show: { knownBy: ['metrics'] } },
		description:
			'Which status ends a ticket. Zendesk closes tickets some time after they are solved.',
	},
	{
		displayName: 'Days',
		name: 'days',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: 30,
		displayOptions: { show: { knownBy: ['metrics'] } },
		description: 'How many days back Klaviyo looks for tickets',
	},
];

const OPENED = 'Opened Ticket';

/** @throws NodeOperationError if nothing has been tracked yet with a metric that is needed */
async function ruleAt(
	context: IExecuteFunctions,
	klaviyo: Klaviyo,
	itemIndex: number,
): Promise<OpenTicketRule> {
	if (context.getNodeParameter('knownBy', itemIndex, 'property') === 'property')
		return { kind: 'property' };
	const ended = String(context.getNodeParameter('endMetric', itemIndex, 'Solved Ticket'));
	const days = Number(context.getNodeParameter('days', itemIndex, 30));
	const ids = await trackedMetricIds(klaviyo, new Set([OPENED, ended]));
	const [openedId, endedId] = [OPENED, ended].map((name) => ids.get(name)?.[0]);
	if (openedId && endedId) return { kind: 'metrics', openedId, endedId, days };
	const missing = [OPENED, ended].filter((name) => !ids.has(name));
	throw new NodeOperationError(
		context.getNode(),
		`The account has no metric ${missing.map((name) => `'${name}'`).join(' and ')} yet`,
		{
			itemIndex,
			description:
				"Klaviyo creates a metric with its first event. Let 'Event: Track Ticket' record one of each kind first, or choose 'Open Ticket Count (Profile Property)'.",
		},
	);
}

async function findOrCreate(
	context: IExecuteFunctions,
	klaviyo: Klaviyo,
	itemIndex: number,
): Promise<IDataObject> {
	const name = trimmedParameter(context, 'segmentName', itemIndex);
	if (name === '')
		throw new NodeOperationError(context.getNode(), "'Segment' is empty", {
			itemIndex,
			description: "Enter a name for the segment, such as 'Open Support Ticket'.",
		});
	const chosen: unknown = context.getNodeParameter('segmentName', itemIndex);
	if (isLocatorValue(chosen) && chosen.mode !== 'name') {
		const segmentId = idIn(segmentLocator, name);
		return { outcome: 'exists', segmentId, name: await segmentName(klaviyo, segmentId) };
	}
	const knownBy = context.getNodeParameter('knownBy', itemIndex, 'property') as string;
	const creation = creationAt(context, itemIndex);
	const known = await segmentNamed(klaviyo, name);
	if (known !== undefined)
		return creation.isAsked
			? { outcome: 'created', segmentId: known, name, knownBy }
			: { outcome: 'exists', segmentId: known, name };
	const rule = await ruleAt(context, klaviyo, itemIndex);
	creation.isAsked = true;
	const segmentId = await createSegment(klaviyo, name, rule);
	return { outcome: 'created', segmentId, name, knownBy };
}

const execute: Execute = async (context, items) => {
	const klaviyo = await klaviyoOf(context);
	return await eachItem(
		context,
		items,
		async (_input, itemIndex) => await findOrCreate(context, klaviyo, itemIndex),
	);
};

export const createOpenTicket: Operation = {
	properties,
	execute,
};
