/** Closing solved tickets by an automation of Zendesk's, which makes a conversation's next message open a new ticket. */

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
export const LONGEST_HOURS = 28 * 24 - 1;

/**
 * Automations run once an hour, and count whole hours. `is` would match in the one run of its hour only: a run that is
 * missed, or a cycle with more than 1,000 tickets, and the ticket is never closed. "More than 23" is 24 and later.
 * https://support.zendesk.com/hc/en-us/articles/4408836495130
 */
export const closingConditions = (hours: number, tag: string): RuleCondition[] => [
	{ field: 'status', operator: 'is', value: 'solved' },
	{ field: 'SOLVED', operator: 'greater_than', value: String(hours - 1) },
	{ field: 'current_tags', operator: 'includes', value: tag },
];

const asText = (conditions: RuleCondition[]): string =>
	conditions
		.map(({ field, operator, value }) => `${field} ${operator} ${value}`)
		.sort()
		.join('\n');

export const sameConditions = (one: RuleCondition[], other: RuleCondition[]): boolean =>
	asText(one) === asText(other);

/** Exact, and in business hours. */
const IN_ITS_HOUR_ONLY = ['is', 'is_business_hours'];
const FROM_THEN_ON: Record<string, number> = { greater_than: 1, greater_than_business_hours: 1 };

const sinceSolved = ({ all }: ClosingRule): RuleCondition | undefined =>
	all.find(({ field }) => field.toUpperCase() === 'SOLVED');

/** Whether it may miss tickets: it looks at them in one hour's run only. */
export const hasWindowTrap = (rule: ClosingRule): boolean =>
	IN_ITS_HOUR_ONLY.includes(sinceSolved(rule)?.operator ?? '');

/** @returns after how many hours the rule closes solved tickets; undefined for a rule that does not */
export function closesAfter(rule: ClosingRule): number | undefined {
	const closes = rule.actions.some(({ field, value }) => field === 'status' && value === 'closed');
	const since = sinceSolved(rule);
	const hours = Number(since?.value);
	if (!closes || !since || !Number.isFinite(hours)) return undefined;
	return hours + (FROM_THEN_ON[since.operator] ?? 0);
}

/** Whether nothing but the status, the hours and the tag decides, so that it is known to close every ticket with the tag. */
export function closesTagged(rule: ClosingRule, tag: string): boolean {
	if (!rule.isActive || closesAfter(rule) === undefined || rule.any.length > 0) return false;
	return rule.all.every(({ field, operator, value }) => {
		if (field.toUpperCase() === 'SOLVED') return true;
		if (field === 'status') return operator === 'is' && value === 'solved';
		return field === 'current_tags' && operator === 'includes' && value.split(/\s+/).includes(tag);
	});
}
