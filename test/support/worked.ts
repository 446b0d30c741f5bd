/** Milliseconds that this thread has worked: not those in which a busy machine let it wait. */
export function worked(): number {
	const { user, system } = process.threadCpuUsage();
	return (user + system) / 1000;
}

/** Milliseconds that this thread works on something. */
export function workOf(work: () => unknown): number {
	const began = worked();
	work();
	return worked() - began;
}
