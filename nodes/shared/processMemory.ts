/** What only this process knows. A new process starts without it, and can read all of it again. */
import type { INode } from 'n8n-workflow';

const memories: Array<Map<string, unknown>> = [];

/** A map that is empty in a new process, and in a test that simulates one. */
export function processMemory<T>(): Map<string, T> {
	const memory = new Map<string, T>();
	memories.push(memory);
	return memory;
}

const ofAccounts: Array<Map<string, unknown>> = [];
const accounts = processMemory<string>();

/** As `processMemory`, by trigger (`nodeKey`): what was read from one account says nothing about another. */
export function accountMemory<T>(): Map<string, T> {
	const memory = processMemory<T>();
	ofAccounts.push(memory);
	return memory;
}

/** Must be called by each poll. A person may enter another account's key in a credential while n8n runs. */
export function enterAccount(trigger: string, account: string): void {
	if (accounts.get(trigger) === account) return;
	accounts.set(trigger, account);
	for (const memory of ofAccounts) memory.delete(trigger);
}

/** Entries kept in a memory of recent things. */
const MAX_RECENT = 5000;

/** A memory that forgets its oldest entries. */
export const recentOnly = <T>(memory: Map<string, T>): Pick<Map<string, T>, 'get' | 'set'> => ({
	get: (name) => memory.get(name),
	set(name, value) {
		memory.delete(name);
		memory.set(name, value);
		for (const oldest of memory.keys()) {
			if (memory.size <= MAX_RECENT) break;
			memory.delete(oldest);
		}
		return memory;
	},
});

interface NodeContext {
	getWorkflow(): { id?: string };
	getNode(): INode;
}

/** Identifies a node among all in this process. Includes its name: a workflow written by hand may use an id twice. */
export function nodeKey(context: NodeContext): string {
	const { id, name } = context.getNode();
	return `${context.getWorkflow().id ?? ''} ${id} ${name}`;
}

export const forgetProcess = (): void => memories.forEach((memory) => memory.clear());
