/**
 * A node as an AI agent's tool. n8n takes the node's own description for it, whose defaults are about a message that
 * comes in. A model has none: it has questions, and knows the answers to some fields.
 */
import type { INodeProperties } from 'n8n-workflow';
import { isLocatorDefault } from './locator';

interface ToolDefaults {
	/** The first choice of each selector, such as `resource`. */
	choices: Readonly<Record<string, string>>;
	/**
	 * Of one operation, what the model fills in, by field: what it is told about it. A lookup reads nothing from the agent's
	 * item. What writes does (`isAboutItem`): to whom is not for the model to decide.
	 */
	asked: ReadonlyArray<{
		resource: string;
		operation: string;
		fields: Record<string, string>;
		isAboutItem?: boolean;
		/** What is chosen for the model, where the node's own choice is the item's. */
		fixed?: Record<string, string>;
	}>;
	/** What the model is told of each operation, by `resource.operation`. */
	descriptions: Readonly<Record<string, string>>;
}

/** As n8n's own button *Let the model define this parameter* writes it. What is not required, a model may leave out. */
function askModel(
	{ displayName, required, default: before }: INodeProperties,
	told: string,
): INodeProperties['default'] {
	const ifLeftOut = required ? '' : ", ''";
	const value = `={{ /*n8n-auto-generated-fromAI-override*/ $fromAI('${displayName.replace(/\W+/g, '_')}', \`${told}\`, 'string'${ifLeftOut}) }}`;
	return isLocatorDefault(before) ? { mode: 'id', value } : value;
}

/**
 * A question of a model's is not about the item that the agent was given: a profile's id in that would win over the
 * address that the model asks for.
 */
const readsItem = ({ default: value }: INodeProperties): boolean =>
	String(isLocatorDefault(value) ? value.value : value).includes('$json');

const isShownFor = (
	{ displayOptions }: INodeProperties,
	name: 'resource' | 'operation',
	value: string,
): boolean => displayOptions?.show?.[name]?.includes(value) ?? false;

const onlyInTool = (field: INodeProperties): INodeProperties => ({
	...field,
	displayOptions: {
		...field.displayOptions,
		show: { ...field.displayOptions?.show, '@tool': [true] },
	},
});

const neverInTool = (field: INodeProperties): INodeProperties => ({
	...field,
	displayOptions: {
		...field.displayOptions,
		hide: { ...field.displayOptions?.hide, '@tool': [true] },
	},
});

/**
 * n8n makes a tool's description of the operation's action ("Get ticket in Zendesk Sync"), unless the node has a field
 * for it. A model needs to know what it gets, and when not to ask.
 */
const describedAs = (name: string, told: string): INodeProperties => {
	const [resource = '', operation = ''] = name.split('.');
	return {
		displayName: 'Tool Description',
		name: 'toolDescription',
		type: 'string',
		typeOptions: { rows: 4 },
		required: true,
		default: told,
		description:
			'What the model is told about this tool: what it does and returns, and when to use it',
		displayOptions: { show: { resource: [resource], operation: [operation], '@tool': [true] } },
	};
};

/**
 * @returns the fields, and beside each whose default is another in a tool one that is shown only there. (n8n's
 * `usableAsTool.replacements` would not do: the editor goes by them, and an execution does not.)
 */
export function withToolDefaults(
	properties: readonly INodeProperties[],
	{ choices, asked, descriptions }: ToolDefaults,
): INodeProperties[] {
	const askedOf = (field: INodeProperties) =>
		asked.find(
			({ resource, operation }) =>
				isShownFor(field, 'resource', resource) && isShownFor(field, 'operation', operation),
		);
	const isSelectorOf = (field: INodeProperties, resource: string | undefined): boolean =>
		field.name !== 'operation' ||
		(resource !== undefined && isShownFor(field, 'resource', resource));
	const defaultOf = (field: INodeProperties): INodeProperties['default'] => {
		const chosen = choices[field.name];
		if (chosen !== undefined && isSelectorOf(field, choices.resource)) return chosen;
		const questions = askedOf(field);
		const told = questions?.fields[field.name];
		if (told !== undefined) return askModel(field, told);
		const fixed = questions?.fixed?.[field.name];
		if (fixed !== undefined) return fixed;
		if (!questions || questions.isAboutItem || !readsItem(field)) return field.default;
		return isLocatorDefault(field.default) ? { mode: 'id', value: '' } : '';
	};
	const described = Object.entries(descriptions).map(([name, told]) => describedAs(name, told));
	const fields = properties.flatMap((field) => {
		const inTool = defaultOf(field);
		return inTool === field.default
			? [field]
			: [neverInTool(field), onlyInTool({ ...field, default: inTool })];
	});
	return [...described, ...fields];
}
