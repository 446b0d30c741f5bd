import { isAgentReply, isCallRecord, type SeenComment } from '../../domain/agentReply';
import { isOnChannel, ticketChannel } from '../../domain/ticketChannel';

const reply: SeenComment = {
	body: 'It ships today.',
	isPublic: true,
	byStaff: true,
	channel: 'sms',
	unwritten: null,
	isOurs: false,
};

describe("An agent's reply", () => {
	it('is a public comment of an agent', () => {
		expect(isAgentReply(reply)).toBe(true);
		expect(isAgentReply({ ...reply, body: '' })).toBe(true);
	});

	it.each<[string, Partial<SeenComment>]>([
		['an internal note', { isPublic: false }],
		["a customer's comment", { byStaff: false }],
		['a comment of this integration', { isOurs: true }],
		['what a merge wrote, whatever its words', { unwritten: 'mergeNotice' }],
		['what a rule wrote', { unwritten: 'ruleComment' }],
		['the record of a call, whatever its words', { unwritten: 'callRecord' }],
		['a message in Zendesk messaging', { channel: 'native_messaging' }],
		[
			'the notice of a merge, where nothing but its words tell',
			{ body: 'This request was closed and merged into request #12 "Order".' },
		],
		[
			'the record of a call, where nothing but its words tell',
			{ body: 'Call to: +1 (212) 555-0123\nLength of phone call: 2 minutes' },
		],
	])('is not %s', (_, other) => {
		expect(isAgentReply({ ...reply, ...other })).toBe(false);
	});
});

describe('The record of a call', () => {
	it.each([
		'Outbound call to +1 (212) 555-0123\nCall Details:\nCall from: +1 (212) 555-0199\nTime of call: November 22, 2026 at 10:00 AM\nCalled by: Mia\nLength of phone call: 2 minutes',
		'Inbound call from +1 (212) 555-0123\n\nAnswered by: Mia\nListen to the recording: https://acme.zendesk.com/r',
		' Voicemail from +1 (212) 555-0123\nLength of phone call: 9 seconds\nListen to the voicemail (https://acme.zendesk.com/r)',
		'Call to: +1 (212) 555-0123 Time of call: 10:00',
		'Call from: +1 (212) 555-0123\nListen to the recording: https://acme.zendesk.com/r',
		'Missed call from +1 (212) 555-0123\nTime of call: 10:00',
	])('is recognized by the words %j', (body) => {
		expect(isCallRecord(body)).toBe(true);
	});

	it.each([
		'Call from: 9 to 5, please.',
		'I made an outbound call to you.\nTime of call: 10:00',
		'Inbound call from your bank? Hang up.',
		'Please listen to the recording: https://acme.test/r',
		'',
	])('may not say %j', (body) => {
		expect(isCallRecord(body)).toBe(false);
	});
});

describe("A ticket's channel", () => {
	const message = { externalId: 'klaviyo:sms:+12125550123', channel: 'sms' };
	const by = (channel: string | null) => ({ externalId: null, channel });

	it('is the same word in webhooks and in the REST API', () => {
		expect(ticketChannel(null, 'web_service')).toBe(ticketChannel(null, 'api'));
		expect(ticketChannel('klaviyo:sms:+12125550123', 'web_service')).toBe('sms');
		expect(ticketChannel('order 7', 57)).toBe('57');
		expect(ticketChannel(undefined, null)).toBeNull();
	});

	it.each<[string, { externalId: string | null; channel: string | null }, string[], boolean]>([
		['a conversation is SMS', message, ['sms'], true],
		[
			'a conversation is SMS only, though the API made its ticket',
			message,
			['api', 'other'],
			false,
		],
		["Zendesk's own messages are other", by('sms'), ['sms'], false],
		["Zendesk's own messages are other", by('sms'), ['other'], true],
		['any of the choices will do', by('email'), ['web', 'email'], true],
		['voice is phone', by('voice'), ['phone'], true],
		['what has a name is not other', by('voice'), ['other'], false],
		['what is not known is other', by(null), ['other'], true],
		['an expression may name a channel itself', by('sample_ticket'), ['sample_ticket'], true],
	])('by choice: %s', (_, event, choices, expected) => {
		expect(isOnChannel(event, choices)).toBe(expected);
	});
});
