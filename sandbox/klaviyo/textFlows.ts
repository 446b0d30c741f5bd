import { crockford, word } from '../random';
import { render, variablesOf } from './flowWebhooks';
import type { Klaviyo } from './context';
import { canReceiveSms } from './jsonApi';
import type { Event, TextFlow } from './model';

/** A flow that starts at each event of a metric tracked by API and texts, as a person builds it in Klaviyo. */
export function addTextFlow({ core, store }: Klaviyo, wanted: Omit<TextFlow, 'id'>): TextFlow {
	const flow = { ...wanted, id: word(core.roll, crockford, 6) };
	store.textFlows.set(flow.id, flow);
	core.changes.announce();
	return flow;
}

/** Texts for an event that was recorded now. Who cannot receive SMS is skipped without a word. */
export function runTextFlows({ store, texting }: Klaviyo, event: Event): void {
	const profile = store.profiles.get(event.profileId);
	if (profile === undefined || !canReceiveSms(profile)) return;
	for (const flow of store.textFlows.values()) {
		if (event.metric !== store.metric(flow.metric, 'API')) continue;
		const body = render(flow.body, variablesOf(event, profile), {
			flowJson: 'raw',
			flowTime: 'timestamp',
		});
		texting.send(profile, body, 'flow');
	}
}
