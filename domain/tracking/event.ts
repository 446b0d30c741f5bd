/**
 * An event as it is recorded on a customer's timeline, and what Klaviyo takes of it.
 * https://developers.klaviyo.com/en/reference/events_api_overview
 */

/** How a profile is named. Only what is known for sure: several identifiers together can merge two people. */
export interface Identifiers {
	/** Klaviyo's own id. */
	id?: string;
	email?: string;
	/** E.164. */
	phone_number?: string;
	external_id?: string;
}

export interface MetricEvent {
	/** The metric's. Klaviyo makes the metric with its first event. */
	name: string;
	/** Of several events with the same profile, metric and unique id, Klaviyo keeps the first. */
	uniqueId: string;
	/** Whether the unique id is the event's own, whoever it belongs to. Else each profile may have one with it. */
	isUniqueForAll?: boolean;
	/** ISO 8601 UTC. Klaviyo keeps whole seconds. */
	time: string;
	profile: Identifiers;
	/** Whom to name where Klaviyo does not take the profile's e-mail address. */
	otherwise?: Identifiers;
	properties: Record<string, unknown>;
	value?: number;
	/** ISO 4217. */
	valueCurrency?: string;
	/** Recorded without starting flows. */
	backfill?: boolean;
}

const LONGEST_NAME = 127;
const LONGEST_ID = 255;
const MOST_PROPERTIES = 400;
/** Bytes of UTF-8. */
const LONGEST_TEXT = 100_000;
const LONGEST_LIST = 4000;
const DEEPEST = 10;
/** Bytes of a whole request, less what surrounds the event in it. */
export const LARGEST_EVENT = 4_500_000;
/** One page of Klaviyo's says 1990, another 2000. */
const EARLIEST = Date.UTC(2000, 0, 1);
const YEAR = 365 * 86_400_000;

/**
 * @param now milliseconds since 1970
 * @returns why Klaviyo would not take the event, for people, or undefined when it would
 */
export function eventFault(event: MetricEvent, now: number): string | undefined {
	const { name, uniqueId, properties } = event;
	if (name === '' || name.length > LONGEST_NAME)
		return `The metric's name must have 1 to ${LONGEST_NAME} characters; it has ${name.length}.`;
	if (uniqueId === '' || uniqueId.length > LONGEST_ID)
		return `The unique ID must have 1 to ${LONGEST_ID} characters; it has ${uniqueId.length}.`;
	const time = Date.parse(event.time);
	if (!(time >= EARLIEST && time <= now + YEAR))
		return `The time must be after 2000 and at most a year ahead; it is '${event.time}'.`;
	const count = Object.keys(properties).length;
	if (count > MOST_PROPERTIES)
		return `An event may have ${MOST_PROPERTIES} properties; it has ${count}.`;
	const fault = valueFault(properties, 'properties', 0);
	if (fault !== undefined) return fault;
	const size = sizeOf(properties);
	return size > LARGEST_EVENT
		? `An event may have ${LARGEST_EVENT} bytes; it has ${size}.`
		: undefined;
}

function valueFault(value: unknown, place: string, depth: number): string | undefined {
	if (typeof value === 'string')
		return value.length * 3 > LONGEST_TEXT && Buffer.byteLength(value) > LONGEST_TEXT
			? `'${place}' is longer than the ${LONGEST_TEXT} bytes that Klaviyo takes.`
			: undefined;
	if (typeof value !== 'object' || value === null) return undefined;
	if (depth > DEEPEST) return `'${place}' is nested deeper than the ${DEEPEST} levels of Klaviyo.`;
	if (Array.isArray(value) && value.length > LONGEST_LIST)
		return `'${place}' has more than the ${LONGEST_LIST} entries that Klaviyo takes.`;
	for (const [name, inner] of Object.entries(value)) {
		const fault = valueFault(inner, `${place}.${name}`, depth + 1);
		if (fault !== undefined) return fault;
	}
	return undefined;
}

/** Bytes of a value as JSON. */
export const sizeOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value) ?? '');

/** Names of the properties that Klaviyo takes for "never set": 0, null and "". */
export const ignoredProperties = (properties: Record<string, unknown>): string[] =>
	Object.entries(properties)
		.filter(([, value]) => value === 0 || value === null || value === undefined || value === '')
		.map(([name]) => name);

/** Klaviyo answers 202 to events of these addresses and drops them. */
export const isDroppedSilently = ({ email }: Identifiers): boolean =>
	/@(example|test)\.com$/i.test(email ?? '');

const normalizedIdentifier = ({
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

/** Equal for events of which Klaviyo keeps one. Events that name one profile in two ways are not found out. */
export const identityOf = ({ name, uniqueId, isUniqueForAll, profile }: MetricEvent): string =>
	JSON.stringify([name, uniqueId, ...(isUniqueForAll ? [] : normalizedIdentifier(profile))]);

/** Whether both name the same profile, by any identifier that both have. */
export function isSameProfile(one: Identifiers, other: Identifiers): boolean {
	const others = normalizedIdentifier(other);
	return normalizedIdentifier(one).some(
		(identifier, at) => identifier !== null && identifier === others[at],
	);
}
