/** What stands under a node's name on the canvas, in the words of its panel. */
import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { deliverySubtitle } from './delivery';
import type { ResourceMap } from './operation';

const optionsOf = ({ options = [] }: INodeProperties): INodePropertyOptions[] =>
	options.flatMap((option) => ('value' in option ? option : []));

const nameOf = (options: readonly INodePropertyOptions[], value: string): string =>
	options.find((option) => option.value === value)?.name ?? value;

/** Such as `Ticket: Get Many`. */
export function operationSubtitle(resourceField: INodeProperties, resources: ResourceMap): string {
	const names = Object.entries(resources).flatMap(([resource, { selector, operations }]) =>
		Object.keys(operations).map((operation) => [
			`${resource}.${operation}`,
			`${nameOf(optionsOf(resourceField), resource)}: ${nameOf(optionsOf(selector), operation)}`,
		]),
	);
	const words = JSON.stringify(Object.fromEntries(names));
	return `={{ (${words})[$parameter["resource"] + "." + $parameter["operation"]] }}`;
}

/**
 * Such as `Solved, Closed, once`. The canvas cuts its end off.
 *
 * @param more part of an expression, such as `$parameter["source"]`
 */
export function eventsSubtitle(options: readonly INodePropertyOptions[], more = '""'): string {
	const words = JSON.stringify(Object.fromEntries(options.map(({ name, value }) => [value, name])));
	return `={{ $parameter["events"].map((event) => (${words})[event]).join(", ") + (${deliverySubtitle}) + (${more}) }}`;
}
