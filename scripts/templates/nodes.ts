/** The nodes that templates are made of. */
import type { INode, INodeParameters } from 'n8n-workflow';
import manifest from '../../package.json';
import type { Sketch } from './canvas';

/** Found by name when a template is imported: an id would be that of one n8n only. */
const KLAVIYO: INode['credentials'] = { klaviyoSyncApi: { id: null, name: 'Klaviyo account' } };
const ZENDESK: INode['credentials'] = {
	zendeskSyncOAuth2Api: { id: null, name: 'Zendesk account' },
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

const everyMinute: INodeParameters = { pollTimes: { item: [{ mode: 'everyMinute' }] } };

/**
 * @param name one ASCII word: n8n makes a trigger's URL of it, and receives nothing at one with a space
 */
export const klaviyoTrigger = (name: string, events: string[]): Sketch =>
	ours('klaviyoTrigger', name, { events, ...everyMinute }, KLAVIYO);

/** @param name one ASCII word, as for `klaviyoTrigger` */
export const zendeskTrigger = (name: string, events: string[]): Sketch =>
	ours('zendeskSyncTrigger', name, { events, ...everyMinute }, ZENDESK);

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

/** Items that fail leave by an output of their own, and keep no other from going on. */
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
	typeVersion: 3.5,
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

/** Where a branch ends. Its name says what became of the items, and a builder may put something in its place. */
export const end = (name: string): Sketch => ({
	name,
	type: 'n8n-nodes-base.noOp',
	typeVersion: 1,
	parameters: {},
});

/** All that comes in by its inputs, when nothing else is left to do. */
export const gather = (name: string, inputs: number): Sketch => ({
	name,
	type: 'n8n-nodes-base.merge',
	typeVersion: 3.2,
	parameters: { mode: 'append', numberInputs: inputs },
	inputs,
});

/**
 * Makes the execution fail, so that it is red in n8n's list and starts the error workflow. As the lowest branch it
 * comes last: what did not fail is done by then. Its output leads back to where n8n's Retry is to begin.
 */
export const failUntilRetried = (name: string): Sketch =>
	ours('zendeskSync', name, { resource: 'execution', operation: 'failUntilRetried' });
