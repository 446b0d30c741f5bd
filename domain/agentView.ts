/** A view of the conversations that wait, for agents. */
import type { ClosingRule, RuleCondition } from './closing';
import { hasTag } from './closing';

/** All tickets that are not solved yet. */
const UNSOLVED: RuleCondition = { field: 'status', operator: 'less_than', value: 'solved' };

/** @param tags separated by spaces: any of them */
export const viewConditions = (tags: string): RuleCondition[] => [
	UNSOLVED,
	{ field: 'current_tags', operator: 'includes', value: tags },
];

/** Whether the view certainly shows every unsolved ticket with the tag: only the status and the tag decide. */
export const showsTagged = (
	{ isActive, all, any }: Pick<ClosingRule, 'isActive' | 'all' | 'any'>,
	tag: string,
): boolean =>
	isActive &&
	any.length === 0 &&
	all.length > 0 &&
	all.every(({ field, operator, value }) =>
		field === 'status'
			? operator === 'less_than' && ['solved', 'closed'].includes(value)
			: field === 'current_tags' && hasTag({ operator, value }, tag),
	);
