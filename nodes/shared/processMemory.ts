/** What only this process knows. All of it can be read again: a new process begins with none. */
import type { INode } from 'n8n-workflow';

const memories: Array<Map<string, unknown>> = [];

/** A map that a new process, or a test that plays one, finds empty. */
export function processMemory<T>(): Map<string, T> {
	const memory = new Map<string, T>();
	memories.push(memory);
	return memory;
}

const ofAccounts: Array<Map<string, unknown>> = [];
const accounts = processMemory<string>();

/** As `processMemory`, by trigger (`nodeKey`): what was read in one account says nothing of another. */
export function accountMemory<T>(): Map<string, T> {
	const memory = processMemory<T>();
	ofAccounts.push(memory);
	return memory;
}

/** To be called by each poll. A person may put the key of another account into a credential while n8n runs. */
export function enterAccount(trigger: string, account: string): void {
	if (accounts.get(trigger) === account) return;
	accounts.set(trigger, account);
	for (const memory of ofAccounts) memory.delete(trigger);
}

/** Names that are kept where only what was done lately matters. */
const MAX_RECENT = 5000;

/** A memory that forgets the oldest of what is put into it. */
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

/** A node among all that this process runs. With its name: a workflow written by hand may have an id twice. */
export function nodeKey(context: NodeContext): string {
	const { id, name } = context.getNode();
	return `${context.getWorkflow().id ?? ''} ${id} ${name}`;
}

export const forgetProcess = (): void => memories.forEach((memory) => memory.clear());
