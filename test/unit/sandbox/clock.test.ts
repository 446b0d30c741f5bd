import { startSandbox, type Sandbox, type SandboxOptions } from '../../../sandbox';
import { zendeskClient } from './bench';

let sandbox: Sandbox;
const start = async (options: SandboxOptions) => (sandbox = await startSandbox(options));
afterEach(async () => await sandbox.close());

const SECOND = 1000;
const BEGIN = Date.parse('2026-11-23T08:00:00Z');

describe("The sandbox's time", () => {
	it('runs as fast as requested', async () => {
		const { clock } = await start({ time: { speed: 600 } });
		const begun = clock.now();
		await new Promise<void>((resolve) => clock.after(60 * SECOND, resolve));
		expect(clock.now() - begun).toBeGreaterThanOrEqual(59 * SECOND);
	});

	it('stands still at speed 0, until it is moved', async () => {
		const { clock } = await start({ time: { speed: 0, start: BEGIN } });
		const done: string[] = [];
		clock.after(90 * SECOND, () => void done.push('later'));
		clock.after(30 * SECOND, () => void done.push('sooner'));
		await new Promise((resolve) => setTimeout(resolve, 20));
		expect(clock.now()).toBe(BEGIN);
		expect(clock.nextDue()).toBe(BEGIN + 30 * SECOND);
		await clock.advance(60 * SECOND);
		expect([clock.now(), ...done]).toEqual([BEGIN + 60 * SECOND, 'sooner']);
		await clock.advance(30 * SECOND);
		expect(done).toEqual(['sooner', 'later']);
	});

	it('moves the clock of whatever syncs along with it', async () => {
		const moved: number[] = [];
		const along = async (milliseconds: number) => void moved.push(milliseconds);
		const { clock } = await start({ time: { along } });
		await clock.advance(60 * SECOND);
		expect(moved).toEqual([60 * SECOND]);
	});

	it('continues only when what became due is over, if `settled` says when that is', async () => {
		const log: string[] = [];
		let busy = Promise.resolve();
		const { clock } = await start({ time: { speed: 0, start: BEGIN, settled: () => busy } });
		const work = (name: string) => () => {
			busy = new Promise<void>((resolve) => setImmediate(resolve)).then(() => {
				log.push(`${name} over at ${(clock.now() - BEGIN) / SECOND}`);
			});
		};
		clock.after(10 * SECOND, work('one'));
		clock.after(20 * SECOND, work('two'));
		await clock.advance(20 * SECOND);
		expect(log).toEqual(['one over at 10', 'two over at 20']);
	});

	it('passes while a request is under way, if requests take time', async () => {
		const { clock } = await start({
			time: { speed: 0, start: BEGIN },
			switches: { latency: 10 * SECOND },
		});
		const answer = zendeskClient(sandbox).get('/api/v2/brands');
		const isOnItsWay = () => clock.waiting() === 1;
		await sandbox.until('the request is on its way', isOnItsWay);
		const isAnswered = await Promise.race([
			answer.then(() => true),
			new Promise((resolve) => setTimeout(() => resolve(false), 20)),
		]);
		expect(isAnswered).toBe(false);
		await clock.advance(5 * SECOND);
		await sandbox.until('the answer is on its way', isOnItsWay);
		await clock.advance(5 * SECOND);
		expect((await answer).status).toBe(200);
	});
});
