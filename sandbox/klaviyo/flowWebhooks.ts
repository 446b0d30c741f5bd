import { hour, second } from '../clock';
import type { Core } from '../core';
import { crockford, word } from '../random';
import type { SandboxSwitches } from '../types';
import type { Event, FlowWebhook, Profile } from './model';
import { isoOffset } from './jsonApi';
import type { Store } from './store';

const retries = 17;
/** Doubling delays that end after 24 hours. */
const firstDelay = (24 * hour) / (2 ** retries - 1);

/** A flow that starts at each event of a metric and posts to a URL, as a person builds it in Klaviyo. */
export function addFlowWebhook(
	core: Core,
	store: Store,
	wanted: Omit<FlowWebhook, 'id'>,
): FlowWebhook {
	const flow = { ...wanted, id: word(core.roll, crockford, 6) };
	store.flowWebhooks.set(flow.id, flow);
	core.changes.announce();
	return flow;
}

/** Posts each event of a flow's metric in a request of its own. */
export function runFlows(core: Core, store: Store, events: readonly Event[]): void {
	for (const flow of store.flowWebhooks.values())
		for (const event of events)
			if (event.metric === store.metric(flow.metric, 'Klaviyo')) post(core, store, flow, event);
}

function post(core: Core, store: Store, flow: FlowWebhook, event: Event): void {
	const body = render(flow.body, variablesOf(event, store.profiles.get(event.profileId)), {
		...core.switches,
	});
	core.sender.send({
		vendor: 'klaviyo',
		webhookId: flow.id,
		url: flow.url,
		eventIds: [event.id],
		timeout: 5 * second,
		request: () => ({ body, headers: { ...flow.headers, 'x-klaviyo-flow-id': flow.id } }),
		retryIn: ({ status }, attempt) =>
			(status !== null && status >= 200 && status < 300) || attempt > retries
				? undefined
				: firstDelay * 2 ** (attempt - 1),
	});
}

type Variables = Record<string, unknown>;

/** The variables of a flow's template. `$extra` is called `extra` there. */
export function variablesOf(
	event: Pick<Event, 'properties' | 'at'>,
	profile: Pick<Profile, 'id' | 'email' | 'phone'> | undefined,
): Variables {
	return {
		event: {
			...event.properties,
			extra: event.properties.$extra ?? {},
			timestamp: event.at / 1000,
			datetime: isoOffset(event.at).replace('T', ' '),
		},
		person: {
			KlaviyoID: profile?.id ?? '',
			email: profile?.email ?? '',
			phone_number: profile?.phone ?? '',
		},
	};
}

/** Fills in `{{ path|lookup:'name'|default:'text' }}`. Missing values are empty, as in Django's templates. */
export function render(
	template: string,
	variables: Variables,
	{ flowJson, flowTime }: Pick<SandboxSwitches, 'flowJson' | 'flowTime'>,
): string {
	return template.replace(/\{\{\s*(.+?)\s*\}\}/g, (_, expression: string) => {
		const [path = '', ...filters] = expression.split('|');
		const isUnknownTime =
			/^event\.(timestamp|datetime)$/.test(path) && path !== `event.${flowTime}`;
		let value = isUnknownTime
			? undefined
			: path.split('.').reduce<unknown>((found, name) => member(found, name), variables);
		for (const filter of filters) {
			const [, name, argument = ''] = /^(\w+)(?::'(.*)')?$/.exec(filter.trim()) ?? [];
			if (name === 'lookup') value = member(value, argument);
			else if (name === 'default') value = isMissing(value) ? argument : value;
			else throw new Error(`The sandbox knows no template filter '${filter}'`);
		}
		return isMissing(value) ? '' : escapeAs[flowJson](String(value));
	});
}

const member = (holder: unknown, name: string): unknown =>
	typeof holder === 'object' && holder !== null
		? (holder as Record<string, unknown>)[name]
		: undefined;

const isMissing = (value: unknown): boolean =>
	value === undefined || value === null || value === '';

const htmlEntities: Record<string, string> = {
	'&': '&amp;',
	'<': '&lt;',
	'>': '&gt;',
	'"': '&quot;',
	"'": '&#39;',
};

const escapeAs: Record<SandboxSwitches['flowJson'], (text: string) => string> = {
	escaped: (text) => JSON.stringify(text).slice(1, -1),
	raw: (text) => text,
	html: (text) => text.replace(/[&<>"']/g, (character) => htmlEntities[character] ?? character),
};
