import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { isSignedBy } from '../../nodes/ZendeskSync/api/signature';

/** The secret that Zendesk's webhook builder signs its test requests with. */
const secret = 'dGhpc19zZWNyZXRfaXNfZm9yX3Rlc3Rpbmdfb25seQ==';
const timestamp = '2021-03-25T05:09:27Z';
const body = Buffer.from('{"type":"zen:event-type:ticket.created","subject":"zen:ticket:1"}');

/** As Zendesk's page on verifying has it: Base64 of HMAC-SHA256 over timestamp and body, nothing in between. */
const sign = (text: string, key: string = secret): string =>
	createHmac('sha256', key).update(text).digest('base64');
const signature = sign(timestamp + body.toString());

describe("Zendesk's signature", () => {
	it('is accepted if it is over the timestamp and then the body', () => {
		expect(isSignedBy(secret, body, timestamp, signature)).toBe(true);
	});

	it('is what openssl computes for the empty body, with the secret as text', () => {
		// printf 2021-03-25T05:09:27Z | openssl dgst -sha256 -hmac "$secret" -binary | base64
		const known = 'wCdBvXaHttn0wRVIYctzZ9O6O0bnqWakJMEKZ9VoRWw=';
		expect(isSignedBy(secret, Buffer.alloc(0), timestamp, known)).toBe(true);
	});

	it('has the form of the one in the documentation, which is of another body', () => {
		const documented = 'EiqWE3SXTPQpPulBV6OSuuGziIishZNc1VwNZYqZrHU=';
		expect(documented).toHaveLength(signature.length);
		expect(isSignedBy(secret, body, timestamp, documented)).toBe(false);
	});

	it.each([
		['missing', undefined],
		['empty', ''],
		['truncated', signature.slice(0, 40)],
		['in hex', Buffer.from(signature, 'base64').toString('hex')],
		['given twice', [signature, signature]],
		['over the body alone', sign(body.toString())],
		['over the body and then the timestamp', sign(body.toString() + timestamp)],
		['over both with a dot between', sign(`${timestamp}.${body.toString()}`)],
		[
			'by the secret decoded',
			sign(timestamp + body.toString(), Buffer.from(secret, 'base64').toString()),
		],
	])('is refused when %s', (_, wrong) => {
		expect(isSignedBy(secret, body, timestamp, wrong)).toBe(false);
	});

	it('is refused with another timestamp, none, or no secret to check with', () => {
		expect(isSignedBy(secret, body, '2021-03-25T05:09:28Z', signature)).toBe(false);
		expect(isSignedBy(secret, body, undefined, signature)).toBe(false);
		expect(isSignedBy('', body, timestamp, sign(timestamp + body.toString(), ''))).toBe(false);
	});

	it('is over bytes, whatever they are', () => {
		fc.assert(
			fc.property(fc.uint8Array(), (bytes) => {
				const raw = Buffer.from(bytes);
				const right = createHmac('sha256', secret)
					.update(Buffer.concat([Buffer.from(timestamp), raw]))
					.digest('base64');
				expect(isSignedBy(secret, raw, timestamp, right)).toBe(true);
			}),
		);
	});

	it('is refused when any one byte of the body changes', () => {
		fc.assert(
			fc.property(fc.nat(body.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
				const changed = Buffer.from(body);
				changed[at] = (changed[at] ?? 0) ^ change;
				expect(isSignedBy(secret, changed, timestamp, signature)).toBe(false);
			}),
		);
	});
});
