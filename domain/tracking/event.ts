/**
 * An event on a customer's timeline, and the limits that Klaviyo sets for it.
 * https://developers.klaviyo.com/en/reference/events_api_overview
 */

/** What identifies a profile. Only what is certain: several identifiers together can merge two people. */
export interface Identifiers {
	/** Klaviyo's own id. */
	id?: string;
	email?: string;
	/** E.164. */
	phone_number?: string;
	external_id?: string;
}

export interface MetricEvent {
	/** The metric's name. Klaviyo creates the metric with its first event. */
	name: string;
	/** Klaviyo keeps only the first of several events with the same profile, metric and unique id. */
	uniqueId: string;
	/** Whether the unique id is unique across profiles. If not, each profile may have an event with it. */
	isUniqueForAll?: boolean;
	/** ISO 8601 UTC. Klaviyo keeps whole seconds. */
	time: string;
	profile: Identifiers;
	/** Used if Klaviyo does not accept the profile's e-mail address. */
	fallbackProfile?: Identifiers;
	properties: Record<string, unknown>;
	/** Custom properties that the profile gets with the event. Klaviyo may leave them out if it has the event already. */
	profileProperties?: Record<string, unknown>;
	value?: number;
	/** ISO 4217. */
	valueCurrency?: string;
	/** Whether it is recorded without starting flows. */
	backfill?: boolean;
}

const MAX_NAME_LENGTH = 127;
const MAX_ID_LENGTH = 255;
const MAX_PROPERTIES = 400;
/** Bytes of UTF-8. */
const MAX_STRING_BYTES = 100_000;
const MAX_LIST_LENGTH = 4000;
const MAX_DEPTH = 10;
/** Klaviyo's limit for a request in bytes, less what surrounds the event in it. */
export const MAX_EVENT_BYTES = 4_500_000;
/** One page of Klaviyo's documentation says 1990, another 2000. */
const EARLIEST = Date.UTC(2000, 0, 1);
const YEAR = 365 * 86_400_000;

/**
 * @param now milliseconds since 1970
 * @returns why Klaviyo would refuse the event, in words; undefined if it would not
 */
export function eventFault(event: MetricEvent, now: number): string | undefined {
	const { name, uniqueId, properties } = event;
	if (name === '' || name.length > MAX_NAME_LENGTH)
		return `The metric's name must have 1 to ${MAX_NAME_LENGTH} characters, but has ${name.length}.`;
	if (uniqueId === '' || uniqueId.length > MAX_ID_LENGTH)
		return `The unique ID must have 1 to ${MAX_ID_LENGTH} characters, but has ${uniqueId.length}.`;
	const time = Date.parse(event.time);
	if (!(time >= EARLIEST && time <= now + YEAR))
		return `The time must be in 2000 or later and at most a year ahead, but is '${event.time}'.`;
	const count = Object.keys(properties).length;
	if (count > MAX_PROPERTIES)
		return `An event may have at most ${MAX_PROPERTIES} properties, but this one has ${count}.`;
	const fault = valueFault(properties, 'properties', 0);
	if (fault !== undefined) return fault;
	const size = sizeOf(properties);
	return size > MAX_EVENT_BYTES
		? `An event may have at most ${MAX_EVENT_BYTES} bytes, but this one has ${size}.`
		: undefined;
}

function valueFault(value: unknown, place: string, depth: number): string | undefined {
	if (typeof value === 'string')
		return value.length * 3 > MAX_STRING_BYTES && Buffer.byteLength(value) > MAX_STRING_BYTES
			? `'${place}' is longer than the ${MAX_STRING_BYTES} bytes that Klaviyo accepts.`
			: undefined;
	if (typeof value !== 'object' || value === null) return undefined;
	if (depth > MAX_DEPTH)
		return `'${place}' is nested deeper than the ${MAX_DEPTH} levels that Klaviyo accepts.`;
	if (Array.isArray(value) && value.length > MAX_LIST_LENGTH)
		return `'${place}' has more than the ${MAX_LIST_LENGTH} entries that Klaviyo accepts.`;
	for (const [name, inner] of Object.entries(value)) {
		const fault = valueFault(inner, `${place}.${name}`, depth + 1);
		if (fault !== undefined) return fault;
	}
	return undefined;
}

/** The size of a value as JSON, in bytes. */
export const sizeOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value) ?? '');

/** The names of properties that Klaviyo treats as "never set": 0, null and "". */
export const ignoredProperties = (properties: Record<string, unknown>): string[] =>
	Object.entries(properties)
		.filter(([, value]) => value === 0 || value === null || value === undefined || value === '')
		.map(([name]) => name);

/** Klaviyo accepts events for these addresses (202) and silently drops them. */
export const isDroppedSilently = ({ email }: Identifiers): boolean =>
	/@(example|test)\.com$/i.test(email ?? '');

const normalizedIdentifiers = ({
	id,
	email,
	phone_number,
	external_id,
}: Identifiers): Array<string | null> => [
	id ?? null,
	email?.toLowerCase() ?? null,
	phone_number ?? null,
	external_id ?? null,
];

/** Equal for events of which Klaviyo keeps only one, unless they identify the same profile in different ways. */
export const identityOf = ({ name, uniqueId, isUniqueForAll, profile }: MetricEvent): string =>
	JSON.stringify([name, uniqueId, ...(isUniqueForAll ? [] : normalizedIdentifiers(profile))]);

/** Whether both identify the same profile, by any identifier that both have. */
export function isSameProfile(one: Identifiers, other: Identifiers): boolean {
	const others = normalizedIdentifiers(other);
	return normalizedIdentifiers(one).some(
		(identifier, at) => identifier !== null && identifier === others[at],
	);
}
