/** SMS segments: what a message is billed as. Their size depends on the message's characters. */
import { SegmentedMessage } from 'sms-segments-calculator';

export interface Segments {
	/** How many segments the message is billed as. What Klaviyo adds (the organisation's prefix) is not counted. */
	segments: number;
	/** One character outside GSM-7 makes the whole message UCS-2, with 70 characters in a segment instead of 160. */
	encoding: 'GSM-7' | 'UCS-2';
}

/**
 * UTF-16 units per call of the calculator, enough for some segments. Its time grows with the square of the length: a
 * reply of 100 kB would hold n8n up for half a minute.
 */
const PART_LENGTH = 400;

/** https://help.klaviyo.com/hc/en-us/articles/360035661191 */
export function segmentsOf(text: string): Segments {
	// Only the set of characters decides.
	const encoding = new SegmentedMessage([...new Set(text)].join('')).encodingName;
	let segments = 0;
	let rest = text;
	// Each part is longer than one segment, so all segments have the header of a multi-part message.
	while (rest.length > 2 * PART_LENGTH) {
		const cut = new SegmentedMessage(rest.slice(0, PART_LENGTH), encoding).segments.slice(0, -1);
		segments += cut.length;
		rest = rest.slice(lengthOf(cut));
	}
	return { segments: segments + new SegmentedMessage(rest, encoding).segments.length, encoding };
}

/** UTF-16 units in the segments, without headers. */
const lengthOf = (cut: ReadonlyArray<ReadonlyArray<{ raw?: unknown }>>): number =>
	cut.flat().reduce((sum, { raw }) => sum + (typeof raw === 'string' ? raw.length : 0), 0);
