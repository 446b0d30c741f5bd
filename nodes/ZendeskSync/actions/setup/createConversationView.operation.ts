/**
 * Setup: Create Conversation View.
 *
 * If such a view exists, it is returned and none is created.
 */

import { type IExecuteFunctions, type INodeProperties, NodeOperationError } from 'n8n-workflow';
import type { Execute, Operation } from '../../../shared/operation';
import { sameTitle, tagsAt, tagsField, titleAt } from './tags';
import { viewConditions } from '../../../../domain/agentView';
import { sameConditions } from '../../../../domain/closing';
import { eachItem } from '../../../shared/items';
import { idIn, locatorField } from '../../../shared/locator';
import { trimmedParameter } from '../../../shared/parameters';
import { creationAt } from '../../../shared/tries';
import { zendeskOf } from '../../api/client';
import { createView, listViews } from '../../api/rules';
import { groupLocator } from '../locators';
import { isZendeskId } from '../../api/paths';

const properties: INodeProperties[] = [
	{
		displayName: 'Title',
		name: 'title',
		type: 'string',
		required: true,
		default: 'Conversations by SMS and WhatsApp',
		description: "The name of the view in agents' list of views",
	},
	tagsField,
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options: [
			locatorField(groupLocator, {
				displayName: 'Group',
				name: 'groupId',
				description: 'The only group that can see the view. By default all agents can.',
			}),
		],
	},
];

/** @throws NodeOperationError if it is not an id: Zendesk would let nobody see the view */
function groupAt(context: IExecuteFunctions, itemIndex: number): string | undefined {
	const id = idIn(groupLocator, trimmedParameter(context, 'options.groupId', itemIndex));
	if (id === '') return undefined;
	if (isZendeskId(id)) return id;
	throw new NodeOperationError(context.getNode(), `'Group' is not a valid ID: '${id}'`, {
		itemIndex,
		description: 'Choose from the list, or enter the ID that Zendesk shows for it.',
	});
}

const execute: Execute = async (context, items) => {
	const zendesk = await zendeskOf(context);
	return await eachItem(context, items, async (_input, itemIndex) => {
		const title = titleAt(context, itemIndex);
		const all = viewConditions(tagsAt(context, itemIndex));
		const groupId = groupAt(context, itemIndex);
		const found = (await listViews(zendesk)).filter(
			(view) =>
				sameTitle(view.title, title) || (view.any.length === 0 && sameConditions(view.all, all)),
		);
		// Prefer an active view to an inactive one.
		const existing = found.find(({ isActive }) => isActive) ?? found[0];
		const creation = creationAt(context, itemIndex);
		const isOwn = !existing || creation.isAsked;
		creation.isAsked = isOwn;
		const view = existing ?? (await createView(zendesk, { title, all, groupId }));
		const isOff = !view.isActive;
		return {
			outcome: isOwn ? 'created' : 'exists',
			viewId: view.id,
			title: view.title,
			active: view.isActive,
			viewUrl: `${zendesk.origin}/agent/filters/${view.id}`,
			warnings: isOff
				? [`The view '${view.title}' is inactive. Activate it in Admin Center > Views.`]
				: [],
		};
	});
};

export const createConversationView: Operation = {
	properties,
	execute,
};
