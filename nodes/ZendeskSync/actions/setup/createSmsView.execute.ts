/** Finds the view that is there instead of making a second one. */
import { sameConditions } from '../../../../domain/closing';
import { eachItem } from '../../../shared/items';
import type { Execute } from '../../../shared/operation';
import { zendeskOf } from '../../api/client';
import { type Condition, createView, listViews } from '../../api/rules';
import { sameTitle, tagAt, titleAt } from './tag';

/** Whatever is not solved yet. */
const conditionsOf = (tag: string): Condition[] => [
	{ field: 'status', operator: 'less_than', value: 'solved' },
	{ field: 'current_tags', operator: 'includes', value: tag },
];

export const execute: Execute = async (context, items) => {
	const zendesk = await zendeskOf(context);
	return await eachItem(context, items, async (_input, itemIndex) => {
		const title = titleAt(context, itemIndex);
		const all = conditionsOf(tagAt(context, itemIndex));
		const { groupId } = context.getNodeParameter('options', itemIndex, {}) as {
			groupId?: string;
		};
		const found = (await listViews(zendesk)).filter(
			(view) =>
				sameTitle(view.title, title) || (view.any.length === 0 && sameConditions(view.all, all)),
		);
		// One that agents see comes before one that was turned off.
		const existing = found.find(({ isActive }) => isActive) ?? found[0];
		const view = existing ?? (await createView(zendesk, { title, all, groupId }));
		const isOff = !view.isActive;
		return {
			outcome: existing ? 'exists' : 'created',
			viewId: view.id,
			title: view.title,
			active: view.isActive,
			viewUrl: `${zendesk.origin}/agent/filters/${view.id}`,
			warnings: isOff
				? [`The view '${view.title}' is turned off: activate it in Admin Center > Views.`]
				: [],
		};
	});
};
