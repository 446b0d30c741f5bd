/** Closing solved tickets with a Zendesk automation, so that a conversation's next message opens a new ticket. */

export interface RuleCondition {
	field: string;
	operator: string;
	value: string;
}

export interface ClosingRule {
	title: string;
	isActive: boolean;
	all: RuleCondition[];
	any: RuleCondition[];
	actions: Array<{ field: string; value: string }>;
}

/** Zendesk closes solved tickets by itself after 28 days. */
export const MAX_CLOSING_HOURS = 28 * 24 - 1;

/**
 * Automations run once an hour and count whole hours. `is` would match in the run of that one hour only: if that run is
 * missed, or has more than 1,000 tickets, the ticket is never closed. "Greater than 23" matches from hour 24 on.
 * https://support.zendesk.com/hc/en-us/articles/4408836495130
 *
 * @param tags separated by spaces: any of them
 */
export const closingConditions = (hours: number, tags: string): RuleCondition[] => [
	{ field: 'status', operator: 'is', value: 'solved' },
	{ field: 'SOLVED', operator: 'greater_than', value: String(hours - 1) },
	{ field: 'current_tags', operator: 'includes', value: tags },
];

const normalized = (conditions: RuleCondition[]): string =>
	conditions
		.map(({ field, operator, value }) => `${field} ${operator} ${value}`)
		.sort()
		.join('\n');

export const sameConditions = (one: RuleCondition[], other: RuleCondition[]): boolean =>
	normalized(one) === normalized(other);

/** They match in one hour's run only. */
const EXACT_OPERATORS = ['is', 'is_business_hours'];
const EXTRA_HOURS: Record<string, number> = { greater_than: 1, greater_than_business_hours: 1 };

const sinceSolved = ({ all }: ClosingRule): RuleCondition | undefined =>
	all.find(({ field }) => field.toUpperCase() === 'SOLVED');

/** Whether the rule may miss tickets, because it matches them in one hour's run only. */
export const mayMissTickets = (rule: ClosingRule): boolean =>
	EXACT_OPERATORS.includes(sinceSolved(rule)?.operator ?? '');

/** @returns the hours after which the rule closes solved tickets; undefined if it does not */
export function closesAfter(rule: ClosingRule): number | undefined {
	const closes = rule.actions.some(({ field, value }) => field === 'status' && value === 'closed');
	const since = sinceSolved(rule);
	const hours = Number(since?.value);
	if (!closes || !since || !Number.isFinite(hours)) return undefined;
	return hours + (EXTRA_HOURS[since.operator] ?? 0);
}

/** Whether a condition on tags is met by a ticket with this one. */
export const hasTag = ({ operator, value }: Omit<RuleCondition, 'field'>, tag: string): boolean =>
	operator === 'includes' && value.split(/[\s,]+/).includes(tag);

/** Whether the rule certainly closes every ticket with the tag: only the status, the hours and the tag decide. */
export function closesTagged(rule: ClosingRule, tag: string): boolean {
	if (!rule.isActive || closesAfter(rule) === undefined || rule.any.length > 0) return false;
	return rule.all.every(({ field, operator, value }) => {
		if (field.toUpperCase() === 'SOLVED') return true;
		if (field === 'status') return operator === 'is' && value === 'solved';
		return field === 'current_tags' && hasTag({ operator, value }, tag);
	});
}
