import { z } from 'zod';
import { Refusal } from '../httpServer';

/** Where each vendor's errors state the reason. */
const wording = z.union([
	z
		.object({ errors: z.tuple([z.object({ detail: z.string() })]).rest(z.unknown()) })
		.transform(({ errors }) => errors[0].detail),
	z
		.object({ details: z.record(z.array(z.object({ description: z.string() }))) })
		.transform(({ details }) =>
			Object.values(details)
				.flatMap((faults) => faults.map(({ description }) => description))
				.join(' '),
		),
	z.object({ description: z.string() }).transform(({ description }) => description),
]);

/** An error in readable form: a vendor's refusal without its JSON. */
export function wordsOf(error: unknown): string {
	if (error instanceof Refusal) {
		const words = wording.safeParse(error.body);
		if (words.success) return words.data;
	}
	return error instanceof Error ? error.message : String(error);
}
