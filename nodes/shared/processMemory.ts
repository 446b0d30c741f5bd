/** What only this process knows. All of it can be read again: a new process begins with none. */

const memories: Array<Map<string, unknown>> = [];

/** A map that a new process, or a test that plays one, finds empty. */
export function processMemory<T>(): Map<string, T> {
	const memory = new Map<string, T>();
	memories.push(memory);
	return memory;
}

export const forgetProcess = (): void => memories.forEach((memory) => memory.clear());
