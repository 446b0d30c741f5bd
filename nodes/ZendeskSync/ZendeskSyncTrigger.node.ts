import type {
	IExecuteFunctions,
	IHookFunctions,
	ILoadOptionsFunctions,
	INodeExecutionData,
	INodePropertyOptions,
	INodeType,
	INodeTypeDescription,
	IPollFunctions,
	IWebhookFunctions,
	IWebhookResponseData,
} from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';
import { byDisplayName } from '../shared/compareDisplayName';
import { catchUpOptions } from '../shared/catchUp';
import { deliveryFields } from '../shared/delivery';
import { passThrough } from '../shared/passThrough';
import { pollNotice } from '../shared/pollNotice';
import { rawEventOption } from '../shared/rawEvent';
import { eventsSubtitle } from '../shared/subtitle';
import { triggerPanel } from '../shared/triggerPanel';
import { zendeskOf } from './api/client';
import { brandOptions, tagOptions } from './api/lists';
import { identifyIn } from './trigger/identify';
import { poll, sample } from './trigger/poll';
import { withRatings } from './trigger/ratedEvents';
import { receive } from './trigger/receive';
import { checkExists, create, remove } from './trigger/registration';
import { authenticationField } from './authentication';
import { eventOptions } from './trigger/eventOptions';
import { filterOptions } from './trigger/filterOptions';

/** Webhook and catch-up in one node, so that they share static data and are turned on and off together. */
export class ZendeskSyncTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Zendesk Sync Trigger',
		name: 'zendeskSyncTrigger',
		icon: { light: 'file:zendeskSync.svg', dark: 'file:zendeskSync.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle: eventsSubtitle(eventOptions),
		description:
			'Conversations by SMS and WhatsApp between Zendesk and Klaviyo: starts the workflow when an agent replies, or when a ticket is opened, solved, reopened or closed',
		...triggerPanel({
			vendor: 'Zendesk',
			makeOne: 'change a ticket, or reply to one, as the events that you chose ask for',
		}),
		defaults: { name: 'ZendeskSyncTrigger' },
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		polling: true,
		credentials: [
			{
				name: 'zendeskSyncOAuth2Api',
				required: true,
				displayOptions: { show: { authentication: ['oAuth2'] } },
			},
			{
				name: 'zendeskSyncApi',
				required: true,
				displayOptions: { show: { authentication: ['apiToken'] } },
			},
		],
		webhooks: [
			{
				name: 'default',
				httpMethod: 'POST',
				responseMode: 'onReceived',
				path: 'webhook',
				// The trigger registers it itself.
				ndvHideUrl: true,
			},
		],
		properties: [
			pollNotice(),
			authenticationField,
			{
				displayName: 'Events',
				name: 'events',
				type: 'multiOptions',
				noDataExpression: true,
				required: true,
				options: eventOptions,
				default: ['agentReplied'],
				description: 'The events that start the workflow',
			},
			...deliveryFields,
			{
				displayName: 'Options',
				name: 'options',
				type: 'collection',
				placeholder: 'Add option',
				default: {},
				options: [...filterOptions, ...catchUpOptions, rawEventOption].sort(byDisplayName),
			},
		],
	};

	methods = {
		loadOptions: {
			async getBrands(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
				return await brandOptions(this);
			},
			async getTags(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
				return await tagOptions(this);
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
		return await receive(this);
	}

	async poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
		return await poll(this);
	}

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await passThrough(
			this,
			async () => await sample(this),
			identifyIn(this),
			async (items) => await withRatings(async () => await zendeskOf(this), items),
		);
	}
}
