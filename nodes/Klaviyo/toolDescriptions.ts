/**
 * What an AI model is told of each operation that is its tool: what it does, what it returns, and when not to use it. A
 * model sees neither the panel nor the documents.
 */

const ONE_OF =
	'Give one of email address, phone number (with + and country code), profile ID and external ID.';
const NOT_FOR_TEXT =
	'It cannot send a text of your own, and does nothing with anything else that it is given.';

export const toolDescriptions: Readonly<Record<string, string>> = {
	'account.checkSetup':
		'Checks which permissions and features the Klaviyo account lacks. Changes nothing. Returns whether it is ready, and for each thing that is missing how to fix it. It is for administrators, not for questions about a customer.',
	'event.track':
		"Records an event on a customer's timeline in Klaviyo, which may start flows that write to the customer. Returns the outcome. Recording the same event twice counts once only if the unique ID, the metric and the customer are the same. It sends no message itself.",
	'event.trackTicket':
		'Records in Klaviyo that a Zendesk ticket was opened, solved, reopened or closed. It needs a ticket event from Zendesk Sync Trigger or Ticket: Get, and changes no ticket.',
	'message.getMany':
		'Reads the messages with one customer by SMS, RCS and WhatsApp, in both directions, oldest first; of many, the newest. Each has body (its words), direction (inbound is from the customer, outbound is to them), kind (who wrote it: customer, campaign, flow, conversation for a person, autoResponse), channel, from, to and sentAt (UTC). An empty answer means that there are no messages. It knows no email, and nothing that was written on a ticket only. It sends nothing.',
	'message.screen':
		"Decides by Klaviyo's keywords and the customer's consent whether a customer's message should open a ticket. Returns opensTicket and the reason, and who the customer is. It opens no ticket and sends nothing.",
	'message.send':
		"Sends one message to the customer, by the channel of their conversation. Returns the outcome: only 'sent' means that it was sent. The same key never sends twice. It cannot be taken back, so use it only to answer the customer.",
	'message.sendFollowUp': `Has Klaviyo ask a customer to continue on WhatsApp, for a reply that Send Reply refused because 24 hours were over. ${NOT_FOR_TEXT}`,
	'message.sendReply': `Sends the reply of an agent that Ticket: Claim Reply of Zendesk Sync has claimed, once. ${NOT_FOR_TEXT}`,
	'profile.get': `Looks up one customer in Klaviyo. ${ONE_OF} Returns profileId, email, phone, name, openTicketCount (null if it was never counted, which does not mean 0) and whether they can receive SMS. It fails if there is no such customer. It returns neither messages nor tickets.`,
	'profile.getCustomerCard': `Reads what marketing knows of one customer in Klaviyo: what they may be sent, their orders and value, lists, segments, and the last campaigns and flows. ${ONE_OF} Returns it as a text and as fields. What Klaviyo does not say is unknown, not none. It returns neither messages nor tickets.`,
	'profile.upsert': `Writes to a customer's profile in Klaviyo, and creates the profile if there is none. ${ONE_OF} Fields that are left empty keep their value. Returns whether the profile was created or updated. Not for looking a customer up.`,
	'segment.createOpenTicket':
		'Finds or creates the segment of people with open tickets, so that campaigns can leave them out. Returns its ID. Setting up an account needs it once; it does not say who is in the segment.',
};
