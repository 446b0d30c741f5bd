import { z } from 'zod';
import { stamp } from '../clock';
import type { Zendesk } from './context';
import type { Rule } from './model';
import { pageOf, pageQuery } from './paging';
import { brands, customFields, groups, ticketForms } from './store';
import { invalidRecord, notFound } from './wording';

const madeAt = '2024-01-01T00:00:00Z';

export function groupJson(group: {
	id: number;
	name: string;
	isDefault: boolean;
}): Record<string, unknown> {
	return {
		id: group.id,
		name: group.name,
		description: '',
		is_public: true,
		default: group.isDefault,
		deleted: false,
		created_at: madeAt,
		updated_at: madeAt,
	};
}

/** What an account has: brands, groups, ticket fields, statuses; views and automations can be created. */
export function accountRoutes(zendesk: Zendesk): void {
	const { app, core, store } = zendesk;
	const both = (path: string, answer: () => unknown): void => {
		app.get(path, async () => answer());
		app.get(`${path}.json`, async () => answer());
	};
	const list = z.object({ ...pageQuery, active: z.enum(['true', 'false']).optional() });
	/** At most a hundred per page. */
	const paged = (path: string, name: string, all: () => Array<Record<string, unknown>>): void => {
		for (const address of [path, `${path}.json`])
			app.get(address, { schema: { querystring: list } }, async (request) => {
				const { active, ...query } = request.query;
				const found = all().filter(
					(rule) => active === undefined || String(rule.active) === active,
				);
				const page = pageOf(found, query, `${zendesk.baseUrl()}${path}.json`);
				return { [name]: page.items, ...page.envelope };
			});
	};
	paged('/api/v2/brands', 'brands', () => brands.map(brandJson));
	paged('/api/v2/groups', 'groups', () => groups.map(groupJson));
	paged('/api/v2/ticket_forms', 'ticket_forms', () =>
		ticketForms.map(({ id, name, isDefault }) => ({
			id,
			name,
			raw_name: name,
			display_name: name,
			active: true,
			default: isDefault,
			end_user_visible: true,
			ticket_field_ids: [...systemFields.keys()].map((at) => 360003000001 + at),
			created_at: madeAt,
			updated_at: madeAt,
		})),
	);
	paged('/api/v2/ticket_fields', 'ticket_fields', ticketFields);
	both('/api/v2/custom_statuses', () => ({
		custom_statuses: customStatuses(core.switches.customStatuses),
	}));
	both('/api/v2/account/settings', () => ({
		settings: {
			limits: { attachment_size: 52428800 },
			brands: { default_brand_id: brands[0].id, require_brand_on_new_tickets: false },
			tickets: {
				comments_public_by_default: true,
				private_attachments: core.switches.secureDownloads,
				status_hold: true,
			},
			user: { end_user_phone_number_validation: false },
		},
	}));

	const condition = z.object({ field: z.string(), operator: z.string(), value: z.coerce.string() });
	const lists = { all: z.array(condition).optional(), any: z.array(condition).optional() };
	const automation = z.object({
		automation: z.object({
			title: z.string().min(1),
			active: z.boolean().optional(),
			conditions: z.object(lists).optional(),
			...lists,
			actions: z.array(z.object({ field: z.string(), value: z.unknown() })).min(1),
		}),
	});
	app.post('/api/v2/automations', { schema: { body: automation } }, async (request, reply) => {
		const wanted = request.body.automation;
		const conditions = {
			all: wanted.conditions?.all ?? wanted.all ?? [],
			any: wanted.conditions?.any ?? wanted.any ?? [],
		};
		checkAutomation(store.automations.values(), conditions);
		const rule: Rule = {
			id: store.nextId(),
			title: wanted.title,
			active: wanted.active ?? true,
			conditions,
			actions: wanted.actions.map(({ field, value }) => ({ field, value })),
			createdAt: core.clock.now(),
			isDefault: false,
		};
		store.automations.set(rule.id, rule);
		return reply.code(201).send({ automation: ruleJson(rule) });
	});
	paged('/api/v2/automations', 'automations', () => [...store.automations.values()].map(ruleJson));
	const byId = z.object({ id: z.coerce.number().int() });
	app.delete('/api/v2/automations/:id', { schema: { params: byId } }, async (request, reply) => {
		if (!store.automations.delete(request.params.id)) throw notFound();
		return reply.code(204).send();
	});

	const view = z.object({
		view: z.object({
			title: z.string().min(1),
			description: z.string().optional(),
			active: z.boolean().optional(),
			...lists,
			output: z.record(z.unknown()).optional(),
			restriction: z.unknown().optional(),
		}),
	});
	const stable = ['status', 'type', 'group_id', 'assignee_id', 'requester_id'];
	app.post('/api/v2/views', { schema: { body: view } }, async (request, reply) => {
		const wanted = request.body.view;
		const all = wanted.all ?? [];
		if (!all.some(({ field }) => stable.includes(field)))
			throw invalidRecord({
				base: [{ description: `One of ${stable.join(', ')} must be in all`, error: 'Invalid' }],
			});
		const rule = {
			id: store.nextId(),
			title: wanted.title,
			active: wanted.active ?? true,
			conditions: { all, any: wanted.any ?? [] },
			actions: [],
			createdAt: core.clock.now(),
			isDefault: false,
			output: wanted.output ?? {},
		};
		store.views.set(rule.id, rule);
		return reply.code(200).send({ view: { ...ruleJson(rule), execution: rule.output } });
	});
	paged('/api/v2/views', 'views', () =>
		[...store.views.values()].map((rule) => ({ ...ruleJson(rule), execution: rule.output })),
	);
}

function checkAutomation(rules: Iterable<Rule>, conditions: Rule['conditions']): void {
	const refuse = (description: string): never => {
		throw invalidRecord({ base: [{ description, error: 'Invalid' }] });
	};
	const needed = ['status', 'type', 'group_id', 'assignee_id', 'requester_id'];
	if (!conditions.all.some(({ field }) => /^[A-Z_]+$/.test(field)))
		refuse('A time-based condition is needed in all');
	if (!conditions.all.some(({ field }) => needed.includes(field)))
		refuse(`One of ${needed.join(', ')} is needed in all`);
	for (const rule of rules)
		if (rule.active && JSON.stringify(rule.conditions) === JSON.stringify(conditions))
			refuse('An active automation with the same conditions exists');
}

function ruleJson(rule: Rule): Record<string, unknown> {
	return {
		id: rule.id,
		title: rule.title,
		raw_title: rule.title,
		active: rule.active,
		default: rule.isDefault,
		position: 1,
		conditions: rule.conditions,
		...(rule.actions.length > 0 ? { actions: rule.actions } : {}),
		created_at: stamp(rule.createdAt),
		updated_at: stamp(rule.createdAt),
	};
}

function brandJson(brand: (typeof brands)[number]): Record<string, unknown> {
	return {
		id: brand.id,
		name: brand.name,
		subdomain: brand.subdomain,
		brand_url: `https://${brand.subdomain}.zendesk.com`,
		active: true,
		default: brand.isDefault,
		is_deleted: false,
		has_help_center: false,
		help_center_state: 'disabled',
		ticket_form_ids: ticketForms.map(({ id }) => id),
		created_at: madeAt,
		updated_at: madeAt,
	};
}

const systemFields = [
	['Subject', 'subject'],
	['Description', 'description'],
	['Status', 'status'],
	['Type', 'tickettype'],
	['Priority', 'priority'],
	['Group', 'group'],
	['Assignee', 'assignee'],
] as const;

function ticketFields(): Array<Record<string, unknown>> {
	const field = (
		id: number,
		title: string,
		type: string,
		removable: boolean,
	): Record<string, unknown> => ({
		id,
		title,
		raw_title: title,
		type,
		active: true,
		required: false,
		removable,
		tag: null,
		created_at: madeAt,
		updated_at: madeAt,
	});
	return [
		...systemFields.map(([title, type], at) => field(360003000001 + at, title, type, false)),
		...customFields.map(({ id, title, type, options }) => ({
			...field(id, title, type, true),
			...(options.length > 0 ? { custom_field_options: options } : {}),
		})),
	];
}

/** The five that every account has, and one that this account created. */
function customStatuses(hasOwn: boolean): unknown[] {
	const status = (id: number, category: string, label: string, isDefault: boolean): unknown => ({
		id,
		status_category: category,
		agent_label: label,
		end_user_label: category,
		active: true,
		default: isDefault,
		created_at: madeAt,
		updated_at: madeAt,
	});
	return [
		...['new', 'open', 'pending', 'hold', 'solved'].map((category, at) =>
			status(
				360005000001 + at,
				category,
				category.charAt(0).toUpperCase() + category.slice(1),
				true,
			),
		),
		...(hasOwn ? [status(360005000006, 'pending', 'Waiting for the warehouse', false)] : []),
	];
}
