/**
 * Setup: Create Closing Automation.
 *
 * If such an automation exists, it is returned and none is created.
 */

import {
	type IDataObject,
	type IExecuteFunctions,
	type INodeProperties,
	NodeOperationError,
} from 'n8n-workflow';
import {
	closesAfter,
	closingConditions,
	mayMissTickets,
	MAX_CLOSING_HOURS,
	sameConditions,
} from '../../../../domain/closing';
import type { Execute, Operation } from '../../../shared/operation';
import { sameTitle, tagsAt, tagsField, titleAt } from './tags';
import { creationAt } from '../../../shared/tries';
import { eachItem } from '../../../shared/items';
import { type Zendesk, zendeskOf } from '../../api/client';
import { createAutomation, listAutomations, type Rule } from '../../api/rules';

const properties: INodeProperties[] = [
	{
		displayName: 'Title',
		name: 'title',
		type: 'string',
		required: true,
		default: 'Close conversations by SMS and WhatsApp after they are solved',
		description: 'The name of the automation in Admin Center',
	},
	tagsField,
	{
		displayName: 'Hours After Solved',
		name: 'hours',
		type: 'number',
		typeOptions: { minValue: 2, maxValue: MAX_CLOSING_HOURS, numberPrecision: 0 },
		default: 24,
		description:
			"How long a solved conversation can be reopened by the customer's next message. After that, the next message opens a new ticket.",
	},
];

/** @throws NodeOperationError for hours that Zendesk cannot apply */
function hoursAt(context: IExecuteFunctions, itemIndex: number): number {
	const hours = Number(context.getNodeParameter('hours', itemIndex));
	if (Number.isInteger(hours) && hours >= 2 && hours <= MAX_CLOSING_HOURS) return hours;
	throw new NodeOperationError(
		context.getNode(),
		"'Hours After Solved' is not a whole number from 2 to 671",
		{
			itemIndex,
			description:
				'Automations run once an hour, and Zendesk itself closes solved tickets after 28 days.',
		},
	);
}

const findExisting = (rules: Rule[], title: string, all: Rule['all']): Rule | undefined => {
	const found = rules.filter(
		(rule) =>
			sameTitle(rule.title, title) ||
			(rule.any.length === 0 && closesAfter(rule) !== undefined && sameConditions(rule.all, all)),
	);
	return found.find(({ isActive }) => isActive) ?? found[0];
};

/** What somebody should check in the existing automations. */
function warningsOf(rules: Rule[], existing: Rule | undefined, hours: number): string[] {
	const trapped = rules.filter(
		(rule) => rule.isActive && closesAfter(rule) !== undefined && mayMissTickets(rule),
	);
	const actual = existing && closesAfter(existing);
	return [
		...trapped.map(
			({ title }) =>
				`The automation '${title}' matches tickets for one hour only ("hours since solved is"), so a ticket that it misses is never closed. Change the condition to "greater than" in Admin Center.`,
		),
		...(existing && !existing.isActive
			? [`The automation '${existing.title}' is inactive. Activate it in Admin Center.`]
			: []),
		...(existing && actual === undefined
			? [`The automation '${existing.title}' does not close solved tickets. Enter another title.`]
			: []),
		...(existing && actual !== undefined && actual !== hours && !mayMissTickets(existing)
			? [
					`The automation '${existing.title}' closes tickets after ${actual} hours, not ${hours}. Change it in Admin Center.`,
				]
			: []),
	];
}

async function establish(
	zendesk: Zendesk,
	title: string,
	tags: string,
	hours: number,
	creation: { isAsked: boolean },
): Promise<IDataObject> {
	const all = closingConditions(hours, tags);
	let rules = await listAutomations(zendesk);
	let existing = findExisting(rules, title, all);
	const wasAsked = creation.isAsked;
	let made: Rule | undefined;
	if (!existing) {
		creation.isAsked = true;
		const actions = [{ field: 'status', value: 'closed' }];
		const answer = await createAutomation(zendesk, { title, all, actions });
		if ('refused' in answer) {
			// Somebody has just created it: Zendesk refuses a second one with the same conditions.
			rules = await listAutomations(zendesk);
			existing = findExisting(rules, title, all);
			if (!existing) throw answer.refused;
		} else made = answer;
	}
	const automation = existing ?? made;
	return {
		outcome: existing && !wasAsked ? 'exists' : 'created',
		automationId: automation?.id,
		title: automation?.title,
		active: automation?.isActive,
		hoursAfterSolved: automation ? (closesAfter(automation) ?? null) : null,
		automationUrl: `${zendesk.origin}/admin/objects-rules/rules/automations/${automation?.id}`,
		warnings: warningsOf(rules, existing, hours),
	};
}

const execute: Execute = async (context, items) => {
	const zendesk = await zendeskOf(context);
	return await eachItem(
		context,
		items,
		async (_input, itemIndex) =>
			await establish(
				zendesk,
				titleAt(context, itemIndex),
				tagsAt(context, itemIndex),
				hoursAt(context, itemIndex),
				creationAt(context, itemIndex),
			),
	);
};

export const createClosingAutomation: Operation = {
	properties,
	execute,
};
