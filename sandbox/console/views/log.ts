import type { Core } from '../../core';
import type { DeliveryAttempt, RecordedCall } from '../../types';
import type { LogDetail, LogRow, Looking, LogView } from '../shapes';

type Entry = { row: LogRow } & (
	{ call: RecordedCall; attempt?: never } | { attempt: DeliveryAttempt; call?: never }
);

/** Calls and deliveries as one list, which only grows, in the order in which they occurred. */
export class TrafficLog {
	private readonly entries: Entry[] = [];
	private calls = 0;
	private attempts = 0;
	private polls = 0;

	constructor(private readonly core: Core) {}

	/** The newest entries that match the filters. */
	view(looking: Looking): LogView {
		this.catchUp();
		const until = looking.logUntil < 0 ? this.entries.length : looking.logUntil;
		const wanted = looking.logSearch.trim().toLowerCase();
		const rows: LogRow[] = [];
		let matching = 0;
		let newer = 0;
		for (let at = this.entries.length - 1; at >= 0; at -= 1) {
			const row = this.entries[at]?.row;
			if (row === undefined || !isWanted(row, looking, wanted)) continue;
			if (at >= until) newer += 1;
			else {
				matching += 1;
				if (rows.length < looking.logLimit) rows.push(row);
			}
		}
		return { rows, matching, newer, total: this.entries.length, polls: this.polls };
	}

	/** The request and answer of one entry. */
	detail(number: number): LogDetail | undefined {
		this.catchUp();
		const entry = this.entries[number];
		if (entry === undefined) return undefined;
		if (entry.call) {
			const { query, headers, body, response } = entry.call;
			return { number, query, headers, body, response };
		}
		const { body, response } = entry.attempt;
		return { number, query: {}, headers: {}, body: parsed(body), response: parsed(response) };
	}

	private catchUp(): void {
		const { recorder, sender } = this.core;
		const fresh: Array<Omit<Entry, 'row'> & { at: number }> = [
			...recorder.calls.slice(this.calls).map((call) => ({ call, at: Date.parse(call.at) })),
			...sender.attempts
				.slice(this.attempts)
				.map((attempt) => ({ attempt, at: Date.parse(attempt.at) })),
		];
		this.calls = recorder.calls.length;
		this.attempts = sender.attempts.length;
		fresh.sort((a, b) => a.at - b.at);
		for (const { call, attempt } of fresh) {
			const number = this.entries.length;
			if (call) {
				const row = rowOfCall(number, call);
				this.entries.push({ call, row });
				if (row.isPoll) this.polls += 1;
			} else if (attempt) this.entries.push({ attempt, row: rowOfAttempt(number, attempt) });
		}
	}
}

function rowOfCall(number: number, call: RecordedCall): LogRow {
	const { at, vendor, method, path, query, status, lost } = call;
	const asked = Object.entries(query).map(([name, value]) => `${name}=${value}`);
	return {
		number,
		kind: 'call',
		vendor,
		at: Date.parse(at),
		method,
		path: asked.length === 0 ? path : `${path}?${asked.join('&')}`,
		status,
		lost: lost ?? false,
		attempt: null,
		isPoll: isPoll(call),
	};
}

function rowOfAttempt(number: number, delivery: DeliveryAttempt): LogRow {
	const { at, vendor, url, status, attempt } = delivery;
	const path = URL.canParse(url) ? new URL(url).pathname : url;
	const said = { vendor, at: Date.parse(at), method: 'POST', path, status, attempt };
	return { number, kind: 'webhook', lost: false, isPoll: false, ...said };
}

/** One that failed is a problem, and is shown as other calls are. */
function isPoll({ method, path, query, status, lost }: RecordedCall): boolean {
	if (method !== 'GET' || status !== 200 || lost) return false;
	if (path.startsWith('/api/v2/incremental/')) return true;
	const { filter = '' } = query;
	return (
		path === '/api/events' &&
		filter.includes('greater-than(datetime,') &&
		!filter.includes('profile_id')
	);
}

function isWanted(row: LogRow, { logOf, logKind, logPolls }: Looking, search: string): boolean {
	if (row.isPoll && !logPolls) return false;
	if (logOf !== '' && row.vendor !== logOf) return false;
	if (logKind === 'problem' && !isProblem(row)) return false;
	if ((logKind === 'call' || logKind === 'webhook') && row.kind !== logKind) return false;
	return `${row.method} ${row.path} ${row.status ?? ''}`.toLowerCase().includes(search);
}

const isProblem = ({ status, lost }: LogRow): boolean => status === null || status >= 400 || lost;

function parsed(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return text;
	}
}
