import { createWriteStream, type WriteStream } from 'node:fs';
import type { IncomingHttpHeaders } from 'node:http';
import type { RecordedCall } from './types';

/** Keeps every call unless told otherwise, and writes each as a JSON line if there is a file. */
export class Recorder {
	readonly calls: RecordedCall[] = [];
	readonly counts = { zendesk: 0, klaviyo: 0 };
	private readonly stream: WriteStream | undefined;

	constructor(
		private readonly announce: () => void,
		file?: string,
		private readonly keepsCalls = true,
	) {
		this.stream = file === undefined ? undefined : createWriteStream(file);
	}

	add(call: RecordedCall): void {
		if (this.keepsCalls) this.calls.push(call);
		this.stream?.write(`${JSON.stringify(call)}\n`);
	}

	/** Whether anyone will read the recorded requests and answers. */
	get isRead(): boolean {
		return this.keepsCalls || this.stream !== undefined;
	}

	count(vendor: RecordedCall['vendor']): void {
		this.counts[vendor] += 1;
		this.announce();
	}

	/** Resolves when the file holds every call. */
	async close(): Promise<void> {
		const { stream } = this;
		if (stream) await new Promise((resolve) => stream.end(resolve));
	}
}

/** Header names in lower case; credentials masked except for their scheme. */
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
