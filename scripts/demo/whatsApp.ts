/**
 * A conversation on WhatsApp, and a customer who uses SMS and WhatsApp side by side. Played after `playConversation` on
 * the same stage, whose n8n has `movesClock` and whose account has used WhatsApp before (the switch `whatsAppFromStart`), with template 07 published, and `withFollowUp`.
 */
import type { SandboxChannel, SandboxTicket } from '../../sandbox/types';
import { addFollowUpFlow, ASKS } from './followUp';
import type { Stage } from './stage';
import { customers, expect, RETRY_FOR_MS, show, type Tell } from './telling';

const DAY = 24 * 60 * 60_000;

/** In Klaviyo neither a profile nor consent: only the name that she gave herself on WhatsApp. */
const gita = { phone: '+12125550107', firstName: 'Gita', displayName: 'Gita 🌻' };

interface Person {
	phone: string;
	firstName: string;
	displayName?: string;
}

class Scene {
	private readonly shown: Array<{ person: Person; body: string; channel: SandboxChannel }> = [];

	constructor(
		private readonly stage: Stage,
		readonly tell: Tell,
	) {}

	get zendesk() {
		return this.stage.sandbox.zendesk;
	}

	get klaviyo() {
		return this.stage.sandbox.klaviyo;
	}

	async until<T>(what: string, ask: () => T | undefined | false | null): Promise<T> {
		return await this.stage.sandbox.until(what, ask, RETRY_FOR_MS);
	}

	/** The newest ticket of a customer's conversation. */
	ticketOf({ phone }: Person, channel: 'sms' | 'whatsapp'): SandboxTicket | undefined {
		return this.zendesk
			.tickets()
			.findLast(({ externalId }) => externalId === `klaviyo:${channel}:${phone}`);
	}

	/** The customer writes on WhatsApp; resolves with the ticket, once it has a comment that `isShown` accepts. */
	async writes(
		person: Person,
		body: string,
		isShown = (comment: string): boolean => comment === body,
	): Promise<SandboxTicket> {
		const { phone: from, firstName, displayName } = person;
		this.klaviyo.customerWrites({ from, body, channel: 'whatsapp', displayName });
		const said = body === '' ? 'a voice message' : `"${body}"`;
		this.tell(firstName, `sends ${said} on WhatsApp`);
		return await this.until(`${said} on a ticket`, () => {
			const ticket = this.ticketOf(person, 'whatsapp');
			return ticket?.comments.some((one) => one.public && isShown(one.body)) && ticket;
		});
	}

	replies(ticket: SandboxTicket, body: string): void {
		this.zendesk.agentComments(ticket.id, body, { public: true });
		this.tell(this.zendesk.agent.name, `replies "${body}" on ticket ${ticket.id}`);
	}

	/** On which channels the customer got a message. */
	channelsOf({ phone }: Person, body: string): SandboxChannel[] {
		return this.klaviyo
			.phone(phone)
			.filter((message) => message.direction === 'out' && message.body === body)
			.map(({ channel }) => channel);
	}

	/** @throws Error unless each reply that was shown has left once, by the channel of its ticket */
	checkShown(): void {
		for (const { person, body, channel } of this.shown)
			expect(
				this.channelsOf(person, body).join() === channel,
				`"${body}" is sent once, by ${channel}`,
			);
	}

	async shows(person: Person, body: string, channel: SandboxChannel): Promise<void> {
		const { firstName } = person;
		await this.until(`"${body}" on ${firstName}'s phone`, () => this.channelsOf(person, body)[0]);
		this.shown.push({ person, body, channel });
		this.checkShown();
		const where = channel === 'sms' ? 'as an SMS' : 'on WhatsApp';
		this.tell(`${firstName}'s phone`, `shows "${body}" ${where}`);
	}
}

export async function playWhatsApp(stage: Stage, tell: Tell): Promise<void> {
	const scene = new Scene(stage, tell);
	await writeAndAnswer(scene);
	await sideBySide(scene);
	await afterTheWindow(scene, stage);
	await stage.sandbox.deliveriesSettled();
	scene.checkShown();
}

async function writeAndAnswer(scene: Scene): Promise<void> {
	const { zendesk, tell } = scene;
	const ticket = await scene.writes(gita, 'Is my parcel on its way?');
	expect(ticket.tags.join() === 'whatsapp', "the ticket is tagged 'whatsapp'");
	const requester = zendesk.users().find(({ id }) => id === ticket.requesterId);
	expect(requester?.name === gita.displayName, 'the requester has the name from WhatsApp');
	tell('Zendesk', `${show(ticket)} was created for ${requester?.name ?? ''}, tagged whatsapp`);
	const isWordless = (comment: string): boolean => comment.includes('a voice message');
	const { comments } = await scene.writes(gita, '', isWordless);
	tell('Zendesk', `a comment on ticket ${ticket.id}: "${comments.at(-1)?.body ?? ''}"`);

	scene.replies(ticket, 'It left this morning.');
	await scene.shows(gita, 'It left this morning.', 'whatsapp');
}

async function sideBySide(scene: Scene): Promise<void> {
	const { zendesk, tell } = scene;
	const { ana } = customers;
	const bySms = scene.ticketOf(ana, 'sms');
	if (bySms === undefined) throw new Error('Ana has no ticket by SMS yet');
	const onWhatsApp = await scene.writes(ana, 'Can you gift-wrap it?');
	expect(onWhatsApp.id !== bySms.id, 'each channel has a ticket of its own');
	expect(onWhatsApp.requesterId === bySms.requesterId, 'both are of the same user');
	expect(
		zendesk.users().filter(({ phone }) => phone === ana.phone).length === 1,
		'Ana is one user',
	);
	tell(
		'Zendesk',
		`${show(onWhatsApp)} was created beside ${show(bySms)}; both are of one user, Ana`,
	);
	scene.replies(bySms, 'Hello again, Ana.');
	scene.replies(onWhatsApp, 'Yes, we can.');
	await scene.shows(ana, 'Hello again, Ana.', 'sms');
	await scene.shows(ana, 'Yes, we can.', 'whatsapp');
}

async function afterTheWindow(scene: Scene, { sandbox, n8n }: Stage): Promise<void> {
	const { zendesk, tell } = scene;
	addFollowUpFlow(sandbox);
	// For an execution in the middle of its work, a day would be over: nodes give up after 30 seconds.
	await sandbox.deliveriesSettled();
	await n8n.executionsEnded(0);
	await sandbox.clock.advance(DAY);
	tell('A day later', "WhatsApp's 24 hours for an answer to Gita are over");
	const ticket = scene.ticketOf(gita, 'whatsapp');
	if (ticket === undefined) throw new Error('Gita has no ticket');
	const late = 'Did it arrive?';
	scene.replies(ticket, late);
	await scene.shows(gita, ASKS, 'whatsapp');
	const note = await scene.until('a note that says that the reply waits', () =>
		zendesk
			.ticket(ticket.id)
			.comments.find((one) => !one.public && one.body.includes('This reply waits')),
	);
	tell('Zendesk', `an internal note on ticket ${ticket.id}: ${note.body.replace(/\s+/g, ' ')}`);
	expect(scene.channelsOf(gita, late).length === 0, 'the reply is not sent yet');

	await scene.writes(gita, 'What is it?');
	tell('Zendesk', `a comment on ${show(zendesk.ticket(ticket.id))}, and 24 hours for an answer`);
	await scene.shows(gita, late, 'whatsapp');
	await scene.writes(gita, 'It is here, thank you!');
	scene.replies(ticket, 'Glad to hear that.');
	await scene.shows(gita, 'Glad to hear that.', 'whatsapp');
}
