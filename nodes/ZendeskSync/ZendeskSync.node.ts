import type {
	IExecuteFunctions,
	ILoadOptionsFunctions,
	INodeExecutionData,
	INodePropertyOptions,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';
import { propertiesOf, runOperation } from '../shared/operation';
import { resources } from './actions';
import { brandOptions, customFieldOptions, formOptions, groupOptions } from './api/lists';
import { authenticationField } from './authentication';

export class ZendeskSync implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Zendesk Sync',
		name: 'zendeskSync',
		icon: { light: 'file:zendeskSync.svg', dark: 'file:zendeskSync.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle: '={{ $parameter["operation"] + ": " + $parameter["resource"] }}',
		description:
			"Turn customers' messages into Zendesk tickets, and prepare agents' replies for sending",
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
		properties: [
			{ ...authenticationField, displayOptions: { hide: { resource: ['execution'] } } },
			{
				displayName: 'Resource',
				name: 'resource',
				type: 'options',
				noDataExpression: true,
				options: [
					{ name: 'Account', value: 'account' },
					{ name: 'Execution', value: 'execution' },
					{ name: 'Setup', value: 'setup' },
					{ name: 'Ticket', value: 'ticket' },
				],
				default: 'ticket',
			},
			...propertiesOf(resources),
		],
	};

	methods = {
		loadOptions: {
			async getBrands(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
				return await brandOptions(this);
			},
			async getCustomFields(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
				return await customFieldOptions(this);
			},
			async getForms(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
				return await formOptions(this);
			},
			async getGroups(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
				return await groupOptions(this);
			},
		},
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await runOperation(this, resources);
	}
}
