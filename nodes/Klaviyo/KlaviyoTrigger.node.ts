import type {
	IExecuteFunctions,
	IHookFunctions,
	ILoadOptionsFunctions,
	INodeExecutionData,
	INodeListSearchResult,
	INodeType,
	INodeTypeDescription,
	IPollFunctions,
	IWebhookFunctions,
	IWebhookResponseData,
} from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';
import { catchUpOptions } from '../shared/catchUp';
import { byDisplayName } from '../shared/compareDisplayName';
import { deliveryFields } from '../shared/delivery';
import { passThrough } from '../shared/passThrough';
import { pollNotice } from '../shared/pollNotice';
import { rawEventOption } from '../shared/rawEvent';
import { eventsSubtitle } from '../shared/subtitle';
import { triggerPanel } from '../shared/triggerPanel';
import { searchAllMetrics } from './api/lists';
import { authenticationField } from './authentication';
import {
	channelsField,
	eventOptions,
	ifWebhook,
	IS_POLLED,
	sourceOf,
	unlessOnlyOtherMetric,
} from './trigger/events';
import { flowFields } from './trigger/flowFields';
import { otherMetricField } from './trigger/otherMetric';
import { unparsedBodyOption } from './trigger/unparsedBody';
import { poll, sample } from './trigger/poll';
import { identify, receive } from './trigger/receive';
import { receiveFlow } from './trigger/receiveFlow';
import { receivePolling } from './trigger/receivePolling';
import { checkExists, create, remove } from './trigger/registration';
import { batchOption } from './trigger/webhookBatch';

/** Webhook and catch-up in one node, so that they share static data and are turned on and off together. */
export class KlaviyoTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Klaviyo Trigger',
		name: 'klaviyoTrigger',
		icon: { light: 'file:klaviyo.svg', dark: 'file:klaviyo.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle: eventsSubtitle(eventOptions, `${IS_POLLED} ? ", polling only" : ""`),
		description:
			'Conversations by SMS and WhatsApp between Zendesk and Klaviyo: starts the workflow when a customer writes to you, when something happens to a message, or at an event of any other metric',
		...triggerPanel({
			vendor: 'Klaviyo',
			makeOne: 'text your sending number from a phone and wait a minute',
		}),
		defaults: { name: 'KlaviyoTrigger' },
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		polling: true,
		credentials: [
			{
				name: 'klaviyoSyncApi',
				required: true,
				displayOptions: { show: { authentication: ['apiKey'] } },
			},
			{
				name: 'klaviyoSyncOAuth2Api',
				required: true,
				displayOptions: { show: { authentication: ['oAuth2'] } },
			},
		],
		webhooks: [
			{
				name: 'default',
				// No expression: n8n cannot evaluate it as it gives a publication up, and then shows the workflow as published.
				httpMethod: 'POST',
				responseMode: 'onReceived',
				path: 'webhook',
				// A person enters it in Klaviyo's flow alone.
				ndvHideUrl: '={{ $parameter["source"] !== "flowWebhook" }}',
			},
		],
		properties: [
			pollNotice(ifWebhook),
			authenticationField,
			{
				displayName: 'Events',
				name: 'events',
				type: 'multiOptions',
				noDataExpression: true,
				required: true,
				options: eventOptions,
				default: ['customerMessaged'],
				description: 'The events that start the workflow',
			},
			channelsField,
			otherMetricField,
			{
				displayName: 'Source',
				name: 'source',
				type: 'options',
				noDataExpression: true,
				options: [
					{
						name: 'Flow Webhook and Polling',
						value: 'flowWebhook',
						description:
							'A flow that you build in Klaviyo calls n8n, and polling catches up on missed events. Works with every plan.',
					},
					{
						name: 'Polling Only',
						value: 'polling',
						description: 'Polls Klaviyo at the poll times. Works with every plan, but is slower.',
					},
					{
						name: 'System Webhook and Polling',
						value: 'systemWebhook',
						description:
							'Klaviyo calls n8n at once, and polling catches up on missed events. The webhook is registered automatically. Needs Advanced KDP in Klaviyo.',
					},
				],
				default: 'systemWebhook',
				displayOptions: unlessOnlyOtherMetric,
				description: "How events reach n8n. Those of 'Other Metric' always come by polling.",
			},
			{
				displayName:
					"Needs Advanced KDP in Klaviyo, and a 'Webhook Secret' in the credential. The other sources work with every plan.",
				name: 'systemWebhookNotice',
				type: 'notice',
				default: '',
				displayOptions: { show: { source: ['systemWebhook'] }, ...unlessOnlyOtherMetric },
			},
			...flowFields,
			...deliveryFields,
			{
				displayName: 'Options',
				name: 'options',
				type: 'collection',
				placeholder: 'Add option',
				// Leaves requests unparsed: see there.
				default: { binaryData: true },
				options: [...catchUpOptions, batchOption, rawEventOption, unparsedBodyOption].sort(
					byDisplayName,
				),
			},
		],
	};

	methods = {
		listSearch: {
			async searchAllMetrics(
				this: ILoadOptionsFunctions,
				filter?: string,
				paginationToken?: string,
			): Promise<INodeListSearchResult> {
				return await searchAllMetrics(this, filter, paginationToken);
			},
		},
	};

	webhookMethods = {
		default: {
			async checkExists(this: IHookFunctions): Promise<boolean> {
				return await checkExists(this);
			},
			async create(this: IHookFunctions): Promise<boolean> {
				return await create(this);
			},
			async delete(this: IHookFunctions): Promise<boolean> {
				return await remove(this);
			},
		},
	};

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		const source = sourceOf(this);
		if (source === 'polling') return receivePolling(this);
		return source === 'flowWebhook' ? await receiveFlow(this) : await receive(this);
	}

	async poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
		return await poll(this);
	}

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await passThrough(this, async () => await sample(this), identify);
	}
}
