/** What a message is billed as: carriers cut it into segments, whose size depends on the characters in it. */
import { SegmentedMessage } from 'sms-segments-calculator';

export interface Segments {
	/** How many SMS the message is billed as. What Klaviyo itself adds (an organisation's prefix) is not counted. */
	segments: number;
	/** One character outside GSM-7 makes the whole message UCS-2, of 70 characters a segment instead of 160. */
	encoding: 'GSM-7' | 'UCS-2';
}

/**
 * UTF-16 units that are cut at once: some segments. The calculator's time grows with the square of a message's length; a
 * reply of 100 kB would hold n8n up for half a minute.
 */
const STRETCH = 400;

/** https://help.klaviyo.com/hc/en-us/articles/360035661191 */
export function segmentsOf(text: string): Segments {
	// Which characters there are decides, however many of each.
	const encoding = new SegmentedMessage([...new Set(text)].join('')).encodingName;
	let segments = 0;
	let rest = text;
	// Each stretch is longer than one segment, so all have the header of a message in several parts.
	while (rest.length > 2 * STRETCH) {
		const cut = new SegmentedMessage(rest.slice(0, STRETCH), encoding).segments.slice(0, -1);
		segments += cut.length;
		rest = rest.slice(lengthOf(cut));
	}
	return { segments: segments + new SegmentedMessage(rest, encoding).segments.length, encoding };
}

/** In UTF-16 units, without the headers. */
const lengthOf = (cut: ReadonlyArray<ReadonlyArray<{ raw?: unknown }>>): number =>
	cut.flat().reduce((sum, { raw }) => sum + (typeof raw === 'string' ? raw.length : 0), 0);
