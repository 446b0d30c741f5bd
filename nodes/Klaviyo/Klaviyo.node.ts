import type {
	IExecuteFunctions,
	ILoadOptionsFunctions,
	INodeExecutionData,
	INodeListSearchResult,
	INodeProperties,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';
import { propertiesOf, runOperation } from '../shared/operation';
import { operationSubtitle } from '../shared/subtitle';
import { withToolDefaults } from '../shared/tool';
import { resources } from './actions';
import { searchMetrics, searchSegments, searchSendingNumbers } from './api/lists';
import { authenticationField } from './authentication';
import { toolDescriptions } from './toolDescriptions';

const resourceField: INodeProperties = {
	displayName: 'Resource',
	name: 'resource',
	type: 'options',
	noDataExpression: true,
	options: [
		{ name: 'Account', value: 'account' },
		{ name: 'Event', value: 'event' },
		{ name: 'Message', value: 'message' },
		{ name: 'Profile', value: 'profile' },
		{ name: 'Segment', value: 'segment' },
	],
	default: 'message',
};

const PHONE = "The customer's phone number with + and country code";

const properties = withToolDefaults(
	[authenticationField, resourceField, ...propertiesOf(resources)],
	{
		choices: { resource: 'profile' },
		descriptions: toolDescriptions,
		asked: [
			{
				resource: 'profile',
				operation: 'get',
				fields: {
					email: "The customer's email address",
					phone: PHONE,
				},
			},
			{
				resource: 'profile',
				operation: 'getCustomerCard',
				fields: { email: "The customer's email address", phone: PHONE },
			},
			{ resource: 'message', operation: 'getMany', fields: { customerPhone: PHONE } },
			{
				resource: 'message',
				operation: 'send',
				fields: { text: 'The words of the message to the customer, as plain text' },
				isAboutItem: true,
			},
		],
	},
);

export class Klaviyo implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Klaviyo',
		name: 'klaviyo',
		icon: { light: 'file:klaviyo.svg', dark: 'file:klaviyo.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle: operationSubtitle(resourceField, resources),
		description:
			'Conversations by SMS and WhatsApp between Zendesk and Klaviyo: screen and answer messages, track tickets, look up and update profiles',
		defaults: { name: 'Klaviyo' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
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
		properties,
	};

	methods = {
		listSearch: {
			async searchMetrics(
				this: ILoadOptionsFunctions,
				filter?: string,
			): Promise<INodeListSearchResult> {
				return await searchMetrics(this, filter);
			},
			async searchSegments(
				this: ILoadOptionsFunctions,
				filter?: string,
				paginationToken?: string,
			): Promise<INodeListSearchResult> {
				return await searchSegments(this, filter, paginationToken);
			},
			async searchSendingNumbers(
				this: ILoadOptionsFunctions,
				filter?: string,
				paginationToken?: string,
			): Promise<INodeListSearchResult> {
				return await searchSendingNumbers(this, filter, paginationToken);
			},
		},
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await runOperation(this, resources);
	}
}
