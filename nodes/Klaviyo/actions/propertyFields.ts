/** Fields for custom properties: one by one, or as JSON. */
import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { objectParameter } from '../../shared/parameters';

/**
 * @param displayName the properties as this operation calls them
 * @param description what they are, without a full stop
 */
export const propertyFields = (displayName: string, description: string): INodeProperties[] => [
	{
		displayName: `Specify ${displayName}`,
		name: 'specifyProperties',
		type: 'options',
		noDataExpression: true,
		options: [
			{ name: 'Using Fields Below', value: 'fields' },
			{ name: 'Using JSON', value: 'json' },
		],
		default: 'fields',
		description: `How to specify the ${displayName.toLowerCase()}`,
	},
	{
		displayName,
		name: 'properties',
		type: 'fixedCollection',
		typeOptions: { multipleValues: true },
		placeholder: 'Add Property',
		default: {},
		displayOptions: { show: { specifyProperties: ['fields'] } },
		description,
		options: [
			{
				displayName: 'Property',
				name: 'property',
				values: [
					{
						displayName: 'Name',
						name: 'name',
						type: 'string',
						default: '',
						placeholder: 'e.g. Order Number',
						description: 'The name of the property in Klaviyo',
					},
					{
						displayName: 'Value',
						name: 'value',
						type: 'string',
						default: '',
						description: 'The value of the property. Text, or the result of an expression.',
					},
				],
			},
		],
	},
	{
		displayName,
		name: 'propertiesJson',
		type: 'json',
		default: '{}',
		displayOptions: { show: { specifyProperties: ['json'] } },
		description: `${description}, such as { "Order Number": "1001" }`,
	},
];

/**
 * @param displayName the properties as the operation calls them
 * @throws NodeOperationError if the JSON is not valid
 */
export function propertiesAt(
	context: IExecuteFunctions,
	displayName: string,
	itemIndex: number,
): IDataObject {
	if (context.getNodeParameter('specifyProperties', itemIndex, 'fields') === 'json')
		return objectParameter(context, { name: 'propertiesJson', label: displayName }, itemIndex);
	const { property = [] } = context.getNodeParameter('properties', itemIndex, {}) as {
		property?: Array<{ name?: string; value?: IDataObject[string] }>;
	};
	return Object.fromEntries(
		property.flatMap(({ name, value }) => (name?.trim() ? [[name.trim(), value ?? null]] : [])),
	);
}
