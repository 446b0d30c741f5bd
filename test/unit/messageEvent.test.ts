import { messageEventOf } from '../../nodes/Klaviyo/api/messageEvent';
import { messageMetrics } from '../../nodes/Klaviyo/api/messageMetrics';

const inbound = (
	properties: Record<string, unknown>,
	attributes: Record<string, unknown> = {},
) => ({
	type: 'event',
	id: '4L3cwQae2TX',
	attributes: {
		timestamp: 1700503941,
		datetime: '2023-11-20 18:12:21+00:00',
		event_properties: properties,
		...attributes,
	},
	relationships: {
		profile: { data: { type: 'profile', id: '01H' } },
		metric: { data: { type: 'metric', id: 'M' } },
	},
});

const read = (raw: unknown, metric: keyof typeof messageMetrics.sms = 'customerMessaged') =>
	messageEventOf(raw, messageMetrics.sms[metric], false);

describe('A Klaviyo event', () => {
	it("of the metric 'Sent Text Message' is a customer's message", () => {
		const raw = inbound({
			'From Number': '+1 500-555-0006',
			'To Number': '+15005550001',
			'Message Body': 'Hi 🎉 안녕',
			$extra: { 'Inbound Message ID': 'x' },
		});
		expect(read(raw)).toEqual({
			key: 'message:4L3cwQae2TX',
			event: 'customerMessaged',
			eventId: '4L3cwQae2TX',
			direction: 'inbound',
			kind: 'customer',
			channel: 'sms',
			body: 'Hi 🎉 안녕',
			from: '+15005550006',
			to: '+15005550001',
			profileId: '01H',
			sentAt: '2023-11-20T18:12:21.000Z',
			mediaUrls: [],
			campaign: null,
			flow: null,
			delivery: null,
			catchUp: false,
			raw,
		});
	});

	it('has its body in either place and in any letter case', () => {
		for (const properties of [
			{ 'message body': 'Hi' },
			{ $extra: { 'Message Body': 'Hi' } },
			{ $EXTRA: { 'MESSAGE BODY': 'Hi' } },
			{ 'Message Body': '', $extra: { 'Message Body': 'Hi' } },
		])
			expect(read(inbound(properties))?.body).toBe('Hi');
	});

	it('has the same time to the second, however it is written', () => {
		const times = [
			{},
			{ datetime: '2023-11-20T18:12:21+00:00' },
			{ datetime: '2023-11-20 18:12:21.891446+00:00' },
			{ datetime: null },
			{ datetime: 'nonsense' },
		].map((attributes) => read(inbound({}, attributes))?.sentAt);
		expect(new Set(times)).toEqual(new Set(['2023-11-20T18:12:21.000Z']));
	});

	it.each<[string, Record<string, unknown>]>([
		['flow', { $flow: 'F', $message: 'M' }],
		// Seen so: what has a flow is a flow's, whatever else is said.
		['flow', { $flow: 'F', $message: 'M', 'Message Type': 'campaign', 'Campaign Name': 'Sale' }],
		['flow', { 'Message Type': 'flow', $message: 'M' }],
		['campaign', { $message: 'M', 'Campaign Name': 'Sale' }],
		['campaign', { $message: 'M' }],
		['campaign', { $message: 'M', $flow: '' }],
		['campaign', { 'Message Type': 'Campaign' }],
		['campaign', { 'Campagin Name': 'Sale', $message: 'M' }],
		['autoResponse', { 'Message Type': 'auto_response' }],
		['conversation', { 'Message Type': 'conversation', $message: 'M' }],
		['conversation', { 'Message Type': 'sms' }],
		['conversation', {}],
	])("of the metric 'Received Text Message' is a %s's: %o", (kind, properties) => {
		for (const metric of ['delivered', 'failed'] as const)
			expect(read(inbound(properties), metric)).toMatchObject({ kind, direction: 'outbound' });
	});

	it("of a failed metric has failed, whatever the carrier's status", () => {
		const properties = {
			'Carrier Delivery Status': 'Delivered',
			'Campagin Name': 'Sale',
			'Failure Type': 'Carrier Violation',
			'Vendor Error Code': 30007,
		};
		expect(read(inbound(properties), 'failed')).toMatchObject({
			delivery: { status: 'failed', failureType: 'Carrier Violation', vendorCode: '30007' },
			campaign: { name: 'Sale', messageId: null },
		});
		expect(read(inbound(properties), 'delivered')?.delivery?.status).toBe('delivered');
	});

	it('shows pictures wherever Klaviyo may put them, and leaves links in the body alone', () => {
		const event = read(
			inbound({
				'Message Body': 'https://shop.example/a.png',
				$extra: {
					'Media URLs': ['https://cdn.example/1'],
					other: 'https://cdn.example/2.jpg?x=1',
					site: 'https://acme.co',
				},
			}),
		);
		expect(event?.mediaUrls).toEqual(['https://cdn.example/1', 'https://cdn.example/2.jpg?x=1']);
	});

	it('without an id or a time is invalid', () => {
		expect(read({})).toBeUndefined();
		expect(read(null)).toBeUndefined();
		expect(read(inbound({}, { datetime: null, timestamp: null }))).toBeUndefined();
	});
});
