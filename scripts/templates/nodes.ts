/** The nodes that templates are made of, in versions that the oldest supported n8n has (a unit test lists them). */
import type { INode, INodeParameters } from 'n8n-workflow';
import manifest from '../../package.json';
import type { Sketch } from './canvas';

/** n8n finds credentials by name when a template is imported. An id would fit only one n8n. */
const KLAVIYO: INode['credentials'] = { klaviyoSyncApi: { id: null, name: 'Klaviyo account' } };
const ZENDESK: INode['credentials'] = {
	zendeskSyncOAuth2Api: { id: null, name: 'Zendesk Sync account' },
};

const ours = (
	node: string,
	name: string,
	parameters: INodeParameters,
	credentials?: INode['credentials'],
): Sketch => ({
	name,
	type: `${manifest.name}.${node}`,
	typeVersion: 1,
	parameters,
	...(credentials ? { credentials } : {}),
});

/** Nodes of ours do no harm when they get an event twice, and are done with it when they say so. */
const everyMinuteUntilDone: INodeParameters = {
	deliverEachEvent: 'untilDone',
	pollTimes: { item: [{ mode: 'everyMinute' }] },
};

/**
 * @param name one ASCII word: n8n builds the trigger's URL from it, and receives nothing at a URL with a space
 */
export const klaviyoTrigger = (
	name: string,
	events: string[],
	parameters: INodeParameters = {},
): Sketch =>
	ours('klaviyoTrigger', name, { events, ...parameters, ...everyMinuteUntilDone }, KLAVIYO);

/** @param name one ASCII word, as for `klaviyoTrigger` */
export const zendeskTrigger = (
	name: string,
	events: string[],
	parameters: INodeParameters = {},
): Sketch =>
	ours('zendeskSyncTrigger', name, { events, ...parameters, ...everyMinuteUntilDone }, ZENDESK);

/** For nodes that do not say when they are done with an event. */
export const deliveredOnce = (sketch: Sketch): Sketch => ({
	...sketch,
	parameters: { ...sketch.parameters, deliverEachEvent: 'once' },
});

export const klaviyo = (
	name: string,
	resource: string,
	operation: string,
	parameters: INodeParameters = {},
): Sketch => ours('klaviyo', name, { resource, operation, ...parameters }, KLAVIYO);

export const zendesk = (
	name: string,
	resource: string,
	operation: string,
	parameters: INodeParameters = {},
): Sketch => ours('zendeskSync', name, { resource, operation, ...parameters }, ZENDESK);

/** The same nodes as tools of an AI agent. */
export const asTool = (sketch: Sketch): Sketch => ({ ...sketch, type: `${sketch.type}Tool` });

/** What Count Open found, on the customer's profiles. */
export const writeCount: Sketch = klaviyo('Write count', 'profile', 'upsert', {
	additionalFields: {
		lastRating: "={{ $json.lastRating ?? '' }}",
		lastRatingAt: "={{ $json.lastRatingAt ?? '' }}",
		lastTicketAt: "={{ $json.lastTicketAt ?? '' }}",
		lastTicketReason: "={{ $json.lastTicketReason ?? '' }}",
	},
});

/** Items that fail leave by an output of their own, so that the others go on. */
export const withErrors = (sketch: Sketch): Sketch => ({
	...sketch,
	onError: 'continueErrorOutput',
});

export const start: Sketch = {
	name: 'Start',
	type: 'n8n-nodes-base.manualTrigger',
	typeVersion: 1,
	parameters: {},
};

export const setFields = (name: string, fields: Record<string, string>): Sketch => ({
	name,
	type: 'n8n-nodes-base.set',
	typeVersion: 3.4,
	parameters: {
		assignments: {
			assignments: Object.entries(fields).map(([field, value], index) => ({
				id: String(index + 1),
				name: field,
				value,
				type: 'string',
			})),
		},
		options: {},
	},
});

/** The first item of each value of a field. */
export const onceEach = (name: string, field: string): Sketch => ({
	name,
	type: 'n8n-nodes-base.removeDuplicates',
	typeVersion: 2,
	parameters: {
		operation: 'removeDuplicateInputItems',
		compare: 'selectedFields',
		fieldsToCompare: field,
		options: {},
	},
});

/** The end of a branch. Its name says what happened to the items. Builders can replace it with steps of their own. */
export const end = (name: string): Sketch => ({
	name,
	type: 'n8n-nodes-base.noOp',
	typeVersion: 1,
	parameters: {},
});

/** The end of a branch that must not be taken: the node turns red, and the execution fails with the message. */
export const stop = (name: string, message: string): Sketch => ({
	name,
	type: 'n8n-nodes-base.stopAndError',
	typeVersion: 1,
	parameters: { errorMessage: message },
});

/** Gathers the items of all its inputs once nothing else is left to run. */
export const gather = (name: string, inputs: number): Sketch => ({
	name,
	type: 'n8n-nodes-base.merge',
	typeVersion: 3.2,
	parameters: { mode: 'append', numberInputs: inputs },
	inputs,
});

/**
 * Makes the execution fail, so that it is red in n8n's list and starts the error workflow. It is the lowest branch, so
 * n8n runs it last, when all other items are done. Its output leads back to where n8n's Retry is to start.
 */
export const failUntilRetried = (name: string): Sketch =>
	ours('zendeskSync', name, { resource: 'execution', operation: 'failUntilRetried' });
