/**
 * Zendesk Talk writes the record of a call on its ticket, with a link to the recording: in the name of the agent who made
 * the call, and public if the account is set so. Nobody wrote it as a message. The REST API calls it a `VoiceComment`.
 * https://support.zendesk.com/hc/en-us/articles/4408821302810
 */

/** Zendesk's English wording, for sources that do not say what kind of comment it is: webhooks never do. */
const HEAD =
	/^(?:Outbound call to|Inbound call from|(?:Missed|Abandoned) call from|Voicemail from|Call (?:to|from):)/i;
const DETAILS =
	/\b(?:Time of call|Length of phone call|Call Details):|\bListen to the (?:recording|voicemail)\b/i;

export const isCallRecord = (body: string): boolean =>
	HEAD.test(body.trimStart()) && DETAILS.test(body);
