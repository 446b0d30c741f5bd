/** Every parser of outside input. None may throw, and garbage must give results of the documented shape. */
import * as fc from 'fast-check';
import type { IExecuteFunctions } from 'n8n-workflow';
import { type z } from 'zod';
import { isAgentReply, unwrittenByWords } from '../../domain/agentReply';
import { commentWords } from '../../domain/comment/words';
import { toComments, toHtml } from '../../domain/conversation/commentHtml';
import { fromExternalId, toExternalId } from '../../domain/conversation/externalId';
import { toHistoryHtml } from '../../domain/conversation/historyHtml';
import { asTyped, flowKeyOf } from '../../domain/flowMessage';
import { isoTime, messageEvent, ticketEvent } from '../../domain/items';
import { defaultKeywords, findKeyword, keywordList, foldedWords } from '../../domain/keywords';
import { countryOf, toE164 } from '../../domain/phone';
import { holdsWords, isLoggedAs } from '../../domain/reply/words';
import { screenMessage } from '../../domain/screening';
import { channelChoices, isOnChannel, ticketChannel } from '../../domain/ticketChannel';
import { ticketFacts, ticketMetric } from '../../domain/ticketMetric';
import { eventFault } from '../../domain/tracking/event';
import { newTicketOf } from '../../nodes/ZendeskSync/actions/ticket/newTicket';
import { errorText as zendeskWords } from '../../nodes/ZendeskSync/api/client';
import { entryOfAudit, entryOfExport } from '../../nodes/ZendeskSync/api/entries';
import { mediaFault } from '../../nodes/ZendeskSync/api/mediaUrl';
import { asReplyAudits } from '../../nodes/ZendeskSync/api/replyAudits';
import * as zendeskSignature from '../../nodes/ZendeskSync/api/signature';
import {
	auditPage,
	markerOf,
	ticketsWithPeople,
	wireTicket,
	wireUser,
} from '../../nodes/ZendeskSync/api/wire';
import { filterOf } from '../../nodes/ZendeskSync/trigger/filter';
import { auditEventsOf, ticketEvent as eventOf } from '../../nodes/ZendeskSync/trigger/auditEvents';
import { fromWebhook } from '../../nodes/ZendeskSync/trigger/webhookBody';
import { ownPath } from '../../nodes/Klaviyo/api/client';
import { wordsOfAnswer } from '../../nodes/Klaviyo/api/errors';
import { eventTime } from '../../nodes/Klaviyo/api/eventTime';
import { flowMessageOf } from '../../nodes/Klaviyo/api/flowWebhook';
import { quoted } from '../../nodes/Klaviyo/api/filter';
import { conversationsOf } from '../../nodes/Klaviyo/api/profile';
import * as klaviyoSignature from '../../nodes/Klaviyo/api/signature';
import { messageEventOf } from '../../nodes/Klaviyo/api/messageEvent';
import { isTopicOf, allMessageMetrics } from '../../nodes/Klaviyo/api/messageMetrics';
import { conversationResource, page, profileResource } from '../../nodes/Klaviyo/api/wire';
import { KLAVIYO_ORIGIN, klaviyoOrigin, zendeskOrigin } from '../../nodes/shared/origin';
import { listParameter, objectParameter } from '../../nodes/shared/parameters';
import { parseTime } from '../../nodes/shared/time';
import { vendorOf } from '../../nodes/shared/transport';
import { parseJson } from '../../nodes/shared/webhook';
import { parseFilter } from '../../sandbox/klaviyo/filter';
import { type Entry, entry, must, thrownBy } from './entry';
import { hostileText, hostileTime, hostileValue, mutated, toJson } from './hostile';
import * as good from './payloads';

const metrics = allMessageMetrics;
const E164 = /^\+[1-9]\d{6,14}$/;

/** Without `raw`, which is the vendor's own. */
function mustBe(schema: z.ZodTypeAny, item: unknown): void {
	const parsed = schema.safeParse(item);
	must(parsed.success, 'The item has not its documented shape', parsed.error?.issues);
	must(nests(item, 200), 'The item is deeper than n8n can keep');
}

/** n8n, like most programs, walks items by recursion. */
const nests = (value: unknown, levels: number): boolean =>
	typeof value !== 'object' ||
	value === null ||
	(levels > 0 && Object.values(value).every((inner) => nests(inner, levels - 1)));

/** As a node would get a parameter's value. */
const contextOf = (parameters: Record<string, unknown>): IExecuteFunctions => {
	const node = { name: 'Node', type: 'node', parameters: {} };
	const context = {
		getNode: () => node,
		getInputData: () => [{ json: {} }],
		getNodeParameter: (name: string, _item: number, fallback?: unknown) =>
			parameters[name] ?? fallback,
	};
	return context as unknown as IExecuteFunctions;
};

/** Where a call to Klaviyo with this path goes. */
async function urlsOf(path: string): Promise<string[]> {
	const urls: string[] = [];
	const httpRequestWithAuthentication = async (_type: string, { url }: { url: string }) => {
		urls.push(url);
		return { statusCode: 200, headers: {}, body: {} };
	};
	const context = { ...contextOf({}), helpers: { httpRequestWithAuthentication } };
	const vendor = vendorOf(context as unknown as IExecuteFunctions, {
		name: 'Klaviyo',
		credentialType: 'klaviyoSyncApi',
		origin: KLAVIYO_ORIGIN,
		explain: () => '',
	});
	await vendor.tryRequest({ method: 'GET', path, repeatable: false });
	return urls;
}

const klaviyo: Entry[] = [
	entry(
		"Klaviyo's event",
		fc.tuple(
			fc.oneof(mutated(good.klaviyoEvent), hostileValue),
			fc.constantFrom(...metrics),
			fc.boolean(),
		),
		([raw, metric, catchUp]) => {
			const message = messageEventOf(raw, metric, catchUp);
			if (message) mustBe(messageEvent, message);
		},
	),
	entry(
		"a flow's post",
		fc.oneof(mutated(good.flowPost).map(toJson), hostileText, hostileValue.map(toJson)),
		(sent) => {
			const found = flowMessageOf(sent);
			if (typeof found === 'string') must(found.length > 10, 'No reason is given');
			else mustBe(messageEvent, found.message);
		},
	),
	entry("a flow's post with a customer's words as they are", hostileText, (words) => {
		const sent = JSON.stringify({ ...good.flowPost, body: '@' }).replace('@', () => words);
		const found = flowMessageOf(sent);
		if (typeof found === 'string') return;
		const { from, event, profileId, sentAt } = found.message;
		must(
			from === good.CUSTOMER &&
				event === 'customerMessaged' &&
				profileId === '01H' &&
				sentAt === '2023-11-20T18:12:21.000Z',
			'Words have written into another field',
			found.message,
		);
	}),
	entry('a time of Klaviyo’s', fc.array(fc.oneof(hostileTime(), hostileValue)), (written) => {
		const time = eventTime(...written);
		if (time !== undefined) mustBe(isoTime, time);
	}),
	entry(
		"Klaviyo's profile",
		fc.tuple(mutated(good.klaviyoProfile), fc.array(hostileValue, { maxLength: 3 })),
		([raw, included]) => {
			page(profileResource).safeParse({ data: [raw], included });
			conversationResource.safeParse(raw);
			const { data } = profileResource.safeParse(raw);
			if (data) conversationsOf(data, included);
		},
	),
	entry("Klaviyo's refusal", fc.oneof(mutated(good.klaviyoRefusal), hostileValue), (body) => {
		wordsOfAnswer({ status: 400, headers: {}, body });
	}),
	entry("a value in Klaviyo's filter", hostileText, (value) => {
		const [term, ...others] = parseFilter(`equals(id,${quoted(value)})`, { id: ['equals'] });
		must(others.length === 0, 'The value has ended its quotes', value);
		must(term?.values[0] === value, 'Another value is sought', term);
	}),
	entry("a link of Klaviyo's", fc.oneof(hostileText, fc.webUrl()), async (link) => {
		for (const next of [link, `https://a.klaviyo.com/${link}`, `https://a.klaviyo.com//${link}`]) {
			if (thrownBy(() => ownPath(next))) continue;
			for (const url of await urlsOf(ownPath(next)))
				must(
					new URL(url).origin === 'https://a.klaviyo.com',
					'The credential would go elsewhere',
					url,
				);
		}
	}),
	entry("a webhook's topic", hostileText, (topic) => {
		for (const metric of metrics) isTopicOf(metric, topic);
	}),
	entry(
		"Klaviyo's signature",
		fc.tuple(hostileText, hostileValue, hostileValue),
		([body, timestamp, signature]) => {
			const is = klaviyoSignature.isSignedBy('secret', Buffer.from(body), timestamp, signature);
			must(!is, 'A stranger is let in', { body, timestamp, signature });
		},
	),
];

const audit = auditPage.shape.audits.element;

const zendesk: Entry[] = [
	entry("Zendesk's webhook", fc.oneof(mutated(good.zendeskWebhook), hostileValue), (raw) => {
		const delivered = fromWebhook(raw);
		if (delivered && 'event' in delivered) mustBe(ticketEvent, delivered.event);
	}),
	entry(
		"an entry of Zendesk's export",
		fc.tuple(
			fc.oneof(mutated(good.exportEntry), hostileValue),
			mutated(good.zendeskTicket),
			mutated(good.zendeskUser),
		),
		([raw, rawTicket, rawUser]) => {
			const found = entryOfExport(raw);
			if (!found) return;
			const ticket = wireTicket.safeParse(rawTicket).data;
			const user = wireUser.safeParse(rawUser).data;
			const context = {
				tickets: new Map(ticket ? [[found.ticketId, ticket]] : []),
				users: new Map(user ? [[user.id, user]] : []),
			};
			for (const happening of auditEventsOf(found)) {
				const event = eventOf(happening, context);
				if (event) mustBe(ticketEvent, event);
			}
		},
	),
	entry(
		"an entry of a ticket's history",
		fc.tuple(fc.oneof(mutated(good.zendeskAudit), hostileValue), mutated(good.zendeskTicket)),
		([raw, rawTicket]) => {
			const { data } = audit.safeParse(raw);
			if (!data) return;
			markerOf(data);
			const replyAudits = asReplyAudits(data, new Map());
			must(replyAudits.length > 0, 'The entry is lost');
			for (const { at } of replyAudits) must(!Number.isNaN(at), 'The entry has no time');
			const ticket = wireTicket.safeParse(rawTicket).data;
			const tickets = new Map(ticket ? [['35', ticket]] : []);
			for (const happening of auditEventsOf(entryOfAudit('35', data))) {
				const event = eventOf(happening, { tickets, users: new Map() });
				if (event) mustBe(ticketEvent, event);
			}
		},
	),
	entry(
		"Zendesk's tickets with people",
		fc.tuple(mutated(good.zendeskTicket), mutated(good.zendeskUser)),
		([ticket, user]) => {
			ticketsWithPeople.safeParse({ tickets: [ticket], users: [user] });
		},
	),
	entry(
		"Zendesk's refusal",
		fc.oneof(...good.zendeskRefusals.map(mutated), hostileValue),
		(body) => {
			must(
				typeof zendeskWords({ status: 422, headers: {}, body }) === 'string',
				'The refusal has no words',
			);
		},
	),
	entry(
		"Zendesk's signature",
		fc.tuple(hostileText, hostileValue, hostileValue),
		([body, timestamp, signature]) => {
			const is = zendeskSignature.isSignedBy('secret', Buffer.from(body), timestamp, signature);
			must(!is, 'A stranger is let in', { body, timestamp, signature });
		},
	),
	entry(
		"a ticket's channel",
		fc.tuple(
			hostileText,
			fc.oneof(hostileText, fc.double()),
			fc.oneof(hostileText, fc.constantFrom(...channelChoices, 'constructor', '__proto__')),
		),
		([externalId, via, choice]) => {
			const channel = ticketChannel(externalId, via);
			must(typeof channel === 'string', 'The channel is no word', channel);
			isOnChannel({ externalId, channel }, [choice]);
		},
	),
	entry(
		'the filters of Zendesk Sync Trigger',
		fc.tuple(hostileValue, hostileValue, hostileValue),
		([brands, channels, tags]) => {
			const options = { brands, channels, tags };
			const isWanted = filterOf(contextOf({ events: ['agentReplied'], options }) as never);
			const delivered = fromWebhook(good.zendeskWebhook);
			if (delivered && 'event' in delivered) isWanted(delivered.event);
		},
	),
];

const rules: Entry[] = [
	entry('an external id', fc.tuple(hostileText, hostileText), ([id, scope]) => {
		const read = fromExternalId(id);
		if (read) must(toExternalId(read) === id, 'It is not the id of what was read from it', id);
		const made = toExternalId({ channel: 'sms', phone: good.CUSTOMER, scope });
		const again = fromExternalId(made);
		must(
			again?.phone === good.CUSTOMER && (again.scope ?? '') === scope,
			'A scope has changed whose conversation it is',
			made,
		);
	}),
	entry('a phone number', fc.tuple(hostileText, hostileText), ([written, country]) => {
		const phone = toE164(written, country);
		countryOf(written);
		if (phone === null) return;
		must(E164.test(phone), 'The number is not E.164', phone);
		must(toE164(phone) === phone, 'The number has two spellings', phone);
	}),
	entry('keywords and words', fc.tuple(hostileText, hostileText), ([text, typed]) => {
		const words = foldedWords(text);
		must(
			words.every((word) => /^[\p{L}\p{N}\p{M}]+$/u.test(word)),
			'There is a word with other characters',
			words,
		);
		findKeyword(words, keywordList(typed));
		const rules = {
			keywords: { ...defaultKeywords, automation: keywordList(typed) },
			match: 'containsWord',
			openOnOptOutInMessage: true,
		} as const;
		const { reason } = screenMessage(
			{ direction: 'inbound', body: text, from: good.CUSTOMER, to: typed },
			{ canReceiveMarketing: true, canReceiveTransactional: false },
			rules,
		);
		must(typeof reason === 'string', 'There is no reason');
	}),
	entry(
		'a comment’s HTML',
		fc.tuple(hostileText, fc.constantFrom(60, 100, 60_000)),
		([text, limit]) => {
			const pieces = toComments(text, limit);
			must(pieces.join('') === toHtml(text), 'The pieces are not the message');
			must(
				pieces.every((piece) => Buffer.byteLength(piece) <= limit),
				'A piece is too long for a comment',
			);
			for (const html of pieces) mustBeHarmless(html);
		},
	),
	entry(
		"a comment's words",
		fc.record({ html_body: hostileText, plain_body: hostileText, body: hostileText }),
		(comment) => {
			for (const keepSignature of [false, true]) {
				const words = commentWords(comment, { keepSignature });
				must(words === commentWords({ body: words }), 'The words are not tidy', words);
			}
		},
	),
	entry(
		'the history in a note',
		fc.array(fc.oneof(mutated(good.historyMessage), hostileValue), { maxLength: 4 }),
		(history) => {
			const html = toHistoryHtml(history);
			if (html === undefined) return;
			must(Buffer.byteLength(html) <= 60_000, 'The note is too long');
			mustBeHarmless(html.replaceAll(/<\/?(?:strong|em)>/g, ''));
		},
	),
	entry('the same words', fc.tuple(hostileText, hostileText), ([one, other]) => {
		must(isLoggedAs(one, one), 'A message is not logged as itself', one);
		isLoggedAs(one, other);
		holdsWords(one, other);
	}),
	entry('a fingerprint', fc.tuple(hostileText, hostileText), ([body, phone]) => {
		const message = {
			event: 'customerMessaged',
			channel: 'sms',
			direction: 'inbound',
			from: phone,
			to: null,
			body,
			sentAt: '2023-11-20T18:12:21.000Z',
		} as const;
		must(/^message:flow:[0-9a-f]{32}$/.test(flowKeyOf(message)), 'It is no fingerprint');
		asTyped(body);
	}),
	entry('what nobody wrote, and a reply', fc.tuple(hostileText, hostileText), ([body, channel]) => {
		unwrittenByWords(body);
		isAgentReply({
			body,
			channel,
			isPublic: true,
			byStaff: true,
			unwritten: null,
			isOurs: false,
		});
	}),
	entry(
		"a ticket event's metric",
		fc.oneof(mutated(good.ticketFactsItem), hostileValue),
		(item) => {
			const { data } = ticketFacts.safeParse(item);
			if (!data) return;
			const metric = ticketMetric(data);
			if ('refusal' in metric) return;
			eventFault(metric, Date.now());
			must(nests(metric.properties, 3), 'The properties are deeper than the documented ones');
		},
	),
];

/** Nothing that a browser or Zendesk's template language would take for its own. */
function mustBeHarmless(html: string): void {
	const rest = html.replaceAll('<br>', '');
	must(!/[<>"{}]/.test(rest), 'Markup or a placeholder has come through', html);
	must(!/&(?!(?:amp|lt|gt|quot|#123|#125);)/.test(rest), 'A bare ampersand has come through', html);
	must(!/\p{Cs}/u.test(html), 'Half a character has come through', html);
	must(
		!html.includes('\0'),
		'A NUL, which may end a message for who reads it, has come through',
		html,
	);
}

const given: Entry[] = [
	entry('a list that a person or an expression gave', hostileValue, (value) => {
		must(Array.isArray(listParameter(contextOf({ list: value }), 'list', 0)), 'It is no list');
	}),
	entry('an object that a person or an expression gave', hostileValue, (value) => {
		const read = () =>
			objectParameter(contextOf({ item: value }), { name: 'item', label: 'Item' }, 0);
		const fault = thrownBy(read);
		if (fault)
			must(
				/'Item' is not (?:a JSON object|valid JSON: )/.test(String(fault)),
				'It is unclear',
				String(fault),
			);
	}),
	entry(
		'a time that a person gave',
		fc.oneof(hostileText, hostileTime().map(String)),
		(written) => {
			parseTime(written, 'Europe/Rome');
		},
	),
	entry('options of a ticket', fc.tuple(hostileValue, hostileText), ([value, name]) => {
		const options = { subject: value, tags: value, brandId: value, priority: value } as never;
		const fault = thrownBy(() =>
			newTicketOf(options, { name, phone: good.CUSTOMER, channel: 'sms' }),
		);
		if (fault)
			must(String(fault).includes("'Brand' is not a valid ID"), 'It is unclear', String(fault));
	}),
	entry("a picture's address", fc.oneof(hostileText, fc.webUrl()), (url) => {
		mediaFault(url, false);
		mediaFault(url, true);
	}),
	entry("a vendor's address", hostileText, (typed) => {
		for (const origin of [zendeskOrigin(typed), klaviyoOrigin(typed)])
			must(
				!/^http:/i.test(origin) ||
					/^http:\/\/(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/.test(origin),
				'A credential would go in clear text',
				origin,
			);
	}),
	entry('bytes that should be JSON', fc.uint8Array({ maxLength: 40 }), (bytes) => {
		parseJson(Buffer.from(bytes));
	}),
];

export const parserEntries: Entry[] = [...klaviyo, ...zendesk, ...rules, ...given];
