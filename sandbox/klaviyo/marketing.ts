import { crockford, word } from '../random';
import type { SandboxMarketing } from '../types';
import type { Klaviyo } from './context';
import type { Metric, Profile } from './model';

/** As Klaviyo's reference and its list of metrics have them. */
const agentMetricNames = {
	short: {
		started: 'Started Conversation',
		resolved: 'Conversation Resolved',
		escalated: 'Conversation Escalated',
	},
	long: {
		started: 'Started Conversation with Customer Agent',
		resolved: 'Conversation with Customer Agent Resolved',
		escalated: 'Conversation with Customer Agent Escalated',
	},
} as const;

/** Orders, emails, lists and segments, and what Klaviyo calculates. */
export function klaviyoMarketing({ core, store, messaging }: Klaviyo): SandboxMarketing {
	const known = (id: string): Profile => {
		const profile = store.profiles.get(id);
		if (profile === undefined) throw new Error(`There is no profile ${id}`);
		return profile;
	};
	const record = (
		metric: Metric,
		profileId: string,
		at: number,
		properties: Record<string, unknown>,
		uniqueId?: string,
	): void => {
		const event = store.makeEvent({ metric, profileId, at, properties, uniqueId });
		if (event) messaging.show(event, 0);
	};
	return {
		order(profileId, { orderId, value, currency, items, at = core.clock.now(), by = 'Shopify' }) {
			const properties = {
				...(items ? { Items: items } : {}),
				...(value === undefined ? {} : { $value: value }),
				...(currency === undefined ? {} : { $currency_code: currency }),
			};
			record(store.metric('Placed Order', by), known(profileId).id, at, properties, orderId);
		},
		email(profileId, { kind, name, at = core.clock.now() }) {
			record(
				store.metric('Received Email', 'Klaviyo'),
				known(profileId).id,
				at,
				{
					Subject: 'Hello',
					'Campaign Name': name,
					$message: '01EMAILMESSAGESANDBOX00001',
					...(kind === 'flow' ? { $flow: 'SBFLOW' } : {}),
				},
				word(core.roll, crockford, 20),
			);
		},
		predict(profileId, predictions) {
			known(profileId).predictions = predictions;
		},
		agent(profileId, what, { channel = 'SMS', at = core.clock.now() } = {}) {
			const name = agentMetricNames[core.switches.agentMetrics][what];
			const properties = {
				'Conversation ID': 'CONV01SANDBOX',
				...(core.switches.agentChannels ? { Channel: channel } : {}),
				...(what === 'escalated' ? { 'Escalation Reason': 'shopper-requested' } : {}),
			};
			record(
				store.metric(name, 'Klaviyo'),
				known(profileId).id,
				at,
				properties,
				word(core.roll, crockford, 20),
			);
		},
		setEmailConsent(profileId, isGiven) {
			const state = isGiven ? 'SUBSCRIBED' : 'UNSUBSCRIBED';
			known(profileId).emailMarketing = { state, at: core.clock.now(), detail: 'Sandbox' };
		},
		join(kind, name, profileId) {
			const groups = store[kind];
			const there = [...groups.values()].find((group) => group.name === name);
			const made = {
				id: word(core.roll, crockford, 6),
				name,
				createdAt: core.clock.now(),
				members: new Set<string>(),
			};
			const group = there ?? made;
			group.members.add(known(profileId).id);
			if (there) return;
			if (kind === 'lists') store.lists.set(made.id, made);
			else store.segments.set(made.id, { ...made, definition: {}, isStarred: false });
		},
	};
}
