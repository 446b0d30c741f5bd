/** Whether a customer may be sent a reply on a channel. */

export type ReplyPermission =
	| { isGiven: true }
	| { isGiven: false; reason: 'noConsent' }
	/** Milliseconds since 1970; null if it is not known since when. */
	| { isGiven: false; reason: 'windowClosed'; since: number | null };

export const given: ReplyPermission = { isGiven: true };

export const smsPermission = (canReceiveSms: boolean): ReplyPermission =>
	canReceiveSms ? given : { isGiven: false, reason: 'noConsent' };

/** What Klaviyo's profile shows of WhatsApp's permission to answer. */
export interface ShownWindow {
	/** Null if it is not shown. */
	canReceive: boolean | null;
	/** Milliseconds since 1970; null if it is not shown. */
	validUntil: number | null;
}

/** WhatsApp lets a business answer for so many milliseconds after the customer's newest message. */
export const WINDOW = 24 * 60 * 60_000;

export const isShownOpen = ({ canReceive, validUntil }: ShownWindow, now: number): boolean =>
	canReceive !== false && validUntil !== null && now < validUntil;

/** Whether the profile shows it open, or the customer's newest message has opened it. False if neither is known. */
export const isWindowOpen = (shown: ShownWindow, newest: number | null, now: number): boolean =>
	isShownOpen(shown, now) || (newest !== null && now < newest + WINDOW);

/**
 * What the profile shows may be late, or be missing: the customer's newest message decides. If that is not known either,
 * the profile does, and if it shows nothing, Klaviyo may be asked to send.
 *
 * @param newest when the customer last wrote on WhatsApp, milliseconds since 1970; null if that is not known
 */
export function whatsAppPermission(
	shown: ShownWindow,
	newest: number | null,
	now: number,
): ReplyPermission {
	if (isWindowOpen(shown, newest, now)) return given;
	const byMessage = newest === null ? null : newest + WINDOW;
	const isShownClosed = shown.canReceive === false || shown.validUntil !== null;
	if (byMessage === null && !isShownClosed) return given;
	const ends = [shown.validUntil, byMessage].flatMap((end) => end ?? []);
	const since = ends.length > 0 ? Math.min(now, Math.max(...ends)) : null;
	return { isGiven: false, reason: 'windowClosed', since };
}
