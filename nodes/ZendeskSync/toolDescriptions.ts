/**
 * What an AI model is told of each operation that is its tool: what it does, what it returns, and when not to use it. A
 * model sees neither the panel nor the documents.
 */

const OF_MESSAGE =
	"It needs a customer's message, with its key and time: not for words of your own, and not for answering.";

export const toolDescriptions: Readonly<Record<string, string>> = {
	'account.checkSetup':
		'Checks which rights and features the Zendesk account lacks. Changes nothing. Returns whether it is ready, and for each thing that is missing how to fix it. It is for administrators, not for questions about a customer.',
	'execution.failUntilRetried':
		'Lets the execution fail until somebody retries it in n8n. Not for a model.',
	'setup.createClosingAutomation':
		'Creates a Zendesk automation that closes solved conversations after some hours, if there is none. It changes how the whole account works: for setting up, not for one ticket.',
	'setup.createConversationView':
		'Creates a view of unsolved conversations for agents, if there is none. For setting up; it does not list tickets.',
	'setup.createCustomerFields':
		'Creates the fields of Zendesk users that hold the customer card, if they are missing. For setting up an account; it reads and writes nothing about a customer.',
	'ticket.addInternalNote':
		"Adds an internal note to a ticket. Only agents see it, never the customer. Returns the outcome: 'added', or 'duplicate' if a note with the same key is there. Not for answering the customer.",
	'ticket.addMessage': `Adds a customer's message to a given ticket as the customer's public comment, once. ${OF_MESSAGE}`,
	'ticket.claimReply':
		"Reserves an agent's public reply on a ticket, so that Message: Send Reply of Klaviyo sends it once. It needs the IDs of a ticket and of a comment, and writes a note on the ticket. It sends nothing by itself.",
	'ticket.countOpen':
		"Counts one customer's tickets that are new, open, pending or on hold. Returns openTickets, ticketIds of these, and when the last ticket was opened. A customer who is unknown in Zendesk has 0. To read what a ticket is about, get it by its ID.",
	'ticket.create': `Creates a ticket with a customer's message, once, unless the conversation has one that is not closed. ${OF_MESSAGE}`,
	'ticket.createOrReopen': `Adds a customer's message to the conversation's ticket, once: creates a ticket if there is none, and reopens a solved one. ${OF_MESSAGE}`,
	'ticket.fileRating':
		"Notes a customer's text message on their solved ticket if it is the answer to a request to rate that ticket, such as 5 or Great. Returns isRating, and the ticket and the rating if it was one. Any other message is not filed by this: add it with Create or Reopen From Message.",
	'ticket.findForConversation':
		"Finds the newest ticket of a customer's conversation by SMS or WhatsApp that is not closed. Returns found (true or false), ticketId and status. It knows no tickets by email or web form: count the customer's open tickets for those.",
	'ticket.get':
		'Reads one ticket by its ID. Returns subject, description (the first message), status (new, open, pending, hold, solved or closed), tags, requester (the customer), assignee, group, custom fields by their titles, and times in UTC. It fails if there is no such ticket. What was written after the first message comes only if comments are included. It changes nothing.',
	'ticket.getMany':
		'Reads the tickets, or the openings and closings of tickets, of a period, for reports. Of the whole account, it can take long: for one customer, give the ID of the requester, or count their open tickets; for one ticket, get it by its ID.',
	'ticket.getWaitingReplies':
		"Reads which replies of agents wait until a customer writes again on WhatsApp, because more than 24 hours had passed. Returns one item for each, with ticketId and body (the reply's words); an empty answer means that none waits. It sends nothing: the replies are sent by themselves when the customer writes.",
	'ticket.logOutbound':
		"Notes on the customer's open ticket what a campaign, a flow or Klaviyo's Inbox sent them. It needs such a message from Klaviyo Trigger. The note is internal; nothing is sent.",
	'ticket.reopen':
		'Sets a solved, pending or on-hold ticket to open, so that agents see it again. Returns whether it was reopened or was open already. A closed ticket cannot be reopened. It writes no comment.',
	'ticket.startConversation':
		"Makes a ticket that an agent opened for a customer the customer's conversation by SMS, so that the agent's public comments go to their phone. It needs such a ticket. It sends nothing by itself, and is not for tickets that the customer opened.",
	'user.updateCustomerFields':
		'Writes values from the customer card into fields of one Zendesk user, for views and triggers. Returns which fields the account does not have. It tells neither the customer nor an agent anything.',
};
