/**
 * Answers and deliveries in the form of recorded ones: the fields are those that real accounts of the vendors gave, the
 * words, numbers and ids are ours. A line each, with where the form is from.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Given {
	status: number;
	/** Names in lower case. */
	headers: Record<string, string>;
	body: unknown;
}

export interface Fixture extends Given {
	/** Of what kind it is; `shapes.ts` says what the product reads of each. */
	shape: string;
	/** What is special about this one. */
	case: string;
	vendor: 'klaviyo' | 'zendesk';
	method: string;
	path: string;
	/** The public repository or document that the form is from. */
	source: string;
	/** Whether an answer of this form was recorded; false where the form is from documents alone. */
	recorded: boolean;
}

const FOLDER = __dirname;

export const readFixtures = (): Fixture[] =>
	readdirSync(FOLDER)
		.filter((file) => file.endsWith('.jsonl'))
		.sort()
		.flatMap((file) => readFileSync(join(FOLDER, file), 'utf8').trim().split('\n'))
		.map((line) => JSON.parse(line) as Fixture);
