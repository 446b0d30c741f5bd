/** Whether agents see the conversations of every channel that wait, and solved ones are closed. */
import { showsTagged } from '../../../../domain/agentView';
import { closesAfter, closesTagged, mayMissTickets } from '../../../../domain/closing';
import type { CheckResult } from '../../../shared/setupProbes';
import { type Capability, type CheckOptions, features, type Probes } from '../../api/probes';
import { listAutomations, listViews, type Rule } from '../../api/rules';

const withTag = (tag: string): string => `with the tag '${tag}'`;

/** The first rule for each tag. */
const rulesFor = (tags: readonly string[], rules: readonly Rule[], isFor: typeof closesTagged) =>
	tags.map((tag) => ({ tag, rule: rules.find((rule) => isFor(rule, tag)) }));

/** `... certainly closes X with the tag 'a', and none those with the tag 'b'` */
const lacking = (what: string, tags: readonly string[]): string =>
	`No ${what} ${tags.map(withTag).join(', and none those ')}`;

async function findClosing(
	{ vendor: zendesk }: Probes,
	{ tags }: CheckOptions,
): Promise<CheckResult> {
	const rules = await listAutomations(zendesk);
	const sound = rules
		.filter((rule) => !mayMissTickets(rule))
		.sort((a, b) => (closesAfter(a) ?? Infinity) - (closesAfter(b) ?? Infinity));
	const found = rulesFor(tags, sound, closesTagged);
	const missing = found.flatMap(({ tag, rule }) => (rule ? [] : [tag]));
	const isOne = new Set(found.map(({ rule }) => rule)).size === 1;
	const done = found.flatMap(({ tag, rule }) =>
		rule
			? `'${rule.title}' closes tickets ${isOne ? '' : `${withTag(tag)} `}${closesAfter(rule)} hours after they are solved`
			: [],
	);
	const trapped = rules
		.filter((rule) => mayMissTickets(rule) && tags.some((tag) => closesTagged(rule, tag)))
		.map(({ title }) => `'${title}'`);
	const trap =
		trapped.length > 0
			? [
					`${trapped.join(', ')} matches tickets for one hour only ("hours since solved is"), and may miss some`,
				]
			: [];
	const said = [...new Set(done), ...trap].join('; ');
	if (missing.length === 0) return { status: 'ready', detail: said };
	const lack = `${lacking('automation certainly closes solved tickets', missing)}. Zendesk itself closes them after 28 days`;
	return { status: 'missing', detail: said ? `${lack}. ${said}` : lack };
}

export const closingAutomation: Capability = {
	check: 'Closing automation',
	isOptional: true,
	features: [features.closing],
	neededFor:
		"A new ticket for a customer who writes again days later, and the metric 'Resolved Ticket', which counts closed tickets",
	howToFix:
		"Run 'Setup: Create Closing Automation', or change the automation's condition to \"hours since solved greater than\". Leave the tags of channels that you do not use out of 'Tags'.",
	find: findClosing,
};

async function findView({ vendor: zendesk }: Probes, { tags }: CheckOptions): Promise<CheckResult> {
	const found = rulesFor(tags, await listViews(zendesk), showsTagged);
	const missing = found.flatMap(({ tag, rule }) => (rule ? [] : [tag]));
	if (missing.length > 0)
		return {
			status: 'missing',
			detail: lacking('view certainly shows all unsolved tickets', missing),
		};
	const titles = found.flatMap(({ rule }) => (rule ? `'${rule.title}'` : []));
	return { status: 'ready', detail: [...new Set(titles)].join(', ') };
}

export const conversationView: Capability = {
	check: 'Conversation view',
	isOptional: true,
	features: [features.view],
	neededFor: 'Agents who look for conversations that wait, by any channel, in one list',
	howToFix:
		"Run 'Setup: Create Conversation View', or look for these tickets another way. Leave the tags of channels that you do not use out of 'Tags'.",
	find: findView,
};
