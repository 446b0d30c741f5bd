/**
 * A node as an AI agent's tool. n8n takes the node's own description for it, whose defaults are about a message that
 * comes in. A model has none: it has questions, and knows the answers to some fields.
 */
import type { INodeProperties, INodeTypeDescription } from 'n8n-workflow';

interface ToolDefaults {
	/** What the model can do with the node, for the node's panel. */
	description: string;
	/** The first choice of each selector, such as `resource`. */
	choices: Readonly<Record<string, string>>;
	/** Of one operation, what the model fills in, by field: what it is told about it. */
	asked: ReadonlyArray<{ resource: string; operation: string; fields: Record<string, string> }>;
}

/** As n8n's own button *Let the model define this parameter* writes it. */
const askModel = (displayName: string, told: string): string =>
	`={{ /*n8n-auto-generated-fromAI-override*/ $fromAI('${displayName.replace(/\W+/g, '_')}', \`${told}\`, 'string') }}`;

const isShownFor = (
	{ displayOptions }: INodeProperties,
	name: 'resource' | 'operation',
	value: string,
): boolean => displayOptions?.show?.[name]?.includes(value) ?? false;

/** @returns what stands at the node's `usableAsTool` */
export function asTool(
	properties: readonly INodeProperties[],
	{ description, choices, asked }: ToolDefaults,
): Exclude<INodeTypeDescription['usableAsTool'], true | undefined> {
	const askedOf = (field: INodeProperties): string | undefined =>
		asked.find(
			({ resource, operation }) =>
				isShownFor(field, 'resource', resource) && isShownFor(field, 'operation', operation),
		)?.fields[field.name];
	const isSelectorOf = (field: INodeProperties, resource: string | undefined): boolean =>
		field.name !== 'operation' ||
		(resource !== undefined && isShownFor(field, 'resource', resource));
	const replacements = {
		description,
		properties: properties.map((field): INodeProperties => {
			const told = askedOf(field);
			if (told !== undefined) return { ...field, default: askModel(field.displayName, told) };
			const chosen = choices[field.name];
			return chosen !== undefined && isSelectorOf(field, choices.resource)
				? { ...field, default: chosen }
				: field;
		}),
	};
	return { replacements };
}
