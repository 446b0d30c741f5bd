import { crockford, word } from '../random';
import { render, variablesOf } from './flowWebhooks';
import type { Klaviyo } from './context';
import { canReceiveSms } from './jsonApi';
import type { Event, MessageFlow } from './model';

/** A flow that starts at each event of a metric tracked by API and sends a message, as a person builds it in Klaviyo. */
export function addMessageFlow(
	{ core, store }: Klaviyo,
	wanted: Omit<MessageFlow, 'id'>,
): MessageFlow {
	const flow = { ...wanted, id: word(core.roll, crockford, 6) };
	store.messageFlows.set(flow.id, flow);
	core.changes.announce();
	return flow;
}

/** Sends the messages for an event that was just recorded. Silently skips profiles that cannot receive them. */
export function runMessageFlows({ store, messaging }: Klaviyo, event: Event): void {
	const profile = store.profiles.get(event.profileId);
	if (profile === undefined) return;
	for (const flow of store.messageFlows.values()) {
		// An approved template reaches a customer after 24 hours, too.
		if (flow.channel === 'sms' && !canReceiveSms(profile)) continue;
		if (event.metric !== store.metric(flow.metric, 'API')) continue;
		const body = render(flow.body, variablesOf(event, profile), {
			flowJson: 'raw',
			flowTime: 'timestamp',
		});
		messaging.send(profile, body, 'flow', { channel: flow.channel });
	}
}
