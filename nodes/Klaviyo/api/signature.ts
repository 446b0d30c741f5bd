/**
 * Klaviyo's webhook signature: HMAC-SHA256 over the raw body followed by the Klaviyo-Timestamp header, in lower-case
 * hex. https://developers.klaviyo.com/en/docs/working_with_system_webhooks
 */
import { createHmac } from 'node:crypto';
import { isSameDigest } from '../../shared/webhook';

const HEX_SHA256 = /^[0-9a-f]{64}$/i;

/** A cheap check: whether it can be a signature at all. */
export const mayBeSigned = (timestamp: unknown, signature: unknown): boolean =>
	typeof timestamp === 'string' &&
	timestamp !== '' &&
	typeof signature === 'string' &&
	HEX_SHA256.test(signature);

export const sign = (secret: string, rawBody: Buffer, timestamp: string): string =>
	createHmac('sha256', secret).update(rawBody).update(timestamp).digest('hex');

/**
 * Compares in constant time. There is no limit on the age of the timestamp: Klaviyo prescribes none, retries for two
 * days, and every effect is idempotent by key.
 */
export function isSignedBy(
	secret: string,
	rawBody: Buffer,
	timestamp: unknown,
	signature: unknown,
): boolean {
	if (typeof timestamp !== 'string' || typeof signature !== 'string') return false;
	if (secret === '' || timestamp === '' || !HEX_SHA256.test(signature)) return false;
	const expected = sign(secret, rawBody, timestamp);
	return isSameDigest(Buffer.from(expected, 'hex'), Buffer.from(signature, 'hex'));
}
