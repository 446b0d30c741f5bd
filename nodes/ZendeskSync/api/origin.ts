/** Whether a person wrote a comment, as far as Zendesk says. Audits and the export say it in the same words. */
import type { Unwritten } from '../../../domain/agentReply';

/** The export names an entry's channel in words ("Web form", "Rule"), but a comment's as the REST API does. */
interface Via {
	words: string;
	channel: unknown;
	rel: unknown;
}

function viaOf(via: unknown): Via {
	if (typeof via === 'string') return { words: via, channel: null, rel: null };
	const { channel, source } = (via ?? {}) as { channel?: unknown; source?: { rel?: unknown } };
	return { words: '', channel, rel: source?.rel };
}

const isMerge = ({ words, channel, rel }: Via): boolean =>
	channel === 'merge' || rel === 'merge' || /\bmerged?\b/i.test(words);

/**
 * Whether a trigger or an automation made it.
 * https://developer.zendesk.com/documentation/ticketing/reference-guides/via-types/
 */
const isRule = ({ words, channel }: Via): boolean => channel === 'rule' || /\brule\b/i.test(words);

export const isMarkedAsMerge = (via: unknown): boolean => isMerge(viaOf(via));

/** The record of a call is a comment too, of another type. */
export const isComment = (type: unknown): boolean => type === 'Comment' || type === 'VoiceComment';

/**
 * @param type of the comment: `VoiceComment` is the record of a call
 * @param vias the comment's, and that of its entry
 * @returns null if a person wrote it, as far as Zendesk says
 */
export function unwrittenBy(type: unknown, ...vias: unknown[]): Unwritten | null {
	if (type === 'VoiceComment') return 'callRecord';
	const ways = vias.map(viaOf);
	if (ways.some(isMerge)) return 'mergeNotice';
	return ways.some(isRule) ? 'ruleComment' : null;
}
