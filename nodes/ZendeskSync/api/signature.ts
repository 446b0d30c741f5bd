/** Zendesk's signature of a webhook request. https://developer.zendesk.com/documentation/webhooks/verifying/ */
import { createHmac } from 'node:crypto';
import { isSameDigest } from '../../shared/webhook';

const SHA256_BYTES = 32;
const BASE64_SHA256 = /^[A-Za-z0-9+/]{43}=$/;

/** A cheap check: whether it can be a signature at all. */
export const mayBeSigned = (timestamp: unknown, signature: unknown): boolean =>
	typeof timestamp === 'string' &&
	timestamp !== '' &&
	typeof signature === 'string' &&
	BASE64_SHA256.test(signature);

const hmac = (secret: string, timestamp: string, rawBody: Buffer): Buffer =>
	createHmac('sha256', secret).update(timestamp).update(rawBody).digest();

/** The signature as Zendesk makes it. */
export const sign = (secret: string, timestamp: string, rawBody: Buffer): string =>
	hmac(secret, timestamp, rawBody).toString('base64');

/**
 * @param secret as Zendesk gives it: text, although it looks like Base64
 * @param timestamp the header `X-Zendesk-Webhook-Signature-Timestamp`, as it came
 * @param signature the header `X-Zendesk-Webhook-Signature`: Base64 of the HMAC over timestamp and raw body
 */
export function isSignedBy(
	secret: string,
	rawBody: Buffer,
	timestamp: unknown,
	signature: unknown,
): boolean {
	if (!secret || typeof timestamp !== 'string' || typeof signature !== 'string') return false;
	const given = Buffer.from(signature, 'base64');
	if (given.length !== SHA256_BYTES) return false;
	return isSameDigest(hmac(secret, timestamp, rawBody), given);
}
