/** The judge of the loop tests must see each fault that they are there to find. */
import {
	judge,
	SEEN_WITHIN,
	type Truth,
	type TruthTicket,
	type Verdict,
} from '../../scripts/judge';
import type { SandboxChannel, SandboxPhoneMessage } from '../../sandbox/types';

const ANN = '+12125551001';
const BOB = '+12125551002';
const BRAND = '+12025550100';
const AGENT = '11';
const INTEGRATION = '12';

const at = (minute: number): string => new Date(Date.UTC(2026, 10, 23, 8, minute)).toISOString();

type Audit = Partial<TruthTicket['audits'][number]> & {
	says?: string;
	by?: string;
	public?: boolean;
};

/** A ticket from its history. */
const ticket = (
	id: string,
	phone: string,
	history: Audit[],
	channel: 'sms' | 'whatsapp' = 'sms',
): TruthTicket => {
	const audits = history.map((audit, index) => ({
		id: `${id}0${index}`,
		createdAt: at(index),
		custom: {},
		status: 'open' as const,
		authorId: INTEGRATION,
		channel: 'api' as const,
		triggers: [],
		merge: false,
		commentId: audit.says === undefined ? null : `${id}1${index}`,
		...audit,
	}));
	return {
		id,
		subject: 'SMS',
		status: audits.at(-1)?.status ?? 'open',
		externalId: `klaviyo:${channel}:${phone}`,
		requesterId: phone,
		createdAt: at(0),
		comments: audits.flatMap(({ says, by, commentId, createdAt, public: isPublic = true }) =>
			says === undefined || commentId === null
				? []
				: [
						{
							id: commentId,
							authorId: by ?? phone,
							createdAt,
							body: `${says}\n\nMia`,
							htmlBody: `<p>${says}<br>\n\n<span class="collapse-signature"></span><div class="signature">Mia</div>`,
							public: isPublic,
						},
					],
		),
		audits,
	};
};

const text = (
	phone: string,
	eventId: string,
	body: string,
	channel: SandboxChannel = 'sms',
): SandboxPhoneMessage => ({
	direction: 'in',
	channel,
	kind: 'customer',
	from: phone,
	to: BRAND,
	eventId,
	body,
	at: at(0),
});
const sent = (
	phone: string,
	body: string,
	kind: SandboxPhoneMessage['kind'] = 'api',
	channel: SandboxChannel = 'sms',
): SandboxPhoneMessage => ({
	direction: 'out',
	channel,
	kind,
	from: BRAND,
	to: phone,
	eventId: 'OUT',
	body,
	at: at(2),
});

const added = (eventId: string, says: string): Audit => ({
	says,
	custom: { key: `message:${eventId}` },
});
const replied = (says: string, more: Audit = {}): Audit => ({
	says,
	by: AGENT,
	authorId: AGENT,
	channel: 'web',
	...more,
});
const noted = (eventId: string): Audit => ({
	says: 'Campaign sent',
	by: INTEGRATION,
	public: false,
	custom: { key: `message:${eventId}` },
});

interface Scene {
	tickets: TruthTicket[];
	phones?: Record<string, SandboxPhoneMessage[]>;
	/** Klaviyo's events of Ann, as `[metric, unique id]`. */
	events?: Array<[string, string]>;
	outbound?: boolean;
}

const verdictOn = ({ tickets, phones = {}, events, outbound = false }: Scene): Verdict => {
	const truth: Truth = {
		seenWithin: SEEN_WITHIN,
		tickets,
		users: [
			{ id: AGENT, role: 'agent', email: null, phone: null },
			{ id: INTEGRATION, role: 'admin', email: null, phone: null },
			{ id: ANN, role: 'end-user', email: null, phone: ANN },
			{ id: BOB, role: 'end-user', email: null, phone: BOB },
		],
		profiles: [ANN, BOB].map((phone) => ({
			id: `P${phone}`,
			email: null,
			phone,
			smsMarketing: true,
			smsTransactional: false,
		})),
		timelines: {
			[`P${ANN}`]: (events ?? []).map(([metric, uniqueId]) => ({ metric, at: at(0), uniqueId })),
		},
		phones: { [ANN]: [], [BOB]: [], ...phones },
	};
	return judge(truth, { metrics: events !== undefined, outbound });
};

/** How many faults of each kind. */
const faults = (scene: Scene) =>
	Object.fromEntries(
		Object.entries(verdictOn(scene))
			.filter(([, list]) => (list as string[]).length > 0)
			.map(([kind, list]) => [kind, (list as string[]).length]),
	);

describe('The judge', () => {
	const inbound = { [ANN]: [text(ANN, 'T1', 'Where is my order?')] };
	const file = added('T1', 'Where is my order?');

	it('finds no fault if there is none', () => {
		const said = [...inbound[ANN], sent(ANN, 'On its way.')];
		const events: Array<[string, string]> = [['Opened Ticket', 'opened:5:acme.zendesk.com']];
		const tickets = [ticket('5', ANN, [file, replied('On its way.')])];
		expect(faults({ tickets, phones: { [ANN]: said }, events })).toEqual({});
	});

	it.each<[string, TruthTicket[], object]>([
		['is in no ticket', [], { lost: 1 }],
		['is there twice', [ticket('5', ANN, [file, file])], { doubled: 1 }],
		["is in another customer's ticket", [ticket('5', BOB, [file])], { misdirected: 1 }],
		['has other words', [ticket('5', ANN, [added('T1', 'Hi')])], { misdirected: 1 }],
		['was never sent', [ticket('5', ANN, [file, added('T2', 'Who am I?')])], { misdirected: 1 }],
	])('sees a message that %s', (_what, tickets, expected) => {
		expect(faults({ tickets, phones: inbound })).toEqual(expected);
	});

	it('sees a keyword that was added', () => {
		const tickets = [ticket('5', ANN, [added('T1', 'STOP')])];
		expect(faults({ tickets, phones: { [ANN]: [text(ANN, 'T1', 'STOP')] } })).toEqual({
			misdirected: 1,
		});
	});

	it.each<[string, Audit, SandboxPhoneMessage[], object]>([
		['is lost', replied('Yes'), [], { lost: 1 }],
		['is sent twice', replied('Yes'), [sent(ANN, 'Yes'), sent(ANN, 'Yes')], { doubled: 1 }],
		['is a note', replied('Yes', { public: false }), [sent(ANN, 'Yes')], { misdirected: 1 }],
		['is a merge notice', replied('Yes', { merge: true }), [sent(ANN, 'Yes')], { misdirected: 1 }],
		[
			"is a customer's comment",
			{ says: 'Yes', channel: 'web' },
			[sent(ANN, 'Yes')],
			{ misdirected: 1 },
		],
	])('sees a reply that %s', (_what, audit, said, expected) => {
		expect(faults({ tickets: [ticket('5', ANN, [audit])], phones: { [ANN]: said } })).toEqual(
			expected,
		);
	});

	it('counts a reply as held, not lost, only if a note on its ticket says so', () => {
		const told = (custom: Audit['custom']): Audit => ({
			says: 'Not sent',
			public: false,
			...(custom ? { custom } : {}),
		});
		const withNote = (key: string, as = 'gaveUp') => ({
			tickets: [ticket('5', ANN, [replied('Yes'), told({ [as]: key })])],
		});
		const none = { [ANN]: [] };
		expect(faults({ ...withNote('reply:510:notSent', 'key'), phones: none })).toEqual({});
		expect(faults({ ...withNote('reply:510:refused', 'key'), phones: none })).toEqual({ lost: 1 });
		expect(faults({ ...withNote('reply:510'), phones: { [ANN]: [] } })).toEqual({});
		expect(faults({ ...withNote('reply:511'), phones: { [ANN]: [] } })).toEqual({ lost: 1 });
		const twice = [sent(ANN, 'Yes'), sent(ANN, 'Yes')];
		expect(faults({ ...withNote('reply:510'), phones: { [ANN]: twice } })).toEqual({ doubled: 1 });
	});

	it('sees a reply that went to someone else', () => {
		const tickets = [ticket('5', ANN, [replied('Yes')])];
		expect(faults({ tickets, phones: { [BOB]: [sent(BOB, 'Yes')] } })).toEqual({
			lost: 1,
			misdirected: 1,
		});
	});

	it('distinguishes two replies with the same text from one that was sent twice', () => {
		const twice = [sent(ANN, 'Yes'), sent(ANN, 'Yes')];
		const tickets = [ticket('5', ANN, [replied('Yes'), replied('Yes')])];
		expect(faults({ tickets, phones: { [ANN]: twice } })).toEqual({});
		expect(faults({ tickets, phones: { [ANN]: [...twice, sent(ANN, 'Yes')] } })).toEqual({
			doubled: 1,
		});
	});

	it('sees an agent told that a reply was not sent when it was', () => {
		const refused: Audit = {
			says: 'Not sent',
			public: false,
			custom: { key: 'reply:510:refused' },
		};
		const tickets = [ticket('5', ANN, [replied('Yes'), refused])];
		expect(faults({ tickets, phones: { [ANN]: [sent(ANN, 'Yes')] } })).toEqual({ untrue: 1 });
		expect(faults({ tickets, phones: { [ANN]: [] } })).toEqual({ lost: 1 });
	});

	it('sees a reply that an agent is told is on its way for ever', () => {
		const claim: Audit = {
			says: 'This reply goes to the customer',
			public: false,
			custom: { claim: 'reply:510' },
		};
		const scene = (...more: Audit[]) => ({
			tickets: [ticket('5', ANN, [replied('Yes'), claim, ...more])],
			phones: { [ANN]: [] },
		});
		expect(faults(scene())).toEqual({ lost: 1, untrue: 1 });
		expect(faults(scene({ says: 'Held', public: false, custom: { gaveUp: 'reply:510' } }))).toEqual(
			{},
		);
	});

	it('sees a claim on something that is not a reply', () => {
		const claim: Audit = { custom: { claim: 'reply:510' } };
		const tickets = [ticket('5', ANN, [replied('Merged', { merge: true }), claim])];
		expect(faults({ tickets })).toEqual({ misdirected: 1 });
	});

	it.each<[string, Array<[string, string]>, object]>([
		['is missing', [['Opened Ticket', 'opened:5:acme.zendesk.com']], { lost: 1 }],
		[
			'is there twice',
			[
				['Opened Ticket', 'opened:5:acme.zendesk.com'],
				['Solved Ticket', 'solved:5:501:acme.zendesk.com'],
				['Solved Ticket', 'solved:5:501:acme.zendesk.com'],
			],
			{ doubled: 1 },
		],
		[
			'has another key',
			[
				['Opened Ticket', 'opened:5:acme.zendesk.com'],
				['Solved Ticket', 'solved:5:999:acme.zendesk.com'],
			],
			{ lost: 1, misdirected: 1 },
		],
	])('sees a ticket event that %s', (_what, events, expected) => {
		const tickets = [ticket('5', ANN, [{}, { status: 'solved' }])];
		expect(faults({ tickets, events })).toEqual(expected);
	});

	it('sees a campaign that is not on the open ticket, and a reply of our own that is', () => {
		const campaign = { [ANN]: [sent(ANN, 'Sale!', 'campaign')] };
		const tickets = (...more: Audit[]) => [ticket('5', ANN, [{}, ...more])];
		const outbound = true;
		expect(faults({ tickets: tickets(), phones: campaign, outbound })).toEqual({ lost: 1 });
		expect(faults({ tickets: tickets(noted('OUT')), phones: campaign, outbound })).toEqual({});
		const own = { [ANN]: [sent(ANN, 'Yes')] };
		const echoed = tickets(replied('Yes'), noted('OUT'));
		expect(faults({ tickets: echoed, phones: own, outbound })).toEqual({ misdirected: 1 });
	});

	describe('of a customer on SMS and on WhatsApp', () => {
		const onWhatsApp = text(ANN, 'W1', 'And here?', 'whatsapp');
		const bySms = ticket('5', ANN, [file, replied('Yes')]);
		const filed = added('W1', 'And here?');
		const byWhatsApp = (...more: Audit[]) => ticket('6', ANN, [filed, ...more], 'whatsapp');
		const said = (...more: SandboxPhoneMessage[]) => ({
			[ANN]: [...inbound[ANN], onWhatsApp, ...more],
		});
		const sentBy = (channel: SandboxChannel, body = 'Yes') => sent(ANN, body, 'api', channel);

		it('finds no fault if each is in its own conversation, and RCS in that of SMS', () => {
			const tickets = [bySms, byWhatsApp(replied('No'))];
			expect(faults({ tickets, phones: said(sentBy('rcs'), sentBy('whatsapp', 'No')) })).toEqual(
				{},
			);
		});

		it("sees a message in the other channel's conversation", () => {
			const tickets = [ticket('5', ANN, [file, filed])];
			expect(faults({ tickets, phones: said() })).toEqual({ misdirected: 1 });
		});

		it('sees a reply that left by the other channel', () => {
			const tickets = [bySms, byWhatsApp()];
			expect(faults({ tickets, phones: said(sentBy('whatsapp')) })).toEqual({ misdirected: 1 });
		});

		it('sees that of two replies with the same words one left by the other channel', () => {
			const tickets = [bySms, byWhatsApp(replied('Yes'))];
			const right = said(sentBy('sms'), sentBy('whatsapp'));
			expect(faults({ tickets, phones: right })).toEqual({});
			const wrong = said(sentBy('whatsapp'), sentBy('whatsapp'));
			expect(faults({ tickets, phones: wrong })).toEqual({ misdirected: 1 });
		});

		it('sees a campaign that is noted on the ticket of the other channel', () => {
			const campaign = { ...sent(ANN, 'Sale!', 'campaign', 'whatsapp'), eventId: 'SALE' };
			const noteOn = (...tickets: TruthTicket[]) =>
				faults({ tickets, phones: said(campaign, sentBy('sms')), outbound: true });
			expect(noteOn(bySms, byWhatsApp(noted('SALE')))).toEqual({});
			expect(noteOn(ticket('5', ANN, [file, replied('Yes'), noted('SALE')]), byWhatsApp())).toEqual(
				{
					misdirected: 1,
				},
			);
		});

		it('sees a customer who is two users', () => {
			const other = { ...byWhatsApp(), requesterId: '13' };
			const scene = { tickets: [bySms, other], phones: said(sentBy('sms')) };
			expect(faults(scene)).toEqual({ doubled: 1 });
		});
	});

	describe('of a reply more than 24 hours after the customer wrote on WhatsApp', () => {
		const phones = (...out: SandboxPhoneMessage[]) => ({
			[ANN]: [text(ANN, 'T1', 'Where is my order?', 'whatsapp'), ...out],
		});
		const late = (minute: number, ...more: Audit[]) => [
			ticket('5', ANN, [file, replied('Yes', { createdAt: at(minute) }), ...more], 'whatsapp'),
		];
		const told: Audit = { says: 'Not sent', public: false, custom: { key: 'reply:511:refused' } };
		const day = 24 * 60;
		const after = day + 1;

		it('finds no fault if its agent was told', () => {
			expect(faults({ tickets: late(after, told), phones: phones() })).toEqual({});
		});

		it('sees that nobody was told', () => {
			expect(faults({ tickets: late(after), phones: phones() })).toEqual({ untrue: 1 });
		});

		it('sees that it was sent', () => {
			const sentLate = phones(sent(ANN, 'Yes', 'api', 'whatsapp'));
			expect(faults({ tickets: late(after), phones: sentLate })).toEqual({ misdirected: 1 });
		});

		it('sees a reply that is lost just before, and takes either if it ends meanwhile', () => {
			expect(faults({ tickets: late(day - 31, told), phones: phones() })).toEqual({ lost: 1 });
			expect(faults({ tickets: late(day - 29, told), phones: phones() })).toEqual({});
		});
	});

	it('sees two tickets of a conversation that were open at the same time', () => {
		const open = ticket('5', ANN, [{}]);
		expect(faults({ tickets: [open, ticket('6', ANN, [{}])] })).toEqual({ openTicketsOverOne: 1 });
		expect(faults({ tickets: [open, ticket('6', BOB, [{}])] })).toEqual({});
	});
});
