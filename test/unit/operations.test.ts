import { resources as klaviyo } from '../../nodes/Klaviyo/actions';
import { Klaviyo } from '../../nodes/Klaviyo/Klaviyo.node';
import { eventRoles } from '../../nodes/shared/eventRoles';
import type { ResourceMap } from '../../nodes/shared/operation';
import { resources as zendesk } from '../../nodes/ZendeskSync/actions';
import { ZendeskSync } from '../../nodes/ZendeskSync/ZendeskSync.node';

const valuesOf = (options: unknown): string[] =>
	(options as Array<{ value: string }>).map(({ value }) => value).sort();

describe.each<[string, ResourceMap, Klaviyo | ZendeskSync]>([
	['Klaviyo', klaviyo, new Klaviyo()],
	['Zendesk Sync', zendesk, new ZendeskSync()],
])('What a builder can choose in %s', (_name, resources, { description }) => {
	it('is each resource that has operations', () => {
		const field = description.properties.find(({ name }) => name === 'resource');
		expect(valuesOf(field?.options)).toEqual(Object.keys(resources).sort());
	});

	it.each(Object.entries(resources))('is each operation of %s', (name, resource) => {
		expect(resource.selector.displayOptions).toEqual({ show: { resource: [name] } });
		expect(valuesOf(resource.selector.options)).toEqual(Object.keys(resource.operations).sort());
	});

	it.each(
		Object.entries(resources).flatMap(([name, { operations }]) =>
			Object.entries(operations).map(([operation, { properties }]) => ({
				name,
				operation,
				properties,
			})),
		),
	)('shows the fields of $name: $operation for it alone', ({ name, operation, properties }) => {
		const show = { resource: [name], operation: [operation] };
		const shown = description.properties.filter(
			({ displayOptions }) =>
				String(displayOptions?.show?.resource) === name &&
				String(displayOptions?.show?.operation) === operation,
		);
		// In a tool, some of them have another default: see tool.test.ts.
		const inNode = shown
			.filter(({ displayOptions }) => !displayOptions?.show?.['@tool'])
			.map((field) => {
				const { '@tool': _inTool, ...hide } = field.displayOptions?.hide ?? {};
				const { hide: _hide, ...displayOptions } = field.displayOptions ?? {};
				return {
					...field,
					displayOptions:
						Object.keys(hide).length > 0 ? { ...displayOptions, hide } : displayOptions,
				};
			});
		expect(inNode).toEqual(
			properties.map((field) => ({
				...field,
				displayOptions: {
					...field.displayOptions,
					show: { ...field.displayOptions?.show, ...show },
				},
			})),
		);
	});
});

it('What catch-up knows of an operation is what the operation says of itself', () => {
	const said = [klaviyo, zendesk].flatMap((resources: ResourceMap) =>
		Object.entries(resources).flatMap(([resource, { operations }]) =>
			Object.entries(operations).map(([name, { eventRole }]) => ({
				operation: `${resource}.${name}`,
				eventRole,
			})),
		),
	);
	expect(said.filter(({ operation, eventRole }) => eventRole !== eventRoles[operation])).toEqual(
		[],
	);
	const operations = new Set(said.map(({ operation }) => operation));
	expect(Object.keys(eventRoles).filter((operation) => !operations.has(operation))).toEqual([]);
});
