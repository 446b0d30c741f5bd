/** n8n's deduplication store, with its fault: it reads a row, and writes back what it has read with what is new. */
import { setImmediate } from 'node:timers/promises';
import { DataDeduplicationService } from 'n8n-core';
import type {
	DeduplicationItemTypes,
	DeduplicationScope,
	ICheckProcessedContextData,
	ICheckProcessedOptions,
	IDataDeduplicator,
	IDeduplicationOutput,
} from 'n8n-workflow';

type Item = DeduplicationItemTypes;

class PlayedDeduplicator implements IDataDeduplicator {
	readonly rows = new Map<string, Item[]>();

	/** How often a row was written. */
	writes = 0;

	/** What n8n answers in place of the store, such as that the database is gone. */
	fault: Error | undefined;

	/** Of the next writings, which ones n8n says have failed though they were done: the first is 0. */
	lostAnswers = new Set<number>();

	async checkProcessedAndRecord(
		items: Item[],
		scope: DeduplicationScope,
		context: ICheckProcessedContextData,
		{ maxEntries }: ICheckProcessedOptions,
	): Promise<IDeduplicationOutput> {
		const row = await this.read(scope, context);
		const processed = items.filter((item) => row.includes(item));
		const added = items.filter((item) => !row.includes(item));
		await this.write(scope, context, [...row, ...added].slice(-(maxEntries ?? Infinity)));
		return { new: added, processed };
	}

	async removeProcessed(
		items: Item[],
		scope: DeduplicationScope,
		context: ICheckProcessedContextData,
	): Promise<void> {
		const row = await this.read(scope, context);
		await this.write(
			scope,
			context,
			row.filter((item) => !items.includes(item)),
		);
	}

	async clearAllProcessedItems(
		scope: DeduplicationScope,
		context: ICheckProcessedContextData,
	): Promise<void> {
		await this.write(scope, context, []);
	}

	async getProcessedDataCount(
		scope: DeduplicationScope,
		context: ICheckProcessedContextData,
	): Promise<number> {
		return (await this.read(scope, context)).length;
	}

	private async read(scope: DeduplicationScope, context: ICheckProcessedContextData) {
		if (this.fault) throw this.fault;
		await setImmediate();
		return this.rows.get(rowOf(scope, context)) ?? [];
	}

	private async write(scope: DeduplicationScope, context: ICheckProcessedContextData, row: Item[]) {
		await setImmediate();
		this.rows.set(rowOf(scope, context), row);
		if (this.lostAnswers.has(this.writes++)) throw new Error('The answer was lost');
	}
}

const rowOf = (scope: DeduplicationScope, { workflow, node }: ICheckProcessedContextData): string =>
	`${workflow.id} ${scope === 'node' ? (node?.id ?? '') : ''}`;

/** Of all tests of a file: their workflows have names of their own. */
export const deduplicator = new PlayedDeduplicator();

void DataDeduplicationService.init(deduplicator);
