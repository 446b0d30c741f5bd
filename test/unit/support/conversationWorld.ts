/** One conversation under a random schedule, and the verdict on what became of its texts. */
import type { Desk, FiledText, Listing, UpdateAnswer } from '../../../domain/conversation/desk';
import { fileTexts } from '../../../domain/conversation/fileTexts';
import { type Filing, isSettled } from '../../../domain/conversation/filing';
import { type ConversationRules, conversationRules } from '../../../domain/conversation/rules';
import { type DeskEvent, MemoryZendesk, type MemorySwitches, wholeSecond } from './memoryZendesk';
import { type Command, type Line, Schedule, type Worker } from './schedule';

export interface WorldSettings {
	texts: number;
	workers: number;
	switches: MemorySwitches;
	rules?: Partial<ConversationRules>;
	/** How far the clock that stamps texts is ahead of Zendesk's, milliseconds. */
	skew?: number;
	/** Breaks the desk instead of a rule. */
	desk?: 'oneBrandOnly' | 'repeatsPut' | 'forgetsMarker';
	/** Whether texts come from a flow webhook too, which knows no event ids: items beyond `texts` are those. */
	withFlow?: boolean;
	/** Whether pictures and a history go with each text. */
	withCompany?: boolean;
	/** Whether a builder has drawn the logic: find, then create or add the text, and once more when that was too late. */
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
const deskFor = (
	zendesk: MemoryZendesk,
	line: Line,
	settings: WorldSettings,
	ticketId?: string,
): Desk<FiledText> => {
	const brand = settings.desk === 'oneBrandOnly' ? 1 : undefined;
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
		createTicket: (text, key) => {
			const request = { key, body: text.key, text };
			let begun = false;
			return line.ask({
				name: `create ${text.key} with ${key}`,
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
		addComment: async (ticket, text, status) => {
			const marker = settings.desk === 'forgetsMarker' ? undefined : text;
			const name = `comment ${text.key} on #${ticket.id} as ${status ?? ticket.status}`;
			const write = (stamp?: number) =>
				put(name, () => zendesk.update(ticket.id, stamp, status, marker));
			const answer = await write(ticket.updatedAt);
			return answer.outcome === 'unknown' && settings.desk === 'repeatsPut' ? write() : answer;
		},
		setOpen: (id, stamp) => put(`open #${id}`, () => zendesk.update(id, stamp, 'open')),
	};
};

/** As a workflow does it: one text after the other, each found a ticket for. */
async function fileAsDrawn(
	zendesk: MemoryZendesk,
	line: Line,
	texts: FiledText[],
	settings: WorldSettings,
): Promise<Map<string, Filing>> {
	const filings = new Map<string, Filing>();
	const rules = { ...conversationRules, ...settings.rules };
	for (const text of texts) {
		for (let round = 0; round < 4; round++) {
			const listing = await deskFor(zendesk, line, settings).listTickets();
			const found = listing && rules.target(listing.tickets)?.id;
			const desk = deskFor(zendesk, line, settings, found);
			const destination = found ? { ticketId: found } : 'newTicket';
			const [filing] = (await fileTexts(CONVERSATION, [text], desk, rules, destination)).values();
			if (!filing || filing.outcome === 'closed' || filing.outcome === 'alreadyOpen') continue;
			filings.set(text.key, filing);
			break;
		}
	}
	return filings;
}

export async function playConversation(
	settings: WorldSettings,
	commands: Command[],
): Promise<{ verdict: Verdict; log: string[] }> {
	const zendesk = new MemoryZendesk(settings.switches);
	const schedule = new Schedule(zendesk);
	const rules = { ...conversationRules, ...settings.rules };
	const texts: FiledText[] = [];
	/** The text with what goes with it, as its event brings it or as a flow webhook does. */
	const brought = (text: FiledText, byFlow = false): FiledText[] => {
		const seen = byFlow && text.flowKey ? { key: text.flowKey, sentAt: text.sentAt } : { ...text };
		return settings.withCompany ? [seen, ...companyOf(seen)] : [seen];
	};
	const runs: Array<Worker<Map<string, Filing>>> = [];
	const start = async (batch: FiledText[]) => {
		const run = await schedule.start(
			`W${schedule.workers.length}(${batch.map((text) => text.key).join()})`,
			(line) =>
				settings.drawn
					? fileAsDrawn(zendesk, line, batch, settings)
					: fileTexts(CONVERSATION, batch, deskFor(zendesk, line, settings), rules),
		);
		runs.push(run);
		return run;
	};
	const deliver = async (item: number, withPrevious: boolean): Promise<void> => {
		const [index, byFlow] = [item % settings.texts, item >= settings.texts];
		if (schedule.workers.length >= settings.workers || (index > 0 && !texts[index - 1])) return;
		const sentAt = wholeSecond(zendesk.now) + (settings.skew ?? 0);
		const text = (texts[index] ??= {
			key: `T${index}`,
			sentAt,
			...(settings.withFlow ? { flowKey: `F${index}` } : {}),
		});
		const previous = texts[index - 1];
		const before = withPrevious && previous ? brought(previous) : [];
		await start([...before, ...brought(text, byFlow)]);
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
	schedule.settle();
	await schedule.drain();
	/** As a process remembers it, which knows nothing of runs that were killed. */
	const isLeftOut = (text: FiledText): boolean => {
		if (settings.leavesOut === 'begun') return runs.length > 0;
		if (settings.leavesOut === undefined) return false;
		const isDone = (parts: FiledText[]): boolean =>
			parts.every(({ key }) => runs.some(({ result }) => isSettled(result?.get(key))));
		return isDone(brought(text)) || (settings.withFlow === true && isDone(brought(text, true)));
	};
	let last: Array<Map<string, Filing> | undefined> = [];
	for (const wait of settings.sweeps ?? [5 * 60_000, 3 * 3600_000]) {
		zendesk.now += wait;
		last = [];
		for (const text of texts) {
			if (isLeftOut(text)) continue;
			const worker = await start(brought(text));
			await schedule.drain();
			last.push(worker.result);
		}
	}
	return { verdict: judge(zendesk, texts, last, settings.withCompany === true), log: schedule.log };
}

/** Pictures, wherever the text is; the history, where the text opened the ticket. */
const companyOf = ({ key, flowKey, sentAt }: FiledText): FiledText[] =>
	['media', 'history'].map((what) => ({
		key: `${key}/${what}`,
		...(flowKey ? { flowKey: `${flowKey}/${what}` } : {}),
		sentAt,
		goesWith: { text: { key, flowKey }, onlyIfOpened: what === 'history' },
	}));

function judge(
	zendesk: MemoryZendesk,
	texts: FiledText[],
	last: Array<Map<string, Filing> | undefined>,
	withCompany: boolean,
): Verdict {
	const verdict: Verdict = {};
	const homesOf = ({ key, flowKey }: Pick<FiledText, 'key' | 'flowKey'>) =>
		zendesk.tickets.flatMap((ticket) =>
			ticket.audits
				.filter(({ marker }) => marker && [key, flowKey].includes(marker.key))
				.map((entry) => ({ ticket, entry })),
		);
	for (const text of texts) {
		const homes = homesOf(text);
		const live = homes.filter(({ ticket }) => !ticket.deleted);
		if (homes.length === 0) verdict.lost = text.key;
		if (live.length > 1)
			verdict.doubled = `${text.key} in ${live.map(({ ticket }) => ticket.id).join()}`;
		for (const company of companyOf(text)) {
			const places = homesOf(company).filter(({ ticket }) => !ticket.deleted);
			if (places.length > 1) verdict.doubled = company.key;
			const wanted = live.filter(
				({ entry }) => !company.goesWith?.onlyIfOpened || entry.opens === true,
			);
			if (!places.every(({ ticket }) => wanted.some((home) => home.ticket === ticket)))
				verdict.astray = company.key;
			const open = wanted.filter(({ ticket }) => ticket.status !== 'closed');
			if (withCompany && open.length > places.length) verdict.missing = company.key;
		}
	}
	if (zendesk.mostOpen > 1) verdict.twoOpen = `${zendesk.mostOpen} at once`;
	const unseen = zendesk.unseen();
	if (unseen.length > 0) verdict.unseen = unseen.join();
	for (const filings of last) {
		for (const filing of filings?.values() ?? [])
			if (filing.outcome === 'failed') verdict.stuck = filing.message;
	}
	return verdict;
}
