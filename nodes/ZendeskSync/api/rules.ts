/**
 * Views and automations.
 * https://developer.zendesk.com/api-reference/ticketing/business-rules/automations/
 */
import type { IDataObject } from 'n8n-workflow';
import { z } from 'zod';
import { isOk } from '../../shared/answer';
import { readPages, type Zendesk } from './client';
import { wireId } from './wire';
import { paths } from './paths';

const condition = z.object({
	field: z.string(),
	operator: z.string().nullish(),
	/** A list or a number for some fields. */
	value: z.unknown(),
});
export interface Condition {
	field: string;
	operator: string;
	value: string;
}

const conditions = z.array(condition).nullish();
const wireRule = z.object({
	id: wireId,
	title: z.string(),
	active: z.boolean().nullish(),
	conditions: z.object({ all: conditions, any: conditions }).nullish(),
	actions: z.array(z.object({ field: z.string(), value: z.unknown() })).nullish(),
});
type WireRule = z.infer<typeof wireRule>;

/** A view or an automation. */
export interface Rule {
	id: string;
	title: string;
	isActive: boolean;
	all: Condition[];
	any: Condition[];
	actions: Array<{ field: string; value: string }>;
}

const asConditions = (listed: z.infer<typeof conditions>): Condition[] =>
	(listed ?? []).map(({ field, operator, value }) => ({
		field,
		operator: operator ?? '',
		value: String(value ?? ''),
	}));

const asRule = ({ id, title, active, conditions: found, actions }: WireRule): Rule => ({
	id,
	title,
	isActive: active ?? true,
	all: asConditions(found?.all),
	any: asConditions(found?.any),
	actions: (actions ?? []).map(({ field, value }) => ({ field, value: String(value ?? '') })),
});

async function listRules(zendesk: Zendesk, kind: 'views' | 'automations'): Promise<Rule[]> {
	const what = `The ${kind} could not be listed`;
	const page = z.object({ [kind]: z.array(wireRule) });
	const { pages, last } = await readPages(zendesk, what, paths[kind], {}, page);
	if (!isOk(last)) throw zendesk.refusal(what, last);
	return pages.flatMap((one) => (one[kind] ?? []).map(asRule));
}

/** Shared views, and those of the credential's user. */
export const listViews = async (zendesk: Zendesk): Promise<Rule[]> =>
	await listRules(zendesk, 'views');

export const listAutomations = async (zendesk: Zendesk): Promise<Rule[]> =>
	await listRules(zendesk, 'automations');

/**
 * Unlike an automation's, a view's conditions are at the top level.
 * https://developer.zendesk.com/api-reference/ticketing/business-rules/views/
 */
export async function createView(
	zendesk: Zendesk,
	view: { title: string; all: Condition[]; groupId: string | undefined },
): Promise<Rule> {
	const what = 'The view could not be created';
	const output: IDataObject = {
		columns: ['status', 'requester', 'description', 'updated', 'assignee'],
		group_by: 'status',
		group_order: 'asc',
		sort_by: 'updated',
		sort_order: 'desc',
	};
	const restriction = view.groupId
		? { restriction: { type: 'Group', ids: [Number(view.groupId)] } }
		: {};
	const answer = await zendesk.requestOk(what, {
		method: 'POST',
		path: paths.views,
		body: {
			view: {
				title: view.title,
				active: true,
				all: view.all,
				any: [],
				output,
				...restriction,
			} as unknown as IDataObject,
		},
		repeatable: false,
	});
	return asRule(zendesk.read(what, z.object({ view: wireRule }), answer).view);
}

/**
 * @returns the refusal if Zendesk does not accept the values, such as for a second automation with the same
 * conditions
 */
export async function createAutomation(
	zendesk: Zendesk,
	automation: { title: string; all: Condition[]; actions: Rule['actions'] },
): Promise<Rule | { refused: ReturnType<Zendesk['refusal']> }> {
	const what = 'The automation could not be created';
	const { title, all, actions } = automation;
	const answer = await zendesk.request({
		method: 'POST',
		path: paths.automations,
		body: {
			automation: {
				title,
				active: true,
				conditions: { all, any: [] },
				actions,
			} as unknown as IDataObject,
		},
		repeatable: false,
	});
	if (answer.status === 422) return { refused: zendesk.refusal(what, answer) };
	if (!isOk(answer)) throw zendesk.refusal(what, answer);
	return asRule(zendesk.read(what, z.object({ automation: wireRule }), answer).automation);
}
