/** Whether a customer could be answered on WhatsApp at a given time: for 24 hours after each of their messages there. */
import type { Consented } from './consent';
import type { Truth } from './truth';

const SECOND = 1000;
const DAY = 24 * 60 * 60 * SECOND;

export function windowOf({
	phones,
	seenWithin,
}: Truth): (phone: string, time: number) => Consented {
	const written = new Map(
		Object.entries(phones).map(([phone, messages]) => [
			phone,
			messages
				.filter(({ direction, channel }) => direction === 'in' && channel === 'whatsapp')
				.map(({ at }) => Date.parse(at)),
		]),
	);
	return (phone, time) => {
		const times = written.get(phone) ?? [];
		const isOpen = (at: number): boolean =>
			times.some((message) => message <= at && at < message + DAY);
		// It may be sent at any of these times. Stamps are whole seconds.
		const [from, until] = [time - SECOND, time + seenWithin];
		const turns = times.flatMap((message) => [message, message + DAY]);
		const moments = [from, ...turns.filter((turn) => turn > from && turn <= until), until];
		if (moments.every(isOpen)) return 'yes';
		return moments.some(isOpen) ? 'unclear' : 'no';
	};
}
