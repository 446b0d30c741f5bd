import { flowKeyOf } from '../../domain/flowMessage';
import { eventTime } from '../../nodes/Klaviyo/api/eventTime';
import { flowTemplate } from '../../nodes/Klaviyo/api/flowTemplate';
import { flowMessageOf } from '../../nodes/Klaviyo/api/flowWebhook';
import { allMessageMetrics } from '../../nodes/Klaviyo/api/messageMetrics';

const post = (change: Record<string, unknown> = {}) =>
	JSON.stringify({
		event: 'customerMessaged',
		channel: 'sms',
		profileId: '01H',
		from: '+15005550006',
		to: '+15005550001',
		time: 1700503941,
		...change,
		body: change.body ?? 'Where is my order?',
	});
const read = (sent: string) => {
	const found = flowMessageOf(sent);
	if (typeof found === 'string') throw new Error(found);
	return found.message;
};
/** A post whose words are put in as they are. */
const raw = (body: string) => post().replace('Where is my order?', () => body);

describe("A flow's post", () => {
	it('is a message, identified by its fingerprint', () => {
		expect(read(post())).toEqual({
			key: expect.stringMatching(/^message:flow:[0-9a-f]{32}$/),
			flowKey: read(post()).key,
			event: 'customerMessaged',
			eventId: null,
			direction: 'inbound',
			kind: 'customer',
			channel: 'sms',
			body: 'Where is my order?',
			from: '+15005550006',
			to: '+15005550001',
			profileId: '01H',
			sentAt: '2023-11-20T18:12:21.000Z',
			mediaUrls: [],
			campaign: null,
			flow: null,
			delivery: null,
			catchUp: false,
			raw: JSON.parse(post()),
		});
	});

	it('is the same message as another with the same text, number and second', () => {
		const { key, sentAt } = read(post());
		expect(read(post({ profileId: '01K' }))).toMatchObject({ key, sentAt });
		expect(read(post({ from: '+15005550007' })).key).not.toBe(key);
		expect(read(post().replace('my order', 'your order')).key).not.toBe(key);
	});

	it('is never identified by an id in it: anyone with the secret could hide another message behind it', () => {
		for (const eventId of ['4L3cwQae2TX', '1700503941', ''])
			expect(read(post({ eventId }))).toMatchObject({ key: read(post()).key, eventId: null });
	});

	it('keeps its fingerprint when the profile is merged, or the JSON lacks the brand’s number', () => {
		const changed = [{ profileId: '01J' }, { to: '' }, { from: '+1 500-555-0006' }];
		for (const change of changed) expect(read(post(change)).key).toBe(read(post()).key);
	});

	it.each([
		['a quote', 'He said "no"'],
		['a quote at the end', 'say "hi"'],
		['a brace after it', 'oops"}'],
		['a line break', 'one\ntwo\r\nthree'],
		['a backslash', '¯\\_(ツ)_/¯'],
		['the answer None', 'None'],
		['nothing', ''],
	])('keeps text with %s that Klaviyo inserted as it is', (_, words) => {
		expect(read(raw(words)).body).toBe(words);
	});

	it('is the message that was typed when Klaviyo escapes it for HTML', () => {
		expect(read(raw('It&#39;s &quot;late&quot; &amp; cold &lt;3')).body).toBe(
			'It\'s "late" & cold <3',
		);
		expect(read(post({ body: '"&amp;" it says' })).body).toBe('"&amp;" it says');
	});

	it("lets no customer write into fields that are not the customer's", () => {
		const forged = 'Hi", "from": "+12125550199", "event": "unsubscribed", "z": "';
		const found = flowMessageOf(raw(forged));
		expect(found).toContain('"body" as its last field');
		const quoted = read(raw('Hi" there", "from": "+12125550199'));
		expect(quoted).toMatchObject({
			from: '+15005550006',
			body: 'Hi" there", "from": "+12125550199',
		});
	});

	it.each([
		['nothing', '', 'not a JSON object'],
		['a list', '[]', 'not a JSON object'],
		['no event', post({ event: undefined }), '"event" must be one of customerMessaged'],
		['another event', post({ event: 'clicked' }), '"event" must be one of customerMessaged'],
		['is a valid time', post({ time: '' }), 'is a valid time'],
		['a time without seconds', post({ time: 'Nov. 20, 2023, 6:12 p.m.' }), 'is a valid time'],
		['a variable that was not filled in', post({ from: '{{ event.x }}' }), '"from" is empty'],
		['no number', post({ from: 'None' }), '"from" is empty'],
		['no number of the receiver', post({ event: 'delivered', to: '' }), '"to" is empty'],
	])('with %s says what is missing', (_, sent, said) => {
		expect(flowMessageOf(sent)).toContain(said);
	});

	it('takes the time from whichever variable Klaviyo fills in', () => {
		for (const change of [
			{ time: '', datetime: '2023-11-20 18:12:21+00:00' },
			{ time: 'None', datetime: '2023-11-20T18:12:21Z' },
			{ time: '1700503941.0' },
		])
			expect(read(post(change)).sentAt).toBe('2023-11-20T18:12:21.000Z');
	});

	it('is accepted without text, as for a subscription', () => {
		const sent = post({ event: 'subscribed', body: undefined }).replace(
			',"body":"Where is my order?"',
			'',
		);
		expect(read(sent)).toMatchObject({ event: 'subscribed', body: '', direction: 'inbound' });
	});

	it('reads 100 KB of text at once', () => {
		const words = '한"\n'.repeat(34_000);
		expect(read(raw(words)).body).toBe(words);
		expect(read(post({ body: words })).body).toBe(words);
		expect(flowKeyOf(read(raw(words)))).toBe(read(post({ body: words })).key);
	});
});

describe('The JSON to paste', () => {
	it.each(allMessageMetrics)('for $name is JSON with the text last', (metric) => {
		const template = flowTemplate(metric);
		const names = Object.keys(JSON.parse(template));
		expect(names.at(-1)).toBe('body');
		expect(JSON.parse(template).event).toBe(metric.event);
	});
});

describe('A time', () => {
	it.each([
		1700503941,
		'1700503941',
		1700503941123,
		'2023-11-20T18:12:21Z',
		'2023-11-20 18:12:21+00:00',
		'2023-11-20 18:12:21.891446+00:00',
		'2023-11-20 18:12:21 UTC',
		'2023-11-20T18:12:21',
		'2023-11-20T20:12:21+02:00',
		'2023-11-20T20:12:21+0200',
		'Mon, 20 Nov 2023 18:12:21 GMT',
		'Mon, 20 Nov 2023 13:12:21 -0500',
		'20 Nov 2023 18:12:21',
	])('written %s is read, to the second', (written) => {
		expect(eventTime(written)).toBe('2023-11-20T18:12:21.000Z');
	});

	it.each([null, undefined, '', 'now', '2023-11-20', 'Nov. 20, 2023, 6:12 p.m.', '12', {}, NaN])(
		'written %s is invalid',
		(written) => {
			expect(eventTime(written)).toBeUndefined();
		},
	);
});

describe('Text that was escaped without end', () => {
	it('still gets a fingerprint', () => {
		const hostile = `&${'amp;'.repeat(25_000)}`;
		expect(read(post({ body: hostile })).key).toMatch(/^message:flow:/);
	});
});
