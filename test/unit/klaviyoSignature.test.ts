import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { isSignedBy } from '../../nodes/Klaviyo/api/signature';

const secret = 'klaviyo-test-secret';
const timestamp = 'Thu, 04 Jan 2024 18:05:25 GMT';
const body = Buffer.from(
	'{"data":[{"external_id":"4L3cwQae2TX","topic":"event:klaviyo.sent_sms"}],"meta":{"klaviyo_webhook_id":"a8b890458b4bbfaa26d961471b83c101d6de23bd826e7e5173a15310985ec3cb"}}',
);
const signature = '5aa0e720d80b3a04ca04baf3c65cdfe31da57504af69fee8da29c35d45f0596b';

describe("Klaviyo's signature", () => {
	it('is accepted if it is over the body and then the timestamp', () => {
		expect(isSignedBy(secret, body, timestamp, signature)).toBe(true);
	});

	it.each([
		['missing', undefined],
		['empty', ''],
		['truncated', signature.slice(0, 63)],
		['of half the length', signature.slice(0, 32)],
		['in base64', Buffer.from(signature, 'hex').toString('base64')],
		['of other bytes', signature.replace('5', '6')],
		['given twice', [signature, signature]],
		['over the body alone', createHmac('sha256', secret).update(body).digest('hex')],
	])('is refused when %s', (_, wrong) => {
		expect(isSignedBy(secret, body, timestamp, wrong)).toBe(false);
	});

	it('is refused with another timestamp, none, or no secret to check with', () => {
		expect(isSignedBy(secret, body, 'Thu, 04 Jan 2024 18:05:26 GMT', signature)).toBe(false);
		expect(isSignedBy(secret, body, undefined, signature)).toBe(false);
		const unkeyed = createHmac('sha256', '').update(body).update(timestamp).digest('hex');
		expect(isSignedBy('', body, timestamp, unkeyed)).toBe(false);
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
