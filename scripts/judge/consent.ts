/** Whether a customer could receive messages at a given time, according to their profile's history. */
import type { Truth } from './truth';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** Catch-up brings a message again within this time: if consent returns before that, the message may be added. */
const BROUGHT_WITHIN = 24 * 60 * MINUTE;

export type Consented = 'yes' | 'no' | 'unclear';

export function consentOf({
	profiles,
	timelines,
	seenWithin,
}: Truth): (phone: string, time: number) => Consented {
	const changes = new Map(
		profiles.flatMap((profile) => {
			const { id, phone, smsMarketing, smsTransactional } = profile;
			if (phone === null) return [];
			const history = (timelines[id] ?? []).flatMap(({ metric, at }) => {
				const change = /^(un)?subscribed (?:to|from) (?:text|sms)/i.exec(metric);
				return change ? [{ at: Date.parse(at), to: change[1] === undefined }] : [];
			});
			return [[phone, { history, atEnd: smsMarketing || smsTransactional }] as const];
		}),
	);
	return (phone, time) => {
		const known = changes.get(phone);
		if (!known) return 'no';
		const { history, atEnd } = known;
		const [first] = history;
		// Stamps are whole seconds: within the second of the change, either order is possible.
		const before = history.findLast(({ at }) => at < time - SECOND);
		const now = before?.to ?? (first ? !first.to : atEnd);
		const reach = time + (now ? seenWithin : BROUGHT_WITHIN);
		const turns = history.some(({ at, to }) => at >= time - SECOND && at <= reach && to !== now);
		return turns ? 'unclear' : now ? 'yes' : 'no';
	};
}
