/**
 * What an operation returns of a record: simplified, all that the vendor sent, or only some fields. An AI agent pays
 * for each field that it reads.
 */
import {
	type IDataObject,
	type IExecuteFunctions,
	type INodeProperties,
	NodeOperationError,
} from 'n8n-workflow';

const ABBREVIATIONS: Readonly<Record<string, string>> = {
	Id: 'ID',
	Ids: 'IDs',
	Sms: 'SMS',
	Url: 'URL',
};

/** `profileId` -> `Profile ID` */
const titleOf = (field: string): string =>
	field
		.replace('whatsApp', 'WhatsApp')
		.split(/(?<=[a-z])(?=[A-Z])(?<!Whats)/)
		.map((word) => word.charAt(0).toUpperCase() + word.slice(1))
		.map((word) => ABBREVIATIONS[word] ?? word)
		.join(' ');

/**
 * @param fields of the simplified record
 * @param raw what comes with 'Raw'
 */
export const outputFields = (
	fields: readonly string[],
	raw = 'All that the vendor sent',
): INodeProperties[] => [
	{
		displayName: 'Output',
		name: 'output',
		type: 'options',
		options: [
			{ name: 'Raw', value: 'raw', description: raw },
			{
				name: 'Selected Fields',
				value: 'selectedFields',
				description: 'Only the fields that you choose, such as for an AI agent',
			},
			{
				name: 'Simplified',
				value: 'simplified',
				description: 'The fields that most workflows need',
			},
		],
		default: 'simplified',
		description: 'How much to return',
	},
	{
		displayName: 'Fields',
		name: 'selectedFields',
		type: 'multiOptions',
		required: true,
		options: fields
			.map((value) => ({ name: titleOf(value), value }))
			.sort((one, other) => one.name.localeCompare(other.name)),
		default: [],
		displayOptions: { show: { output: ['selectedFields'] } },
		description: 'The fields to return',
	},
];

interface Found {
	simplified: IDataObject;
	raw: IDataObject;
}

/**
 * Reads once for an item how much of its records is wanted.
 *
 * @returns what to return of a record
 * @throws NodeOperationError if no field is selected
 */
export function outputAt(
	context: IExecuteFunctions,
	itemIndex: number,
): (found: Found) => IDataObject {
	const output = context.getNodeParameter('output', itemIndex, 'simplified');
	if (output === 'raw') return ({ raw }) => raw;
	if (output !== 'selectedFields') return ({ simplified }) => simplified;
	const chosen = [context.getNodeParameter('selectedFields', itemIndex, [])].flat().map(String);
	if (chosen.length === 0)
		throw new NodeOperationError(context.getNode(), "No field is selected in 'Fields'", {
			itemIndex,
			description: "Choose the fields to return, or choose 'Simplified' as the 'Output'.",
		});
	return ({ simplified }) =>
		Object.fromEntries(Object.entries(simplified).filter(([name]) => chosen.includes(name)));
}
