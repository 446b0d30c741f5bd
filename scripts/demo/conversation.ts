/**
 * One whole conversation between a customer and an agent, with what must appear in the sandbox after each step.
 * Played by `npm run demo -- --once` and by the end-to-end tests.
 */
import type { SandboxEvent, SandboxTicket } from '../../sandbox/types';
import type { Stage } from './stage';
import { customers, expect, RETRY_FOR_MS, show, type Tell } from './telling';

const METRIC_PROPERTIES = [
	'assignee_email',
	'assignee_name',
	'channel',
	'description',
	'fields',
	'group_name',
	'priority',
	'status',
	'subject',
	'tags',
	'ticket_id',
	'type',
	'via',
	'zendesk_url',
];

export async function playConversation(stage: Stage, tell: Tell): Promise<void> {
	const { sandbox, n8n } = stage;
	const { zendesk, klaviyo } = sandbox;
	const until = async <T>(what: string, ask: () => T | undefined | false | null): Promise<T> =>
		await sandbox.until(what, ask, RETRY_FOR_MS);

	const { ana } = customers;
	const profiles = new Map(
		Object.entries(customers).map(([name, { consents, ...person }]) => [
			name,
			klaviyo.addProfile({ ...person, smsMarketing: consents, smsTransactional: consents }),
		]),
	);
	const anaId = profiles.get('ana')?.id ?? '';
	const conversationOf = (phone: string): SandboxTicket[] =>
		zendesk.tickets().filter(({ externalId }) => externalId === `klaviyo:sms:${phone}`);
	const anasMessages = (): string[] =>
		conversationOf(ana.phone).flatMap(({ comments }) =>
			comments
				.filter((comment) => comment.public && isCustomer(comment.authorId))
				.map(({ body }) => body),
		);
	const isCustomer = (userId: string): boolean =>
		zendesk.users().some(({ id, role }) => id === userId && role === 'end-user');
	const metricsOf = (name: string): SandboxEvent[] =>
		klaviyo.timeline(anaId).filter(({ metric }) => metric === name);

	/** Sends a message and waits until the workflow has processed it. */
	const text = async (
		person: { phone: string; firstName: string },
		body: string,
	): Promise<void> => {
		const workflowId = stage.workflow('01').id;
		const before = (await n8n.executions({ workflowId })).length;
		klaviyo.customerWrites({ from: person.phone, body });
		tell(person.firstName, `messages "${body}"`);
		await n8n.executionsEnded(before + 1, { workflowId }, RETRY_FOR_MS);
	};

	// A new conversation.
	await text(ana, 'Where is my order?');
	const first = await until('a ticket for the first message', () => conversationOf(ana.phone)[0]);
	expect(conversationOf(ana.phone).length === 1, 'there is one ticket');
	expect(first.tags.includes('sms'), "the ticket is tagged 'sms'");
	expect(first.comments[0]?.public === true, 'its comment is public');
	expect(first.comments[0]?.body === 'Where is my order?', 'its comment is the message');
	expect(
		first.comments[0]?.authorId === first.requesterId,
		'its comment is written by the requester',
	);
	expect(isCustomer(first.requesterId), 'the requester is an end user');
	tell('Zendesk', `${show(first)} was created, tagged ${first.tags.join(', ')}`);
	await until('Opened Ticket in Klaviyo', () => metricsOf('Opened Ticket')[0]);
	tell('Klaviyo', `Opened Ticket on Ana's profile`);

	await text(ana, 'It was due on Monday.');
	await until('the second message in the ticket', () =>
		anasMessages().includes('It was due on Monday.'),
	);
	expect(conversationOf(ana.phone).length === 1, 'the second message creates no second ticket');
	tell('Zendesk', `a comment on ${show(zendesk.ticket(first.id))}`);

	// The agent.
	zendesk.agentUpdates(first.id, { assigneeId: zendesk.agent.id });
	zendesk.agentComments(first.id, 'Carrier says Tuesday.', { public: false });
	tell(zendesk.agent.name, 'writes the internal note "Carrier says Tuesday."');
	zendesk.agentComments(first.id, 'Sorry, Ana. It arrives on Tuesday.', { public: true });
	tell(zendesk.agent.name, 'replies "Sorry, Ana. It arrives on Tuesday."');
	const received = (): string[] =>
		klaviyo
			.phone(ana.phone)
			.filter(({ direction }) => direction === 'out')
			.map(({ body }) => body);
	await until("the reply on Ana's phone", () =>
		received().includes('Sorry, Ana. It arrives on Tuesday.'),
	);
	const reply = klaviyo.phone(ana.phone).find(({ direction }) => direction === 'out');
	expect(
		reply?.from === klaviyo.brandPhone,
		'the reply comes from the number that the customer texted',
	);
	expect(received().length === 1, 'the internal note is not sent, and the reply is sent only once');
	tell("Ana's phone", `shows "${reply?.body ?? ''}" from ${reply?.from ?? ''}`);

	// Solved, and reopened by a message.
	zendesk.agentUpdates(first.id, { status: 'solved' });
	tell(zendesk.agent.name, `solves ${show(zendesk.ticket(first.id))}`);
	await until('Solved Ticket in Klaviyo', () => metricsOf('Solved Ticket')[0]);
	expect(metricsOf('Resolved Ticket').length === 0, 'solving alone sends no Resolved Ticket');
	tell('Klaviyo', "Solved Ticket on Ana's profile, and no Resolved Ticket");
	await text(ana, 'It did not come.');
	await until('the ticket to be reopened', () => zendesk.ticket(first.id).status === 'open');
	expect(anasMessages().includes('It did not come.'), 'the third message is in the ticket');
	tell('Zendesk', `${show(zendesk.ticket(first.id))} was reopened by the message`);
	await until('Reopened Ticket in Klaviyo', () => metricsOf('Reopened Ticket')[0]);
	tell('Klaviyo', "Reopened Ticket on Ana's profile");

	// Closed, and a new ticket for a message.
	zendesk.agentUpdates(first.id, { status: 'solved' });
	zendesk.agentUpdates(first.id, { status: 'closed' }, { via: 'automation' });
	tell('Zendesk', `${show(zendesk.ticket(first.id))} by automation`);
	await until('Resolved Ticket in Klaviyo', () => metricsOf('Resolved Ticket')[0]);
	for (const name of ['Opened Ticket', 'Resolved Ticket']) {
		const properties = Object.keys(metricsOf(name)[0]?.properties ?? {});
		const missing = METRIC_PROPERTIES.filter((property) => !properties.includes(property));
		expect(missing.length === 0, `${name} has ${missing.join(', ')}`);
	}
	tell('Klaviyo', "Resolved Ticket on Ana's profile; both have all fourteen properties");
	await text(ana, 'Hello again');
	const second = await until('a second ticket', () =>
		conversationOf(ana.phone).find(({ id }) => id !== first.id),
	);
	expect(second.comments[0]?.body === 'Hello again', 'the fourth message is in the new ticket');
	expect(conversationOf(ana.phone).length === 2, 'there are two tickets');
	tell(
		'Zendesk',
		`${show(second)} was created, since ${show(zendesk.ticket(first.id))} takes no more`,
	);
	await until('Opened Ticket for the second ticket', () => metricsOf('Opened Ticket')[1]);

	// What opens no ticket, and what does.
	const { ben, cleo, dan, eva, finn } = customers;
	for (const [person, word] of [
		[ben, 'STOP'],
		[cleo, 'JOIN'],
		[finn, 'Are you open today?'],
	] as const) {
		await text(person, word);
		expect(
			conversationOf(person.phone).length === 0,
			`"${word}" from ${person.firstName} opens no ticket`,
		);
		tell(
			'Zendesk',
			`no ticket for ${person.firstName}${person === finn ? ', who has not consented' : ''}`,
		);
	}
	for (const [person, word] of [
		[dan, 'HELP'],
		[eva, 'INFO'],
	] as const) {
		await text(person, word);
		const ticket = await until(`a ticket for ${word}`, () => conversationOf(person.phone)[0]);
		tell('Zendesk', `${show(ticket)} for ${person.firstName}'s ${word}`);
	}

	await sandbox.deliveriesSettled();
	const said = ['Where is my order?', 'It was due on Monday.', 'It did not come.', 'Hello again'];
	expect(
		anasMessages().sort().join() === [...said].sort().join(),
		'each message is in a ticket exactly once',
	);
	expect(received().length === 1, 'one message went out to Ana');
	expect(metricsOf('Opened Ticket').length === 2, 'two Opened Ticket');
	expect(metricsOf('Resolved Ticket').length === 1, 'one Resolved Ticket');
}
