import { appendFileSync, writeFileSync } from 'node:fs';
import type { IncomingHttpHeaders } from 'node:http';
import type { RecordedCall } from './types';

/** Keeps every call unless told otherwise, and writes each as a JSON line when there is a file. */
export class Recorder {
	readonly calls: RecordedCall[] = [];

	constructor(
		private readonly announce: () => void,
		private readonly file?: string,
		private readonly keepsCalls = true,
	) {
		if (file !== undefined) writeFileSync(file, '');
	}

	add(call: RecordedCall): void {
		if (this.keepsCalls) this.calls.push(call);
		if (this.file !== undefined) appendFileSync(this.file, `${JSON.stringify(call)}\n`);
		this.announce();
	}
}

/** Header names in lower case, credentials masked but for their scheme. */
export function plainHeaders(headers: IncomingHttpHeaders): Record<string, string> {
	const plain: Record<string, string> = {};
	for (const [name, value] of Object.entries(headers)) {
		if (value === undefined) continue;
		const text = Array.isArray(value) ? value.join(', ') : value;
		plain[name.toLowerCase()] = name === 'authorization' ? `${text.split(' ')[0] ?? ''} ***` : text;
	}
	return plain;
}

/** Query values as text, repeated names joined by commas. */
export function plainQuery(query: unknown): Record<string, string> {
	if (typeof query !== 'object' || query === null) return {};
	return Object.fromEntries(Object.entries(query).map(([name, value]) => [name, String(value)]));
}
