/** Whether solved conversations are closed, so that a later message opens a new ticket. */
import { closesAfter, closesTagged, mayMissTickets } from '../../../../domain/closing';
import type { CheckResult } from '../../../shared/setupProbes';
import { type Capability, features, type Probes } from '../../api/probes';
import { listAutomations } from '../../api/rules';

async function find({ vendor: zendesk }: Probes, { tag }: { tag: string }): Promise<CheckResult> {
	const closing = (await listAutomations(zendesk)).filter((rule) => closesTagged(rule, tag));
	const sound = closing
		.filter((rule) => !mayMissTickets(rule))
		.sort((a, b) => (closesAfter(a) ?? Infinity) - (closesAfter(b) ?? Infinity));
	const [first] = sound;
	const trapped = closing.filter(mayMissTickets).map(({ title }) => `'${title}'`);
	const trap =
		trapped.length > 0
			? `${trapped.join(', ')} matches tickets for one hour only ("hours since solved is"), and may miss some`
			: '';
	if (!first)
		return {
			status: 'missing',
			detail:
				trap ||
				`No automation certainly closes solved tickets with the tag '${tag}'. Zendesk itself closes them after 28 days`,
		};
	const done = `'${first.title}' closes tickets ${closesAfter(first)} hours after they are solved`;
	return { status: 'ready', detail: trap ? `${done}; ${trap}` : done };
}

export const closingAutomation: Capability = {
	check: 'Closing automation',
	isOptional: true,
	features: [features.closing],
	neededFor:
		"A new ticket for a customer who writes again days later, and the metric 'Resolved Ticket', which counts closed tickets",
	howToFix:
		"Run 'Setup: Create Closing Automation', or change the automation's condition to \"hours since solved greater than\".",
	find,
};
