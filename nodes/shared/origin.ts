/**
 * Makes a vendor's address from what a person typed. A credential's test and its OAuth2 URLs are n8n expressions,
 * which cannot call a function, so one list of steps is used for both a function and an expression.
 */
type Step = readonly [pattern: RegExp, replacement: string];

const LOOPBACK = String.raw`(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?`;

const COMMON: Step[] = [
	[/^\s+|\s+$/g, ''],
	[/^(?!https?:\/\/)/i, 'https://'],
	[/^(https?:\/\/[^/?#]+).*$/i, '$1'],
	// Plain http would send the key in clear text; only this machine itself is exempt.
	[new RegExp(`^http://(?!${LOOPBACK}$)`, 'i'), 'https://'],
];

/** `acme`, `acme.zendesk.com` or a pasted agent URL becomes `https://acme.zendesk.com`. */
const ZENDESK: Step[] = [...COMMON, [/^https:\/\/([a-z0-9-]+)$/i, 'https://$1.zendesk.com']];

const LOOPBACK_HOSTS = ['127.0.0.1', 'localhost', '[::1]'];

/** Whether an address is on this machine. */
export const isLoopback = (url: string): boolean => LOOPBACK_HOSTS.includes(new URL(url).hostname);

/** Whether what is sent there cannot be read on the way. */
export const isPrivateWay = (url: string): boolean =>
	new URL(url).protocol === 'https:' || isLoopback(url);

const apply = (steps: Step[], typed: string): string =>
	steps.reduce((text, [pattern, replacement]) => text.replace(pattern, replacement), typed);

const asExpression = (steps: Step[], value: string): string =>
	steps.reduce(
		(text, [pattern, replacement]) => `${text}.replace(${String(pattern)}, '${replacement}')`,
		value,
	);

export const KLAVIYO_ORIGIN = 'https://a.klaviyo.com';

/** @returns such as `https://acme.zendesk.com`, without a slash at the end */
export const zendeskOrigin = (typed: string): string => apply(ZENDESK, typed);

/** @returns the origin that was typed, or Klaviyo's own if none was */
export const klaviyoOrigin = (typed: string | undefined): string =>
	typed?.trim() ? apply(COMMON, typed) : KLAVIYO_ORIGIN;

/**
 * The inside of an n8n expression with the same result as `zendeskOrigin`.
 *
 * @param value an expression for what was typed, such as `$credentials.zendeskUrl`
 */
export const zendeskOriginExpression = (value: string): string =>
	asExpression(ZENDESK, `String(${value} ?? '')`);

export const klaviyoOriginExpression = (value: string): string =>
	asExpression(COMMON, `String(${value} || '${KLAVIYO_ORIGIN}')`);
