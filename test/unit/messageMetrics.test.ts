import {
	allMessageMetrics,
	isNameOf,
	isTopicOf,
	metricsOf,
	type MessageMetric,
	messageMetrics,
	topicOf,
} from '../../nodes/Klaviyo/api/messageMetrics';

const all = Object.entries(messageMetrics.sms) as Array<
	[keyof typeof messageMetrics.sms, MessageMetric]
>;

/** Names that Klaviyo has had, as accounts and documents show them, and spellings that would be no surprise. */
const names: Record<keyof typeof messageMetrics.sms, string[]> = {
	customerMessaged: [
		'Sent Text Message',
		'Sent SMS',
		'sent sms',
		'SENT TEXT MESSAGE',
		'Sent RCS Message',
	],
	delivered: ['Received Text Message', 'Received SMS', 'Received Transactional Text Message'],
	failed: ['Failed to Deliver Text Message', 'Failed to Deliver SMS', 'Failed To Deliver SMS'],
	autoResponse: [
		'Received Automated Response Text Message',
		'Received Automated Response SMS',
		'Received automated response SMS',
	],
	autoResponseFailed: [
		'Failed to Deliver Automated Response Text Message',
		'Failed to deliver Automated Response SMS',
	],
	subscribed: [
		'Subscribed to Text Messaging Marketing',
		'Subscribed to Text Messaging Transactional',
		'Subscribed to SMS Marketing',
		'Subscribed to SMS',
		'Consented to Receive SMS',
	],
	unsubscribed: [
		'Unsubscribed from Text Messaging Marketing',
		'Unsubscribed from Text Messaging Transactional',
		'Unsubscribed from SMS Marketing',
		'Unsubscribed from SMS',
	],
};

const others = [
	'Relayed Text Message',
	'Relayed SMS',
	'Clicked Text Message',
	'Opened Text',
	'Received Email',
	'Sent Email',
	'Sent WhatsApp',
	'Received WhatsApp',
	'Subscribed to Email Marketing',
	'Subscribed to List',
	'Unsubscribed from List',
	'Skipped Send',
	'Sent Text Message Survey',
	'Not Sent SMS',
	'SMS',
	'',
];

const slugOf = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]+/g, '_');

describe("Klaviyo's metrics about messages", () => {
	it.each(all)('%s is recognized by each of its names, and by its topics', (key) => {
		for (const name of names[key]) {
			const found = all.filter(([, metric]) => isNameOf(metric, name)).map(([known]) => known);
			expect([name, found]).toEqual([name, [key]]);
			const topic = `event:klaviyo.${slugOf(name)}`;
			const byTopic = all.filter(([, metric]) => isTopicOf(metric, topic)).map(([known]) => known);
			expect([topic, byTopic]).toEqual([topic, [key]]);
		}
	});

	it('are none of the others', () => {
		for (const name of others)
			expect(all.filter(([, metric]) => isNameOf(metric, name))).toEqual([]);
	});

	it.each([
		'event:api.sent_text_message',
		'event:shopify.sent_sms',
		'event:klaviyo.sent_text_message.extra',
		'sent_text_message',
		'',
	])('are not a custom metric of the same name (%s)', (topic) => {
		expect(all.filter(([, metric]) => isTopicOf(metric, topic))).toEqual([]);
	});

	it("have a topic by today's name", () => {
		expect(all.map(([, metric]) => topicOf(metric))).toEqual([
			'event:klaviyo.sent_text_message',
			'event:klaviyo.received_text_message',
			'event:klaviyo.failed_to_deliver_text_message',
			'event:klaviyo.received_automated_response_text_message',
			'event:klaviyo.failed_to_deliver_automated_response_text_message',
			'event:klaviyo.subscribed_to_text_messaging_marketing',
			'event:klaviyo.unsubscribed_from_text_messaging_marketing',
		]);
	});

	it('are of WhatsApp under the names of real accounts, each of one metric', () => {
		const { customerMessaged, delivered, autoResponse, subscribed } = messageMetrics.whatsapp;
		const names = [
			['Sent WhatsApp', customerMessaged],
			['Received WhatsApp', delivered],
			['Received Automated Response WhatsApp', autoResponse],
			['Subscribed to WhatsApp marketing', subscribed],
			['Subscribed to WhatsApp transactional', subscribed],
		] as const;
		for (const [name, metric] of names)
			expect(allMessageMetrics.filter((one) => isNameOf(one, name))).toEqual([metric]);
		expect(topicOf(delivered)).toBe('event:klaviyo.received_whatsapp');
	});

	it('are those that a builder selects', () => {
		expect(metricsOf(['autoResponse'], ['sms'])).toEqual([
			messageMetrics.sms.autoResponse,
			messageMetrics.sms.autoResponseFailed,
		]);
		expect(metricsOf(['failed', 'customerMessaged'])).toEqual([
			messageMetrics.sms.customerMessaged,
			messageMetrics.sms.failed,
			messageMetrics.whatsapp.customerMessaged,
			messageMetrics.whatsapp.failed,
		]);
		expect(metricsOf(['customerMessaged'], ['whatsapp'])).toEqual([
			messageMetrics.whatsapp.customerMessaged,
		]);
	});
});
