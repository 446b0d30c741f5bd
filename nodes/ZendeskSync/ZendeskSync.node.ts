import type {
	IExecuteFunctions,
	ILoadOptionsFunctions,
	INodeExecutionData,
	INodePropertyOptions,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';
import { runOperation } from '../shared/operation';
import { fields, operations } from './actions';
import { brandOptions, groupOptions } from './api/lists';
import { authenticationField } from './authentication';

export class ZendeskSync implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Zendesk Sync',
		name: 'zendeskSync',
		icon: { light: 'file:zendeskSync.svg', dark: 'file:zendeskSync.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle: '={{ $parameter["operation"] + ": " + $parameter["resource"] }}',
		description: "Puts customers' texts into Zendesk tickets and gets agents' replies out of them",
		defaults: { name: 'Zendesk Sync' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		usableAsTool: true,
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
		properties: [
			authenticationField,
			{
				displayName: 'Resource',
				name: 'resource',
				type: 'options',
				noDataExpression: true,
				options: [{ name: 'Ticket', value: 'ticket' }],
				default: 'ticket',
			},
			{
				displayName: 'Operation',
				name: 'operation',
				type: 'options',
				noDataExpression: true,
				displayOptions: { show: { resource: ['ticket'] } },
				options: [
					{
						name: 'Add Internal Note',
						value: 'addInternalNote',
						action: 'Add an internal note to a ticket',
						description: 'Write something that only agents see',
					},
					{
						name: 'Claim Reply',
						value: 'claimReply',
						action: 'Claim a reply',
						description:
							"Make sure that an agent's reply is texted once. Put before Klaviyo: Message: Send Reply.",
					},
					{
						name: 'Create or Reopen From Text',
						value: 'createOrReopen',
						action: 'Create or reopen a ticket from a text',
						description:
							"Put a customer's text into the conversation's ticket, exactly once: a new ticket, a comment, or a reopened ticket",
					},
					{
						name: 'Get',
						value: 'get',
						action: 'Get a ticket',
						description: 'Read a ticket with names, e-mail addresses and field titles',
					},
				],
				default: 'createOrReopen',
			},
			...fields,
		],
	};

	methods = {
		loadOptions: {
			async getBrands(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
				return await brandOptions(this);
			},
			async getGroups(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
				return await groupOptions(this);
			},
		},
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await runOperation(this, operations);
	}
}
