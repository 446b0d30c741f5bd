import { textEventOf } from '../../nodes/Klaviyo/api/textEvent';
import { textMetrics } from '../../nodes/Klaviyo/api/textMetrics';

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

const read = (raw: unknown, metric: keyof typeof textMetrics = 'textedIn') =>
	textEventOf(raw, textMetrics[metric], false);

describe('A Klaviyo event', () => {
	it("of the metric 'Sent SMS' is a customer's text", () => {
		const raw = inbound({
			'From Number': '+1 500-555-0006',
			'To Number': '+15005550001',
			'Message Body': 'Hi 🎉 안녕',
			$extra: { 'Inbound Message ID': 'x' },
		});
		expect(read(raw)).toEqual({
			key: 'text:4L3cwQae2TX',
			flowKey: null,
			event: 'textedIn',
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

	it("of the metric 'Received SMS' is the brand's, and says whether a flow, a campaign or a person wrote it", () => {
		const kinds = [
			{ $flow: 'F', $message: 'M' },
			{ $message: 'M', 'Campaign Name': 'Sale' },
			{},
		].map((properties) => read(inbound(properties), 'delivered')?.kind);
		expect(kinds).toEqual(['flow', 'campaign', 'conversation']);
		expect(read(inbound({}), 'delivered')?.direction).toBe('outbound');
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

	it('without an id or a time is none', () => {
		expect(read({})).toBeUndefined();
		expect(read(null)).toBeUndefined();
		expect(read(inbound({}, { datetime: null, timestamp: null }))).toBeUndefined();
	});
});
