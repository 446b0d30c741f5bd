/** What n8n puts on the canvas when a node is added to an AI agent. */
import type { INodeProperties, INodeTypeDescription } from 'n8n-workflow';
import { extractFromAICalls } from 'n8n-workflow';
import { resources as klaviyoResources } from '../../nodes/Klaviyo/actions';
import { Klaviyo } from '../../nodes/Klaviyo/Klaviyo.node';
import type { ResourceMap } from '../../nodes/shared/operation';
import { resources as zendeskResources } from '../../nodes/ZendeskSync/actions';
import { ZendeskSync } from '../../nodes/ZendeskSync/ZendeskSync.node';

const inTool = ({ properties }: INodeTypeDescription): INodeProperties[] =>
	properties.filter(({ displayOptions }) => !displayOptions?.hide?.['@tool']);

const klaviyo = inTool(new Klaviyo().description);
const zendesk = inTool(new ZendeskSync().description);

const fieldsOf = (properties: INodeProperties[], resource: string, operation: string) =>
	properties.filter(
		({ displayOptions }) =>
			displayOptions?.show?.resource?.includes(resource) &&
			displayOptions.show.operation?.includes(operation),
	);
const isAsked = ({ default: value }: INodeProperties): boolean =>
	JSON.stringify(value).includes('$fromAI');
const askedBy = ({ default: value }: INodeProperties): string =>
	String(typeof value === 'object' && value !== null && 'value' in value ? value.value : value);
const namesOf = (fields: INodeProperties[]): string[] => fields.map(({ name }) => name);
const LOOKUPS: Array<[INodeProperties[], string, string, string[]]> = [
	[klaviyo, 'profile', 'get', ['email', 'phone']],
	[klaviyo, 'profile', 'getCustomerCard', ['email', 'phone']],
	[klaviyo, 'message', 'getMany', ['customerPhone']],
	[zendesk, 'ticket', 'countOpen', ['customerPhone', 'email', 'externalId', 'requesterId']],
	[zendesk, 'ticket', 'get', ['ticketId']],
	[zendesk, 'ticket', 'getWaitingReplies', ['customerPhone']],
];

it.each([
	[klaviyo, 'profile', 'get'],
	[zendesk, 'ticket', 'countOpen'],
])('begins with a lookup', (properties, resource, operation) => {
	const chosen = (name: string, within?: string) =>
		properties.findLast(
			(field) =>
				field.name === name &&
				(within === undefined || field.displayOptions?.show?.resource?.includes(within)),
		)?.default;
	expect(chosen('resource')).toBe(resource);
	expect(chosen('operation', resource)).toBe(operation);
});

it.each(LOOKUPS)(
	'asks a model whom to look up, and not the item',
	(properties, resource, operation, asked) => {
		const fields = fieldsOf(properties, resource, operation);
		expect(namesOf(fields.filter(isAsked))).toEqual(asked);
		expect(fields.filter((field) => JSON.stringify(field.default).includes('$json'))).toEqual([]);
		for (const field of fields.filter(isAsked)) {
			const { required } = field;
			const [call] = extractFromAICalls(askedBy(field));
			expect(call?.description).toMatch(/^The /);
			// What is required, a model has to give.
			expect(call?.defaultValue).toBe(required ? undefined : '');
		}
	},
);

const sending = fieldsOf(klaviyo, 'message', 'send');

it('asks no model where to write', () => {
	const known = LOOKUPS.flatMap(([properties, resource, operation]) =>
		fieldsOf(properties, resource, operation),
	).concat(sending);
	const others = [...klaviyo, ...zendesk].filter((field) => !known.includes(field));
	expect(namesOf(others.filter(isAsked))).toEqual([]);
});

it("asks a model for a message's words; whom it goes to and its key are the item's", () => {
	expect(namesOf(sending.filter(isAsked))).toEqual(['text']);
	const ofItem = sending.filter((field) => JSON.stringify(field.default).includes('$json'));
	expect(namesOf(ofItem)).toEqual(['customerPhone', 'channel', 'key']);
});

it.each([new Klaviyo(), new ZendeskSync()])('changes nothing in a node that is no tool', (node) => {
	const inNode = node.description.properties.filter(
		({ displayOptions }) => !displayOptions?.show?.['@tool'],
	);
	expect(namesOf(inNode.filter(isAsked))).toEqual([]);
	expect(inNode.find(({ name }) => name === 'resource')?.default).toMatch(/^(message|ticket)$/);
});

it.each<[string, ResourceMap, INodeProperties[]]>([
	['Klaviyo', klaviyoResources, klaviyo],
	['Zendesk Sync', zendeskResources, zendesk],
])(
	'tells a model of each operation of %s what it does and returns',
	(_name, resources, inATool) => {
		const told = Object.entries(resources).flatMap(([resource, { operations }]) =>
			Object.keys(operations).map((operation) => {
				const [field] = fieldsOf(inATool, resource, operation).filter(
					({ name }) => name === 'toolDescription',
				);
				return [`${resource}.${operation}`, String(field?.default ?? '')];
			}),
		);
		expect(told.filter(([, words = '']) => !/^[A-Z].{60,}\.$/.test(words))).toEqual([]);
		const described = inATool.filter(({ name }) => name === 'toolDescription');
		expect(described).toHaveLength(told.length);
	},
);
