import { useState } from 'preact/hooks';

/** Asks the sandbox to do something. Throws its reason if it refuses. */
export async function act(
	path: string,
	body: unknown,
	method: 'POST' | 'PATCH' = 'POST',
): Promise<unknown> {
	let answer: Response;
	try {
		answer = await fetch(path, {
			method,
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify(body),
		});
	} catch {
		throw new Error('The sandbox does not answer. Is it still running?');
	}
	const given: unknown = await answer.json();
	if (!answer.ok) throw new Error(textIn(given, 'error') ?? `Refused with ${answer.status}`);
	return given;
}

/** A text field of an answer. */
export function textIn(answer: unknown, name: string): string | undefined {
	if (typeof answer !== 'object' || answer === null) return undefined;
	const value: unknown = Reflect.get(answer, name);
	return typeof value === 'string' ? value : undefined;
}

export interface Action {
	isBusy: boolean;
	/** Why the last try failed. */
	error: string | null;
	/** Runs `work`, and returns whether it succeeded. */
	run(work: () => Promise<unknown>): Promise<boolean>;
	forget(): void;
}

/** One action at a time that may fail, with its error, to be shown beside it. */
export function useAction(): Action {
	const [isBusy, setBusy] = useState(false);
	const [error, setError] = useState<string | null>(null);
	return {
		isBusy,
		error,
		forget: () => setError(null),
		async run(work) {
			setBusy(true);
			try {
				await work();
				setError(null);
				return true;
			} catch (failure) {
				setError(failure instanceof Error ? failure.message : String(failure));
				return false;
			} finally {
				setBusy(false);
			}
		},
	};
}
