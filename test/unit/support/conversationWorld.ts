/** One conversation under a random schedule, and the verdict on its messages. */
import type {
	TicketStore,
	ConversationMessage,
	Listing,
	UpdateAnswer,
} from '../../../domain/conversation/ticketStore';
import { addMessages } from '../../../domain/conversation/addMessages';
import { type AddResult, isCompleted } from '../../../domain/conversation/addResult';
import { type ConversationRules, conversationRules } from '../../../domain/conversation/rules';
import { type DeskEvent, MemoryZendesk, type MemorySwitches, wholeSecond } from './memoryZendesk';
import { type Command, type Line, Schedule, type Worker } from './schedule';

export interface WorldSettings {
	messages: number;
	workers: number;
	switches: MemorySwitches;
	rules?: Partial<ConversationRules>;
	/** How far the clock that stamps messages is ahead of Zendesk's, milliseconds. */
	skew?: number;
	/** Breaks the store instead of a rule. */
	store?: 'oneBrandOnly' | 'repeatsPut' | 'forgetsMarker';
	/** Whether messages come from a flow webhook too, which knows no event ids: items beyond `messages` are those. */
	withFlow?: boolean;
	/** Whether pictures and a history go with each message. */
	withAttached?: boolean;
	/** Whether a builder has drawn the logic: find, then create or add the message, and once more when that was too late. */
	drawn?: boolean;
	/** Times after which catch-up brings everything again, honestly. */
	sweeps?: number[];
	/**
	 * What catch-up leaves out: nothing by default; 'settled': what a run that has ended found to be done; 'begun': what
	 * any run has had.
	 */
	leavesOut?: 'settled' | 'begun';
}

export type Verdict = Partial<
	Record<'lost' | 'doubled' | 'twoOpen' | 'unseen' | 'stuck' | 'astray' | 'missing', string>
>;

const CONVERSATION = 'klaviyo:sms:+15005550006';

/** @param ticketId a ticket that is read by itself besides the list, and so never behind */
const storeFor = (
	zendesk: MemoryZendesk,
	line: Line,
	settings: WorldSettings,
	ticketId?: string,
): TicketStore<ConversationMessage> => {
	const brand = settings.store === 'oneBrandOnly' ? 1 : undefined;
	const put = (name: string, serve: () => UpdateAnswer): Promise<UpdateAnswer> =>
		line.ask<UpdateAnswer>({ name, serve, lost: { outcome: 'unknown' } });
	return {
		now: () => zendesk.now,
		sleep: line.sleep,
		listTickets: async () =>
			(
				await line.ask<{ listing?: Listing | undefined }>({
					name: 'list',
					serve: (lag) => ({
						listing: ticketId ? zendesk.listWith(ticketId, lag) : zendesk.list(lag, brand),
					}),
					lost: {},
				})
			).listing,
		readAudits: async (id) =>
			(
				await line.ask<{ audits?: ReturnType<MemoryZendesk['audits']> }>({
					name: `audits #${id}`,
					serve: (lag) => ({ audits: zendesk.audits(id, lag) }),
					lost: {},
				})
			).audits,
		createTicket: (message, key) => {
			const request = { key, body: message.key, message };
			let begun = false;
			return line.ask({
				name: `create ${message.key} with ${key}`,
				serve: () => {
					if (begun) return zendesk.commitCreate(request);
					const answer = zendesk.beginCreate(request);
					if (answer === 'wait') return undefined;
					if (answer !== 'begun') return answer;
					begun = true;
					return undefined;
				},
				lost: { outcome: 'unknown' },
				begun: () => begun,
			});
		},
		addComment: async (ticket, message, status) => {
			const marker = settings.store === 'forgetsMarker' ? undefined : message;
			const name = `comment ${message.key} on #${ticket.id} as ${status ?? ticket.status}`;
			const write = (stamp?: number) =>
				put(name, () => zendesk.update(ticket.id, stamp, status, marker));
			const answer = await write(ticket.updatedAt);
			return answer.outcome === 'unknown' && settings.store === 'repeatsPut' ? write() : answer;
		},
		setOpen: (id, stamp) => put(`open #${id}`, () => zendesk.update(id, stamp, 'open')),
	};
};

/** As a workflow does it: one message after the other, each found a ticket for. */
async function addAsDrawn(
	zendesk: MemoryZendesk,
	line: Line,
	messages: ConversationMessage[],
	settings: WorldSettings,
): Promise<Map<string, AddResult>> {
	const results = new Map<string, AddResult>();
	const rules = { ...conversationRules, ...settings.rules };
	for (const message of messages) {
		for (let round = 0; round < 4; round++) {
			const listing = await storeFor(zendesk, line, settings).listTickets();
			const found = listing && rules.target(listing.tickets)?.id;
			const store = storeFor(zendesk, line, settings, found);
			const destination = found ? { ticketId: found } : 'newTicket';
			const [result] = (
				await addMessages(CONVERSATION, [message], store, rules, destination)
			).values();
			if (!result || result.outcome === 'closed' || result.outcome === 'alreadyOpen') continue;
			results.set(message.key, result);
			break;
		}
	}
	return results;
}

export async function playConversation(
	settings: WorldSettings,
	commands: Command[],
): Promise<{ verdict: Verdict; log: string[] }> {
	const zendesk = new MemoryZendesk(settings.switches);
	const schedule = new Schedule(zendesk);
	const rules = { ...conversationRules, ...settings.rules };
	const messages: ConversationMessage[] = [];
	/** The message with what goes with it, as its event brings it or as a flow webhook does. */
	const brought = (message: ConversationMessage, byFlow = false): ConversationMessage[] => {
		const seen =
			byFlow && message.flowKey ? { key: message.flowKey, sentAt: message.sentAt } : { ...message };
		return settings.withAttached ? [seen, ...attachedOf(seen)] : [seen];
	};
	const runs: Array<Worker<Map<string, AddResult>>> = [];
	const start = async (batch: ConversationMessage[]) => {
		const run = await schedule.start(
			`W${schedule.workers.length}(${batch.map((message) => message.key).join()})`,
			(line) =>
				settings.drawn
					? addAsDrawn(zendesk, line, batch, settings)
					: addMessages(CONVERSATION, batch, storeFor(zendesk, line, settings), rules),
		);
		runs.push(run);
		return run;
	};
	const deliver = async (item: number, withPrevious: boolean): Promise<void> => {
		const [index, byFlow] = [item % settings.messages, item >= settings.messages];
		if (schedule.workers.length >= settings.workers || (index > 0 && !messages[index - 1])) return;
		const sentAt = wholeSecond(zendesk.now) + (settings.skew ?? 0);
		const message = (messages[index] ??= {
			key: `T${index}`,
			sentAt,
			...(settings.withFlow ? { flowKey: `F${index}` } : {}),
		});
		const previous = messages[index - 1];
		const before = withPrevious && previous ? brought(previous) : [];
		await start([...before, ...brought(message, byFlow)]);
	};

	for (const command of commands) {
		zendesk.now += 40;
		if (command.do === 'start') await deliver(command.item, command.both);
		if (command.do === 'step') {
			const ready = schedule.workers.filter((worker) => worker.ready);
			await ready[command.worker % ready.length]?.step(command.fault, command.lag);
		}
		if (command.do === 'arrive') schedule.arrive();
		if (command.do === 'pass') schedule.pass(command.time);
		if (command.do === 'event') {
			// Promised only for deletions that do not fall between our list and our create (docs/guarantees.md).
			const quiet =
				schedule.onTheirWay.length === 0 && schedule.workers.every((worker) => worker.dead);
			if (command.event === 'delete' && !quiet) continue;
			schedule.say(`agent or automation: ${command.event}`);
			zendesk.happens(command.event as DeskEvent);
			if (command.event === 'delete') zendesk.now += settings.switches.listLag + 1;
		}
	}
	schedule.markCompleted();
	await schedule.drain();
	/** As a process remembers it, which knows nothing of runs that were killed. */
	const isLeftOut = (message: ConversationMessage): boolean => {
		if (settings.leavesOut === 'begun') return runs.length > 0;
		if (settings.leavesOut === undefined) return false;
		const isDone = (parts: ConversationMessage[]): boolean =>
			parts.every(({ key }) => runs.some(({ result }) => isCompleted(result?.get(key))));
		return (
			isDone(brought(message)) || (settings.withFlow === true && isDone(brought(message, true)))
		);
	};
	let last: Array<Map<string, AddResult> | undefined> = [];
	for (const wait of settings.sweeps ?? [5 * 60_000, 3 * 3600_000]) {
		zendesk.now += wait;
		last = [];
		for (const message of messages) {
			if (isLeftOut(message)) continue;
			const worker = await start(brought(message));
			await schedule.drain();
			last.push(worker.result);
		}
	}
	return {
		verdict: judge(zendesk, messages, last, settings.withAttached === true),
		log: schedule.log,
	};
}

/** Pictures, wherever the message is; the history, where the message opened the ticket. */
const attachedOf = ({ key, flowKey, sentAt }: ConversationMessage): ConversationMessage[] =>
	['media', 'history'].map((what) => ({
		key: `${key}/${what}`,
		...(flowKey ? { flowKey: `${flowKey}/${what}` } : {}),
		sentAt,
		attachedTo: { message: { key, flowKey }, onlyIfOpened: what === 'history' },
	}));

function judge(
	zendesk: MemoryZendesk,
	messages: ConversationMessage[],
	last: Array<Map<string, AddResult> | undefined>,
	withAttached: boolean,
): Verdict {
	const verdict: Verdict = {};
	const homesOf = ({ key, flowKey }: Pick<ConversationMessage, 'key' | 'flowKey'>) =>
		zendesk.tickets.flatMap((ticket) =>
			ticket.audits
				.filter(({ marker }) => marker && [key, flowKey].includes(marker.key))
				.map((entry) => ({ ticket, entry })),
		);
	for (const message of messages) {
		const homes = homesOf(message);
		const live = homes.filter(({ ticket }) => !ticket.deleted);
		if (homes.length === 0) verdict.lost = message.key;
		if (live.length > 1)
			verdict.doubled = `${message.key} in ${live.map(({ ticket }) => ticket.id).join()}`;
		for (const attachedTo of attachedOf(message)) {
			const places = homesOf(attachedTo).filter(({ ticket }) => !ticket.deleted);
			if (places.length > 1) verdict.doubled = attachedTo.key;
			const wanted = live.filter(
				({ entry }) => !attachedTo.attachedTo?.onlyIfOpened || entry.opens === true,
			);
			if (!places.every(({ ticket }) => wanted.some((home) => home.ticket === ticket)))
				verdict.astray = attachedTo.key;
			const open = wanted.filter(({ ticket }) => ticket.status !== 'closed');
			if (withAttached && open.length > places.length) verdict.missing = attachedTo.key;
		}
	}
	if (zendesk.mostOpen > 1) verdict.twoOpen = `${zendesk.mostOpen} at once`;
	const unseen = zendesk.unseen();
	if (unseen.length > 0) verdict.unseen = unseen.join();
	for (const results of last) {
		for (const result of results?.values() ?? [])
			if (result.outcome === 'failed') verdict.stuck = result.message;
	}
	return verdict;
}
