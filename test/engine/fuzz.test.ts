/** The fuzzer's short run at the three webhooks. Longer: `npm run fuzz -- --runs 10000 --seed 5`. */
import type { Entry } from '../fuzz/entry';
import { openDoors } from '../fuzz/webhooks';
import { seed } from '../support/seed';

const RUNS = Number(process.env.FUZZ_RUNS ?? 300);
/** Milliseconds for an entry point. */
const RETRY_FOR_MS = 60_000 + RUNS * 60;

describe(`Whatever comes to a webhook (${RUNS} requests each, SEED=${seed})`, () => {
	let doors: Awaited<ReturnType<typeof openDoors>>;
	beforeAll(async () => {
		doors = await openDoors();
	});
	afterAll(async () => await doors.close());

	const named = (part: string): Entry => {
		const found = doors.entries.find(({ name }) => name.startsWith(part));
		if (!found) throw new Error(`There is no entry ${part}`);
		return found;
	};

	it.each(["Klaviyo's webhook", 'the flow webhook', "Zendesk's webhook"])(
		'%s: no stranger starts anything, and nothing ends in an error',
		async (name) => {
			await named(name).fuzz(RUNS);
		},
		RETRY_FOR_MS,
	);
});
