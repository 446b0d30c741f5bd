import fc from 'fast-check';
import { conversationChannels } from '../../domain/channel';
import {
	type Conversation,
	fromExternalId,
	toExternalId,
} from '../../domain/conversation/externalId';

const conversation = fc.record<Conversation>(
	{
		channel: fc.constantFrom(...conversationChannels),
		phone: fc.stringMatching(/^\+[1-9]\d{6,14}$/),
		scope: fc.string({ minLength: 1, unit: 'binary' }),
	},
	{ requiredKeys: ['channel', 'phone'] },
);

describe('The external id of a conversation', () => {
	it('names channel, number and scope', () => {
		expect(toExternalId({ channel: 'sms', phone: '+15005550006' })).toBe(
			'klaviyo:sms:+15005550006',
		);
		expect(toExternalId({ channel: 'sms', phone: '+15005550006', scope: 'outlet' })).toBe(
			'klaviyo:sms:+15005550006:outlet',
		);
	});

	it('can be read back, whatever the scope', () => {
		fc.assert(
			fc.property(conversation, (one) => {
				expect(fromExternalId(toExternalId(one))).toEqual(one);
			}),
		);
	});

	it('is not shared by two conversations', () => {
		fc.assert(
			fc.property(conversation, conversation, (one, other) => {
				fc.pre(JSON.stringify(one) !== JSON.stringify(other));
				expect(toExternalId(one)).not.toBe(toExternalId(other));
			}),
		);
	});

	it.each([
		null,
		undefined,
		'',
		'order-42',
		'klaviyo:sms:ACME',
		'klaviyo:sms:15005550006',
		'klaviyo:fax:+15005550006',
		'klaviyo:conv:01H8',
		'my-klaviyo:sms:+15005550006',
		'klaviyo:sms:+15005550006:',
	])('is not seen in %j', (id) => {
		expect(fromExternalId(id)).toBeUndefined();
	});
});
