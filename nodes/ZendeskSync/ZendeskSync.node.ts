import type {
	IExecuteFunctions,
	ILoadOptionsFunctions,
	INodeExecutionData,
	INodeListSearchResult,
	INodePropertyOptions,
	INodeProperties,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';
import { propertiesOf, runOperation } from '../shared/operation';
import { operationSubtitle } from '../shared/subtitle';
import { withToolDefaults } from '../shared/tool';
import { resources } from './actions';
import {
	brandOptions,
	searchBrands,
	searchCustomFields,
	searchForms,
	searchGroups,
	searchTickets,
} from './api/lists';
import { authenticationField } from './authentication';
import { toolDescriptions } from './toolDescriptions';

const resourceField: INodeProperties = {
	displayName: 'Resource',
	name: 'resource',
	type: 'options',
	noDataExpression: true,
	options: [
		{ name: 'Account', value: 'account' },
		{ name: 'Execution', value: 'execution' },
		{ name: 'Setup', value: 'setup' },
		{ name: 'Ticket', value: 'ticket' },
		{ name: 'User', value: 'user' },
	],
	default: 'ticket',
};

const properties = withToolDefaults(
	[
		{ ...authenticationField, displayOptions: { hide: { resource: ['execution'] } } },
		resourceField,
		...propertiesOf(resources),
	],
	{
		choices: { resource: 'ticket', operation: 'countOpen', countBy: 'customerPhone' },
		descriptions: toolDescriptions,
		asked: [
			{
				resource: 'ticket',
				operation: 'countOpen',
				fields: {
					customerPhone: "The customer's phone number with + and country code",
					email: "The customer's email address",
					externalId: "The external ID of the conversation's tickets",
					requesterId: "The customer's user ID in Zendesk",
				},
			},
			{ resource: 'ticket', operation: 'get', fields: { ticketId: 'The ID of the ticket' } },
			{
				resource: 'ticket',
				operation: 'getWaitingReplies',
				fields: { customerPhone: "The customer's phone number with + and country code" },
				// Replies wait nowhere else.
				fixed: { channel: 'whatsapp' },
			},
		],
	},
);

export class ZendeskSync implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Zendesk Sync',
		name: 'zendeskSync',
		icon: { light: 'file:zendeskSync.svg', dark: 'file:zendeskSync.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle: operationSubtitle(resourceField, resources),
		description:
			"Conversations by SMS and WhatsApp between Zendesk and Klaviyo: turn customers' messages into tickets, reopen them, and prepare agents' replies for sending",
		defaults: { name: 'Zendesk Sync' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		usableAsTool: true,
		credentials: [
			{
				name: 'zendeskSyncOAuth2Api',
				required: true,
				displayOptions: { show: { authentication: ['oAuth2'] }, hide: { resource: ['execution'] } },
			},
			{
				name: 'zendeskSyncApi',
				required: true,
				displayOptions: {
					show: { authentication: ['apiToken'] },
					hide: { resource: ['execution'] },
				},
			},
		],
		properties,
	};

	methods = {
		loadOptions: {
			async getBrands(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
				return await brandOptions(this);
			},
		},
		listSearch: {
			async searchBrands(
				this: ILoadOptionsFunctions,
				filter?: string,
				paginationToken?: string,
			): Promise<INodeListSearchResult> {
				return await searchBrands(this, filter, paginationToken);
			},
			async searchCustomFields(
				this: ILoadOptionsFunctions,
				filter?: string,
				paginationToken?: string,
			): Promise<INodeListSearchResult> {
				return await searchCustomFields(this, filter, paginationToken);
			},
			async searchForms(
				this: ILoadOptionsFunctions,
				filter?: string,
				paginationToken?: string,
			): Promise<INodeListSearchResult> {
				return await searchForms(this, filter, paginationToken);
			},
			async searchGroups(
				this: ILoadOptionsFunctions,
				filter?: string,
				paginationToken?: string,
			): Promise<INodeListSearchResult> {
				return await searchGroups(this, filter, paginationToken);
			},
			async searchTickets(
				this: ILoadOptionsFunctions,
				filter?: string,
				paginationToken?: string,
			): Promise<INodeListSearchResult> {
				return await searchTickets(this, filter, paginationToken);
			},
		},
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await runOperation(this, resources);
	}
}
