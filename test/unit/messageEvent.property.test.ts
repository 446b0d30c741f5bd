/** A message is the same message, however it reached n8n. */
import fc from 'fast-check';
import { flowKeyOf } from '../../domain/flowMessage';
import type { MessageEvent } from '../../domain/items';
import { flowTemplate } from '../../nodes/Klaviyo/api/flowTemplate';
import { flowMessageOf } from '../../nodes/Klaviyo/api/flowWebhook';
import { messageEventOf } from '../../nodes/Klaviyo/api/messageEvent';
import { allMessageMetrics, type MessageMetric } from '../../nodes/Klaviyo/api/messageMetrics';
import { render, variablesOf } from '../../sandbox/klaviyo/flowWebhooks';
import { eventResource } from '../../sandbox/klaviyo/jsonApi';
import type { Event } from '../../sandbox/klaviyo/model';
import { seed } from '../support/seed';

const RUNS = 1000;

const metrics: MessageMetric[] = [...allMessageMetrics];
/** Those that a flow can be told apart by: automatic responses that fail share their name with other failed messages. */
const ofFlows = metrics.filter(({ event, kind }) => event !== 'failed' || kind !== 'autoResponse');

const number = fc
	.tuple(fc.integer({ min: 200, max: 989 }), fc.integer({ min: 2_000_000, max: 9_999_999 }))
	.map(([area, line]) => ({ written: `${area}${line}`, e164: `+1${area}${line}` }));
/** As vendors write them. */
const written = number.chain(({ written: bare, e164 }) =>
	fc.constantFrom(e164, bare, `+1 (${bare.slice(0, 3)}) ${bare.slice(3, 6)}-${bare.slice(6)}`),
);

/** Words with all that breaks JSON, HTML and comparisons. */
const words = fc.oneof(
	fc.string({ unit: 'binary', maxLength: 40 }),
	fc
		.array(
			fc.constantFrom(
				'Hi',
				'"',
				"it's",
				'\n',
				'\r\n',
				'\t',
				'  ',
				'\\',
				'/',
				'{{ name }}',
				'}',
				'", "from": "+12125550199", "x": "',
				'"body": "',
				'&amp;',
				'&',
				'<3',
				'100%',
				'🎉👩‍👩‍👧',
				'é',
				'e\u0301',
				'안녕',
				'한국어',
				'None',
				'\u202e',
			),
			{ maxLength: 8 },
		)
		.map((parts) => parts.join('')),
);

const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });

const event = (body: fc.Arbitrary<string>, of: MessageMetric[]) =>
	fc
		.record({
			metric: fc.constantFrom(...of),
			id: fc.stringMatching(/^[0-9A-Za-z]{11}$/),
			at: fc.integer({ min: 1_262_304_000, max: 2_000_000_000 }),
			from: written,
			to: written,
			body,
			flow: optional(fc.constantFrom('F1')),
			message: optional(fc.constantFrom('M1')),
			campaign: optional(fc.constantFrom('Spring sale')),
			profileId: fc.stringMatching(/^01[0-9A-Z]{8}$/),
		})
		.map(({ metric, at, body: text, flow, message, campaign, ...rest }) => {
			const said = { 'Message Body': text };
			const stored: Event = {
				id: rest.id,
				uuid: 'u',
				metric: {
					id: 'M',
					name: metric.name,
					currentName: metric.name,
					integration: 'Klaviyo',
					createdAt: 0,
				},
				profileId: rest.profileId,
				at: at * 1000,
				uniqueId: 'x',
				properties: {
					'From Number': rest.from,
					'From Phone Region': 'US',
					'To Number': rest.to,
					'To Phone Region': 'US',
					...(flow ? { $flow: flow } : {}),
					...(message ? { $message: message } : {}),
					...(campaign ? { 'Campaign Name': campaign } : {}),
					...(metric.direction === 'inbound' ? said : { $extra: said }),
				},
			};
			return { metric, stored };
		});

const origin = 'https://a.klaviyo.com';
const overTheWire = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
const delivered = (stored: Event, metric: MessageMetric) =>
	messageEventOf(overTheWire(eventResource(origin, stored, ' ')), metric, false);
const caughtUp = (stored: Event, metric: MessageMetric) =>
	messageEventOf(overTheWire(eventResource(origin, stored)), metric, true);

const posted = (
	{ metric, stored }: { metric: MessageMetric; stored: Event },
	flowJson: 'escaped' | 'raw' | 'html',
	flowTime: 'timestamp' | 'datetime' = 'timestamp',
) => {
	const profile = { id: stored.profileId, email: null, phone: null };
	const sent = render(flowTemplate(metric), variablesOf(stored, profile), { flowJson, flowTime });
	return flowMessageOf(Buffer.from(sent).toString('utf8'));
};

/** Words that came escaped, or were typed as if they had been: only their fingerprint is sure. */
const isAmbiguous = { escaped: /&\S+;/, raw: /&\S+;|\\/, html: /\\/ };

const contract = ({ raw: _, catchUp: __, ...message }: MessageEvent) => message;

describe(`a message is the same however it arrives (seed ${seed})`, () => {
	it('from a system webhook and from the event log, for all metrics', () => {
		fc.assert(
			fc.property(event(words, metrics), ({ metric, stored }) => {
				const [one, other] = [delivered(stored, metric), caughtUp(stored, metric)];
				if (!one || !other) throw new Error('An event was not read');
				expect(contract(one)).toEqual(contract(other));
				expect([one.catchUp, other.catchUp]).toEqual([false, true]);
				expect(one.key).toBe(`message:${stored.id}`);
				expect(Date.parse(one.sentAt)).toBe(stored.at);
			}),
			{ numRuns: RUNS },
		);
	});

	it.each(['escaped', 'raw', 'html'] as const)(
		'from a flow webhook and from the event log, when Klaviyo puts variables in %s',
		(flowJson) => {
			let refused = 0;
			fc.assert(
				fc.property(
					event(words, ofFlows),
					fc.constantFrom('timestamp' as const, 'datetime' as const),
					({ metric, stored }, flowTime) => {
						const other = caughtUp(stored, metric);
						const one = posted({ metric, stored }, flowJson, flowTime);
						if (!other) throw new Error('An event was not read');
						if (typeof one === 'string') {
							// Only words that read as further fields: catch-up brings them.
							expect(flowJson).toBe('raw');
							expect(other.body).toContain('": "');
							refused += 1;
							return;
						}
						const { message } = one;
						expect(message.flowKey).toBe(flowKeyOf(other));
						expect(message.key).toBe(message.flowKey);
						const { event: name, direction, kind, from, to, profileId, sentAt } = message;
						expect({ name, direction, kind, from, to, profileId, sentAt }).toEqual({
							name: other.event,
							direction: other.direction,
							kind: other.kind,
							from: other.from,
							to: other.to,
							profileId: other.profileId,
							sentAt: other.sentAt,
						});
						if (!isAmbiguous[flowJson].test(other.body)) expect(message.body).toBe(other.body);
					},
				),
				{ numRuns: RUNS },
			);
			expect(refused).toBeLessThan(RUNS / 5);
		},
	);

	it('and two messages are two if a word, a number, the event or the second differs', () => {
		fc.assert(
			fc.property(
				event(words, ofFlows),
				fc.constantFrom('body', 'second', 'number', 'event'),
				({ metric, stored }, differs) => {
					const message = caughtUp(stored, metric);
					if (!message) throw new Error('An event was not read');
					const other = {
						...message,
						...(differs === 'body' ? { body: `${message.body} x` } : {}),
						...(differs === 'second'
							? { sentAt: new Date(Date.parse(message.sentAt) + 1000).toISOString() }
							: {}),
						...(differs === 'number' ? { from: '+19995550100', to: '+19995550100' } : {}),
						...(differs === 'event'
							? {
									event:
										message.event === 'customerMessaged'
											? ('subscribed' as const)
											: ('customerMessaged' as const),
								}
							: {}),
					};
					expect(flowKeyOf(other)).not.toBe(flowKeyOf(message));
				},
			),
			{ numRuns: RUNS },
		);
	});
});
