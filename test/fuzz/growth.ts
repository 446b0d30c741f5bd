/** Whether a parser's time grows with its input, or with the input's square: then a long message could block n8n. */
import { unwrittenByWords } from '../../domain/agentReply';
import { workOf } from '../support/worked';
import { commentWords } from '../../domain/comment/words';
import { toComments } from '../../domain/conversation/commentHtml';
import { fromExternalId } from '../../domain/conversation/externalId';
import { asTyped, flowKeyOf } from '../../domain/flowMessage';
import { defaultKeywords, findKeyword, keywordList, foldedWords } from '../../domain/keywords';
import { toE164 } from '../../domain/phone';
import { holdsWords, isLoggedAs } from '../../domain/reply/words';
import { eventTime } from '../../nodes/Klaviyo/api/eventTime';
import { flowMessageOf } from '../../nodes/Klaviyo/api/flowWebhook';
import { messageEventOf } from '../../nodes/Klaviyo/api/messageEvent';
import { messageMetrics } from '../../nodes/Klaviyo/api/messageMetrics';
import { zendeskOrigin } from '../../nodes/shared/origin';
import { parseTime } from '../../nodes/shared/time';
import { mediaFault } from '../../nodes/ZendeskSync/api/mediaUrl';
import { fromWebhook } from '../../nodes/ZendeskSync/trigger/webhookBody';
import { atoms } from './hostile';
import * as good from './payloads';

const { klaviyoEvent, flowPost, zendeskWebhook, historyMessage } = good;

const event = (properties: Record<string, unknown>): unknown =>
	messageEventOf(
		{ ...klaviyoEvent, attributes: { timestamp: 1_700_503_941, event_properties: properties } },
		messageMetrics.sms.customerMessaged,
		false,
	);

/** Each by the message that it reads. */
export const readers: Record<string, (text: string) => unknown> = {
	"the words of Klaviyo's event": (text) => event({ 'Message Body': text, 'Media URL': text }),
	"the numbers of Klaviyo's event": (text) => event({ 'From Number': text, 'To Number': text }),
	"the words of a flow's post": (text) =>
		flowMessageOf(JSON.stringify({ ...flowPost, body: text })),
	"the words of a flow's post, as they are": (text) =>
		flowMessageOf(JSON.stringify({ ...flowPost, body: '@' }).replace('@', () => text)),
	"the fields of a flow's post": (text) =>
		flowMessageOf(JSON.stringify({ ...flowPost, event: text, from: text, time: text })),
	"a flow's whole post": (text) => flowMessageOf(text),
	"Zendesk's webhook": (text) => {
		const { event: told, detail, ...rest } = zendeskWebhook;
		const comment = { ...told.comment, body: text };
		return fromWebhook({
			...rest,
			detail: { ...detail, external_id: text, tags: [text] },
			event: { ...told, comment },
		});
	},
	'words and keywords': (text) => findKeyword(foldedWords(text), defaultKeywords.optOut),
	'a list of keywords': keywordList,
	'a comment': (text) => toComments(text, 500),
	'a fingerprint': (body) =>
		flowKeyOf({
			event: 'customerMessaged',
			channel: 'sms',
			direction: 'inbound',
			from: null,
			to: null,
			body,
			sentAt: historyMessage.sentAt,
		}),
	'what a template rendered': asTyped,
	'an external id': fromExternalId,
	'a phone number': toE164,
	'the words in the log': (text) => [isLoggedAs(text, 'x'), holdsWords(text, 'x')],
	'what nobody wrote': unwrittenByWords,
	"a comment's words": (text) =>
		commentWords({ html_body: text, plain_body: text, body: text }, { keepSignature: true }),
	'a time of Klaviyo’s': eventTime,
	'a time that a person gave': (text) => parseTime(text, 'Europe/Rome'),
	"a vendor's address": zendeskOrigin,
	"a picture's address": (text) => [mediaFault(text, false), mediaFault(`https://${text}`, false)],
};

/** Characters in the smaller of the two inputs. */
const FEW = 2500;
const FACTOR = 8;
/** What grows with the square takes 64 times as long. */
const STEEP = 24;
/** Milliseconds: what is over as soon as that is no danger, and too short to be measured. */
const SHORT = 60;

/** The shortest of a few: whatever else the machine does can only add to it. */
function timeOfReading(read: (text: string) => unknown, text: string, times: number): number {
	let shortest = Infinity;
	for (let time = 0; time < times && shortest > SHORT; time++) {
		shortest = Math.min(
			shortest,
			workOf(() => read(text)),
		);
	}
	return shortest;
}

/** @returns what was measured, where it is too much each time that it is measured: a machine may be busy once */
function growthOf(
	read: (text: string) => unknown,
	small: string,
	large: string,
): string | undefined {
	let found: string | undefined;
	for (let time = 0; time < 3; time++) {
		const long = timeOfReading(read, large, 3);
		if (long <= SHORT) return undefined;
		const short = timeOfReading(read, small, 10);
		if (long <= short * STEEP) return undefined;
		found = `${short.toFixed(1)} ms, then ${long.toFixed(0)} ms`;
	}
	return found;
}

/**
 * @param starts what stands before the repeated atom: some readers are slow only at the beginning, some only after it
 * @returns what grows faster than its input does: in lines, eight times as much takes far more than eight times as long
 */
export function steepReaders(
	starts: readonly string[],
	among = readers,
	repeated: readonly string[] = atoms,
): string[] {
	const steep: string[] = [];
	for (const [name, read] of Object.entries(among))
		for (const atom of repeated)
			for (const start of starts) {
				const repeats = Math.ceil(FEW / atom.length);
				const large = start + atom.repeat(repeats * FACTOR);
				const small = start + atom.repeat(repeats);
				const grown = growthOf(read, small, large);
				if (grown) steep.push(`${name}, of ${JSON.stringify(atom)}: ${grown}`);
			}
	return steep;
}
