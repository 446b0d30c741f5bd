/** Agents' replies to one customer under a random schedule, and the verdict on what the customer's phone shows. */
import {
	type ClaimRules,
	claimReply,
	claimRules,
	type ReplyStore,
	type ReplyTicket,
} from '../../../domain/reply/claim';
import type { ConversationChannel } from '../../../domain/channel';
import { toExternalId } from '../../../domain/conversation/externalId';
import type { ReplyAudit } from '../../../domain/reply/audit';
import type { Claim } from '../../../domain/reply/items';
import { heldNoteKey, refusedNoteKey, replyChannel, replyKey } from '../../../domain/reply/items';
import {
	type ReplyRecipient,
	type LoggedReply,
	lookUpReply,
	sendClaimedReply,
	type SendRules,
	sendRules,
	type SendThrough,
	type MessageSender,
} from '../../../domain/reply/send';
import { notifyAgent, type SendOutcome } from '../../../domain/reply/outcome';
import { isWindowOpen, smsPermission, whatsAppPermission } from '../../../domain/reply/permission';
import { answered } from '../../../domain/reply/answered';
import {
	type Asker,
	type CustomerToAsk,
	type FollowUp,
	followUp,
	followUpRules,
	type FollowUpRules,
} from '../../../domain/reply/followUp';
import {
	claimsOf,
	isAnswered,
	isOutdated,
	waitingReplies,
	type WhenAnswered,
} from '../../../domain/reply/waiting';
import { isLoggedAs } from '../../../domain/reply/words';
import { asListed, wholeSecond } from './memoryZendesk';
import { type Command, type Line, Schedule } from './schedule';

export interface ReplySettings {
	replies: number;
	workers: number;
	/** Whether every second reply is on the customer's ticket of WhatsApp, whose log and permission are others. */
	onBothChannels?: boolean;
	/** Looks for a message in the logs of both channels. */
	ignoresChannels?: boolean;
	/** Whether all replies say the same. */
	sameWords: boolean;
	/** Whether the customer unsubscribes, and comes back. */
	unsubscribes?: boolean;
	/** Whether the first try of each run fails in the middle of its claim, and another follows minutes later. */
	failsFirst?: boolean;
	/** Whether each claim is given to a second process too, as when a person executes the step with it. */
	sendsByHandToo?: boolean;
	/** Longest that Klaviyo's log is behind, milliseconds. */
	logLag: number;
	claimRules?: Partial<ClaimRules>;
	sendRules?: Partial<SendRules>;
	/** Sends again when the answer was lost. */
	repeatsSend?: boolean;
	/** Takes what is unclear for missing, without a look into the log. */
	assumesMissing?: boolean;
	/** How messages go out: `conversation` by default. */
	through?: SendThrough;
	/** Through a flow: records an event again whose key it has. */
	recordsRepeats?: boolean;
	/**
	 * Whether the conversation is on WhatsApp, whose window closes 24 hours after the customer's last message. Then the
	 * customer is asked to continue, and replies wait.
	 */
	onWhatsApp?: boolean;
	followUpRules?: Partial<FollowUpRules>;
	/** Whether all replies but the first are left to their agent when the customer answers. */
	lastIsLeft?: boolean;
	/** Through a flow: takes any message with a reply's words for its own, whether its event is recorded or not. */
	countsByWords?: boolean;
}

export type ReplyVerdict = Partial<
	Record<
		| 'doubled'
		| 'forgotten'
		| 'claimedThoughTold'
		| 'askedTwice'
		| 'claimedThoughWaiting'
		| 'untrue'
		| 'astray',
		string
	>
>;

const PHONE = '+15005550006';

/** Events of a schedule. */
export const LOG_FALTERS = 'log goes down or comes back';
export const LOG_STOPS = 'log stops or goes on';
export const CUSTOMER_WRITES = 'customer writes';

const HOUR = 3600_000;

/** A conversation's ticket. */
class Ticket {
	readonly audits: ReplyAudit[] = [];

	updatedAt = 0;

	constructor(readonly channel: ConversationChannel) {}

	write(now: number, entry: Omit<ReplyAudit, 'at'>): void {
		this.updatedAt = wholeSecond(now);
		this.audits.push({ ...entry, at: this.updatedAt });
	}
}

interface Sent {
	reply: number;
	channel: ConversationChannel;
	body: string;
	at: number;
	visibleAt: number;
}

class World {
	now = 1_700_000_000_000;

	private readonly bySms = new Ticket('sms');

	private readonly byWhatsApp = new Ticket('whatsapp');

	constructor(private readonly on: Pick<ReplySettings, 'onBothChannels' | 'onWhatsApp'>) {}

	/** The ticket that a reply is on. */
	ticketOf(reply: number): Ticket {
		const { onBothChannels, onWhatsApp } = this.on;
		return onWhatsApp || (onBothChannels && reply % 2 === 1) ? this.byWhatsApp : this.bySms;
	}

	readonly sent: Sent[] = [];

	/** Through a flow: by reply, from when its event shows in the log. */
	readonly recorded = new Map<number, number>();

	readonly told = new Set<number>();

	logDown = false;

	/** Since when nothing new appears in the log, for any customer: all of it appears when the log resumes. */
	logStoppedAt = Infinity;

	private readonly start = this.now;

	canReceiveSms = true;

	/** When the customer wrote on WhatsApp: the window is about to close. */
	wroteAt = wholeSecond(this.now) - 24 * HOUR + 5 * 60_000;

	/** By an event's id: in which window the customer was asked, by when they had written last. */
	readonly asked = new Map<string, number>();

	verdict: ReplyVerdict = {};

	private events = 0;

	/** What the log shows is as old as this. */
	shownUntil(): number {
		return Math.min(this.now, this.logStoppedAt);
	}

	/** When the account's newest messages were sent, as the log shows it: to other customers, one a minute. */
	recentMessages(): number[] {
		const minutes = Math.floor((this.shownUntil() - this.start) / 60_000);
		return Array.from({ length: 10 }, (_, ago) => this.start + (minutes - ago) * 60_000);
	}

	/** The log goes and comes, or stops and goes on; every second time, the customer goes and comes. */
	event(event: string, unsubscribes: boolean): void {
		this.events += 1;
		if (event === LOG_STOPS)
			this.logStoppedAt = this.logStoppedAt === Infinity ? this.now : Infinity;
		else this.logDown = !this.logDown;
		if (unsubscribes && this.events % 2 === 0) this.canReceiveSms = !this.canReceiveSms;
	}

	body(index: number, sameWords: boolean): string {
		return sameWords ? 'Yes' : `Reply ${index}`;
	}

	write(reply: number, entry: Omit<ReplyAudit, 'at'>): void {
		this.ticketOf(reply).write(this.now, entry);
	}
}

const storeFor = (world: World, line: Line, index: number): ReplyStore => ({
	now: () => world.now,
	sleep: line.sleep,
	readTicket: async () =>
		(
			await line.ask<{ ticket?: ReplyTicket }>({
				name: 'ticket',
				serve: () => ({
					ticket: {
						status: 'open',
						updatedAt: world.ticketOf(index).updatedAt,
						externalId: toExternalId({ channel: world.ticketOf(index).channel, phone: PHONE }),
						audits: asListed(world.ticketOf(index).audits),
						serverTime: wholeSecond(world.now),
					},
				}),
				lost: {},
			})
		).ticket,
	writeNote: (ticket, note) =>
		line.ask({
			name: `${note.kind} R${index}`,
			serve: () => {
				if (ticket.updatedAt !== world.ticketOf(index).updatedAt) return 'conflict';
				const key = replyKey(String(index));
				if (note.kind === 'gaveUp') world.told.add(index);
				const { waiting } = claimsOf(world.ticketOf(index).audits, String(index));
				if (waiting?.whenAnswered === 'tellAgent') world.verdict.claimedThoughTold = `R${index}`;
				if (waiting && !isAnswered(waiting, world.wroteAt))
					world.verdict.claimedThoughWaiting = `R${index}`;
				world.write(index, {
					marker: note.kind === 'claim' ? { claim: key, run: note.run } : { gaveUp: key },
				});
				return 'written';
			},
			lost: 'unknown' as const,
		}),
});

/** The store of a try that fails when its note has been written: what it would have read next was refused. */
const failingStore = (store: ReplyStore): ReplyStore => ({
	...store,
	writeNote: async (ticket, note) => {
		await store.writeNote(ticket, note);
		throw new Error('refused');
	},
});

const UNSHOWN = { canReceive: null, validUntil: null };

const askerFor = (world: World, line: Line, index: number): Asker => ({
	findCustomer: () =>
		line.ask<CustomerToAsk>({
			name: 'window',
			serve: () => ({
				profileId: 'P',
				isWindowOpen: isWindowOpen(UNSHOWN, world.wroteAt, world.now),
				windowEnd: world.wroteAt + 24 * HOUR,
				mayBeAsked: null,
			}),
			lost: { profileId: 'P', isWindowOpen: true, windowEnd: null, mayBeAsked: null },
		}),
	ask: (_customer, uniqueId) =>
		line.ask<'accepted' | 'unknown'>({
			name: `ask R${index}`,
			serve: () => {
				if (world.asked.has(uniqueId)) return 'accepted';
				const window = world.wroteAt;
				if ([...world.asked.values()].includes(window)) world.verdict.askedTwice = uniqueId;
				world.asked.set(uniqueId, window);
				return 'accepted';
			},
			lost: 'unknown',
		}),
});

/** The longest that n8n lets pass between the first try of a run and its last. */
const BETWEEN_TRIES = 120_000;

const senderFor = (
	world: World,
	line: Line,
	index: number,
	settings: ReplySettings,
): MessageSender => {
	const through = settings.through ?? 'conversation';
	const customer = (): ReplyRecipient => ({
		profileId: 'P',
		email: null,
		permission: settings.onWhatsApp
			? whatsAppPermission(UNSHOWN, world.wroteAt, world.now)
			: smsPermission(world.canReceiveSms),
		conversationId: 'C',
	});
	const send = (channel: ConversationChannel, body: string) =>
		line.ask<'accepted' | 'unknown'>({
			name: `send R${index}`,
			serve: (lag) => {
				const visibleAt = world.now + Math.min(lag, settings.logLag);
				const isRepeat = through === 'flow' && world.recorded.has(index);
				if (isRepeat && !settings.recordsRepeats) return 'accepted';
				if (through === 'flow') world.recorded.set(index, visibleAt);
				world.sent.push({ reply: index, channel, body, at: world.now, visibleAt });
				return 'accepted';
			},
			lost: 'unknown',
		});
	const look = (channel: ConversationChannel, body: string, since: number): LoggedReply => {
		const messages = world.sent.filter(
			(message) =>
				(settings.ignoresChannels || message.channel === channel) &&
				message.visibleAt <= world.shownUntil() &&
				message.at >= since &&
				isLoggedAs(message.body, body),
		).length;
		if (through === 'conversation') return { messages };
		const isRecorded = (world.recorded.get(index) ?? Infinity) <= world.shownUntil();
		return { messages: isRecorded || settings.countsByWords ? messages : 0, isRecorded };
	};
	return {
		through,
		now: () => world.now,
		findCustomer: () =>
			line.ask({
				name: 'customer',
				serve: () => customer(),
				lost: customer(),
			}),
		findInLog: (reply, _profile, body, since) =>
			line.ask<LoggedReply | 'unreadable'>({
				name: 'log',
				serve: () => (world.logDown ? 'unreadable' : look(replyChannel(reply), body, since)),
				lost: 'unreadable',
			}),
		recentMessages: () =>
			line.ask<number[] | 'unreadable'>({
				name: 'recent messages',
				serve: () => (world.logDown ? 'unreadable' : world.recentMessages()),
				lost: 'unreadable',
			}),
		send: async (reply, _customer, body) => {
			const channel = replyChannel(reply);
			const answer = await send(channel, body);
			return answer === 'unknown' && settings.repeatsSend ? send(channel, body) : answer;
		},
	};
};

export async function playReplies(
	settings: ReplySettings,
	commands: Command[],
): Promise<{ verdict: ReplyVerdict; log: string[] }> {
	const world = new World(settings);
	const schedule = new Schedule(world, 12_000);
	/** As Add Internal Note does it. */
	const noteThatItWaits = async (line: Line, index: number, key: string): Promise<void> => {
		const serve = (): string => {
			const isOld = isOutdated(world.ticketOf(index).audits, key, undefined);
			const isThere = world.ticketOf(index).audits.some(({ marker }) => marker?.key === key);
			if (isOld || isThere) return 'not written';
			if (world.sent.some(({ reply }) => reply === index)) world.verdict.untrue = `R${index} waits`;
			world.write(index, { marker: { key } });
			return 'told';
		};
		await line.ask({ name: `waits R${index}`, serve, lost: 'unknown' });
	};
	const nextRun = (): string => `run${schedule.workers.length}`;
	/** As templates 02 and 07 do it. */
	const handle = async (
		line: Line,
		run: string,
		index: number,
		answeredAt?: number,
	): Promise<Claim | SendOutcome | FollowUp> => {
		const store = storeFor(world, line, index);
		const rules = { ...claimRules, ...settings.claimRules };
		const sender = senderFor(world, line, index, settings);
		/** As template 02 tells the agent. */
		const tell = async (sent: SendOutcome, isRetry: boolean): Promise<SendOutcome> => {
			if (!notifyAgent(sent, isRetry)) return sent;
			world.told.add(index);
			const key = (sent.outcome === 'refused' ? refusedNoteKey : heldNoteKey)(String(index));
			const write = (): string => {
				world.write(index, { marker: { key } });
				return 'told';
			};
			await line.ask({ name: `tell R${index}`, serve: write, lost: 'unknown' });
			return sent;
		};
		const claimBy = (by: ReplyStore, isMissing: boolean) =>
			claimReply(
				{
					...{ ticketId: '1', commentId: String(index), run, executionId: run, isMissing },
					...(answeredAt === undefined ? {} : { answeredAt }),
				},
				by,
				rules,
			);
		const claimOnce = async (isMissing: boolean): Promise<Claim> => {
			if (!settings.failsFirst) return await claimBy(store, isMissing);
			try {
				return await claimBy(failingStore(store), isMissing);
			} catch {
				await line.sleep(BETWEEN_TRIES);
				return await claimBy(store, isMissing);
			}
		};
		let claim = await claimOnce(false);
		if (claim.outcome === 'unclear') {
			const seen: SendOutcome = settings.assumesMissing
				? { outcome: 'missing', profileId: 'P' }
				: await lookUpReply(claim, sender, { ...sendRules, ...settings.sendRules });
			if (seen.outcome !== 'missing') return await tell(seen, true);
			claim = await claimOnce(true);
		}
		if (claim.outcome !== 'claimed') return claim;
		const mayBeSent = claim;
		const sendIn = async (execution: string, through: MessageSender): Promise<SendOutcome> =>
			await sendClaimedReply(
				mayBeSent,
				through,
				{ ...sendRules, ...settings.sendRules },
				new Map(),
				execution,
			);
		if (settings.sendsByHandToo)
			void schedule.start(
				`by hand(R${index})`,
				async (hand) => await sendIn('by hand', senderFor(world, hand, index, settings)),
			);
		const sent = await sendIn(run, sender);
		if (sent.outcome !== 'refused' || sent.reason !== 'windowClosed')
			return await tell(sent, claim.attempt > 1);
		const rules07 = { ...followUpRules, ...settings.followUpRules };
		const then: WhenAnswered = index === 0 ? 'send' : settings.lastIsLeft ? 'tellAgent' : 'send';
		const asked = await followUp(claim, askerFor(world, line, index), then, rules07);
		if (asked.outcome === 'notConfirmed') return asked;
		if (asked.outcome !== 'waits') return await tell(asked, claim.attempt > 1);
		await noteThatItWaits(line, index, asked.noteKey);
		return asked;
	};
	const begin = async (index: number, answeredAt?: number): Promise<void> => {
		const run = nextRun();
		await schedule.start(
			`${run}(R${index})`,
			async (line) => await handle(line, run, index, answeredAt),
		);
	};
	/** Template 07, for the customer's newest message. */
	const answer = async (): Promise<void> => {
		const run = nextRun();
		await schedule.start(`${run}(answer)`, async (line) => {
			const read = await line.ask<{ audits: ReplyAudit[]; answeredAt: number } | undefined>({
				name: 'waiting',
				serve: () => ({ audits: asListed(world.ticketOf(0).audits), answeredAt: world.wroteAt }),
				lost: undefined,
			});
			if (!read) return;
			for (const reply of waitingReplies(read.audits, read.audits, world.now)) {
				const index = Number(reply.commentId);
				const what = answered(reply, {
					...{ answeredAt: read.answeredAt, isOptOut: false, ticketId: '1' },
					...{ isClosed: false, openTicketId: '1' },
				});
				if (what?.outcome === 'answered')
					await handle(line, `${run}-${index}`, index, read.answeredAt);
				if (what?.outcome === 'refused')
					await line.ask({
						name: `tell R${index}`,
						serve: () => {
							world.told.add(index);
							world.write(index, { marker: { key: refusedNoteKey(String(index)) } });
							return 'told';
						},
						lost: 'unknown',
					});
			}
		});
	};
	let written = 0;
	const deliver = async (index: number): Promise<void> => {
		if (schedule.workers.length >= settings.workers || index > written) return;
		if (index === written) {
			written++;
			const body = world.body(index, settings.sameWords);
			const author = { role: 'agent', name: 'Mia', email: 'mia@acme.test' };
			world.write(index, {
				comment: { id: String(index), public: true, body, attachments: [], author },
			});
		}
		await begin(index);
	};

	for (const command of commands) {
		world.now += 20;
		if (command.do === 'start') await deliver(command.item);
		if (command.do === 'step') {
			const ready = schedule.workers.filter((worker) => worker.ready);
			await ready[command.worker % ready.length]?.step(command.fault, command.lag);
		}
		if (command.do === 'arrive') schedule.arrive();
		if (command.do === 'pass') schedule.pass(command.time);
		if (command.do === 'event' && command.event === CUSTOMER_WRITES) {
			world.wroteAt = wholeSecond(world.now);
			if (schedule.workers.length < settings.workers) await answer();
		} else if (command.do === 'event') world.event(command.event, settings.unsubscribes ?? false);
	}
	schedule.markCompleted();
	world.logDown = false;
	world.logStoppedAt = Infinity;
	world.canReceiveSms = true;
	await schedule.drain();
	for (let sweep = 0; sweep < 4; sweep++) {
		world.now += 3600_000;
		if (settings.onWhatsApp) {
			if (sweep === 0) world.wroteAt = wholeSecond(world.now);
			await answer();
			await schedule.drain();
		}
		for (let index = 0; index < written; index++) {
			await begin(index);
			await schedule.drain();
		}
	}
	const { verdict } = world;
	for (let index = 0; index < written; index++) {
		const times = world.sent.filter((message) => message.reply === index).length;
		if (times > 1) verdict.doubled = `R${index} ${times} times`;
		if (times === 0 && !world.told.has(index)) verdict.forgotten = `R${index}`;
		const id = String(index);
		const { channel, audits } = world.ticketOf(index);
		if (world.sent.some((message) => message.reply === index && message.channel !== channel))
			verdict.astray = `R${index}`;
		const told = audits.findIndex(({ marker }) =>
			[refusedNoteKey(id), heldNoteKey(id)].includes(marker?.key ?? ''),
		);
		const claimed = audits.findLastIndex(({ marker }) => marker?.claim === replyKey(id));
		if (told >= 0 && claimed > told) verdict.claimedThoughTold = `R${index}`;
	}
	return { verdict, log: schedule.log };
}
