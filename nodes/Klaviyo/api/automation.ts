/**
 * What Klaviyo shows of automations that answer customers beside us. No recorded answer shows the Customer Agent's
 * events: names and properties are those of Klaviyo's reference, and read with tolerance.
 * https://help.klaviyo.com/hc/en-us/articles/44813293727131
 */
import type { AgentSign, AutomationSigns } from '../../../domain/automation';
import { type Channel, conversationChannelOf } from '../../../domain/channel';
import { rememberedFor } from '../../shared/remembered';
import type { Klaviyo } from './client';
import { eventsOf, readTogether } from './eventReader';
import { eventTime } from './eventTime';
import { isKlaviyos } from './messageMetricIds';
import { readHistory } from './messageHistory';
import { metricsOf } from './messageMetrics';
import { allMetrics } from './metrics';
import { eventResource } from './wire';

type What = AgentSign['what'];

const AGENT = String.raw`(?:with (?:the )?customer agent)`;
/** In both forms in which Klaviyo writes them: `Conversation with Customer Agent Escalated`, `Conversation Escalated`. */
const NAMES: Readonly<Record<What, RegExp>> = {
	started: new RegExp(`^started (?:customer agent )?conversation(?: ${AGENT})?$`, 'i'),
	resolved: new RegExp(`^(?:customer agent )?conversation(?: ${AGENT})? resolved$`, 'i'),
	escalated: new RegExp(`^(?:customer agent )?conversation(?: ${AGENT})? escalated$`, 'i'),
};

/** @returns what a metric of the Customer Agent tells; undefined for any other metric */
export const agentMetric = (name: string): What | undefined =>
	(['started', 'resolved', 'escalated'] as const).find((what) => NAMES[what].test(name.trim()));

/** Whether two names are of one metric: without regard to case, and in either of the Customer Agent's forms. */
export function isSameMetric(one: string, other: string): boolean {
	const what = agentMetric(one);
	if (what !== undefined && what === agentMetric(other)) return true;
	return one.trim().toLowerCase() === other.trim().toLowerCase();
}

/** Milliseconds for which ids are remembered; less if one is missing, since a metric comes with its first event. */
const GOOD_FOR = 3_600_000;
const MISSING_FOR = 60_000;

/** By account: what each metric tells, by its id. */
const known = rememberedFor<ReadonlyMap<string, What>>((ids) =>
	new Set(ids.values()).size === 3 ? GOOD_FOR : MISSING_FOR,
);

/** @returns by metric id */
export const agentMetricIds = async (klaviyo: Klaviyo): Promise<ReadonlyMap<string, What>> =>
	await known.get(
		klaviyo.account,
		async () =>
			new Map(
				(await allMetrics(klaviyo)).flatMap(({ id, attributes: { name, integration } }) => {
					const what = agentMetric(name);
					const isOwn = isKlaviyos(integration) || /customer agent/i.test(name);
					return what && isOwn ? [[id, what] as const] : [];
				}),
			),
	);

function channelIn(properties: Record<string, unknown>): AgentSign['channel'] {
	const [, said] = Object.entries(properties).find(([name]) => /^channel$/i.test(name)) ?? [];
	if (typeof said !== 'string' || said.trim() === '') return null;
	if (/whats\s?app/i.test(said)) return 'whatsapp';
	if (/sms|rcs|mms|text/i.test(said)) return 'sms';
	return /mail|web|chat/i.test(said) ? 'other' : null;
}

async function agentSigns(
	klaviyo: Klaviyo,
	profileId: string,
	since: number,
): Promise<AgentSign[]> {
	const ids = await agentMetricIds(klaviyo);
	if (ids.size === 0) return [];
	const read = await readTogether(klaviyo, [...ids.keys()], async (metricIds) => {
		const events = await eventsOf(klaviyo, metricIds, { profileId, since });
		return events.flatMap((raw) => signOf(raw, ids, metricIds) ?? []);
	});
	return read.flat();
}

function signOf(
	raw: unknown,
	ids: ReadonlyMap<string, What>,
	asked: readonly string[],
): AgentSign | undefined {
	const { data } = eventResource.safeParse(raw);
	if (!data) return undefined;
	const { attributes, relationships } = data;
	const what = ids.get(
		relationships?.metric?.data?.id ?? (asked.length === 1 ? asked[0] : '') ?? '',
	);
	const time = eventTime(attributes.datetime, attributes.timestamp);
	if (!what || time === undefined) return undefined;
	return { what, at: Date.parse(time), channel: channelIn(attributes.event_properties ?? {}) };
}

async function answersTo(
	klaviyo: Klaviyo,
	profileId: string,
	channel: Channel,
	since: number,
): Promise<number[]> {
	const own = conversationChannelOf(channel);
	const metrics = metricsOf(['autoResponse'], [own]);
	const messages = await readHistory(klaviyo, profileId, { metrics, since, limit: 100 });
	return messages.map(({ sentAt }) => Date.parse(sentAt));
}

/** Milliseconds before a message in which the conversation that it belongs to may have begun. */
const CONVERSATION = 24 * 3_600_000;

/** @throws NodeApiError if Klaviyo refuses to show it */
export const automationSigns = async (
	klaviyo: Klaviyo,
	of: {
		profileId: string;
		channel: Channel;
		sentAt: number;
		leaveTo: 'customerAgent' | 'automaticAnswers';
	},
): Promise<AutomationSigns> =>
	of.leaveTo === 'customerAgent'
		? { agent: await agentSigns(klaviyo, of.profileId, of.sentAt - CONVERSATION), answers: [] }
		: {
				agent: [],
				answers: await answersTo(klaviyo, of.profileId, of.channel, of.sentAt - CONVERSATION),
			};
