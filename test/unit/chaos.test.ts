/** The parts of the chaos command that need no n8n. */
import { Kills } from '../../scripts/chaos/kills';
import { readOptions } from '../../scripts/chaos/options';
import { faultsMissing } from '../../scripts/chaos/report';
import { play } from '../../scripts/chaos/script';
import { messagesOf, truthOf } from '../../scripts/judge';
import { People } from '../../scripts/people';
import { startSandbox } from '../../sandbox';
import { noFaults } from '../../sandbox/faults';
import { dice } from '../../sandbox/random';

const asked = (...typed: string[]) => readOptions(['node', 'chaos', ...typed]);

describe('options', () => {
	it('have every fault at or above its floor by default', () => {
		expect(asked()).toMatchObject({
			limits: 20,
			queue: false,
			kills: 0,
			faults: {
				duplicateDelivery: 0.05,
				lateDelivery: 0.05,
				tooManyRequests: 0.03,
				serverError: 0.02,
				lostAnswer: 0.02,
				tokenExpiry: 0.01,
			},
		});
	});

	it('accept higher rates, and show what was asked for', () => {
		const options = asked(
			'--seed',
			'7',
			'--messages',
			'30',
			'--late',
			'0.2',
			'--queue',
			'--kills',
			'5',
		);
		expect(options).toMatchObject({ seed: 7, messages: 30, customers: 5, queue: true, kills: 5 });
		expect(options.faults.lateDelivery).toBe(0.2);
	});

	it.each([
		['--duplicates', '0.04'],
		['--late', '0.01'],
		['--too-many', '0'],
		['--errors', '0.01'],
		['--lost-answers', '0'],
		['--expiry', '0.001'],
		['--seed', 'x'],
		['--auth', 'none'],
		['--outage', '2'],
		['--outage', '7'],
	])('refuse %s %s', (flag, value) => {
		const exit = jest.spyOn(process, 'exit').mockImplementation(() => {
			throw new Error('exit');
		});
		const words = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
		try {
			expect(() => asked(flag, value)).toThrow('exit');
			expect(String(words.mock.calls[0]?.[0])).toContain(flag);
		} finally {
			exit.mockRestore();
			words.mockRestore();
		}
	});
});

describe('the script', () => {
	it('plays that many messages and replies, and the same for the same seed except for the time', async () => {
		const once = async () => {
			const sandbox = await startSandbox({ seed: 5, switches: { webhooks: false } });
			try {
				// Without n8n nothing files a message: this ticket is there to be replied on.
				const { id: requesterId } = sandbox.zendesk.addUser({ name: 'Ada' });
				const externalId = 'klaviyo:sms:+12125551000';
				sandbox.zendesk.agentCreates({ subject: 'S', body: 'B', requesterId, externalId });
				const people = new People(sandbox, dice(5), 10);
				const keeps = (deed: string) => !/(clos|merg)/i.test(deed);
				let last = 0;
				await play(
					people,
					dice(6),
					{ messages: 60, replies: 0, pace: 1e6 },
					async (done) => void (last = done),
				);
				expect(people.count.messages).toBe(60);
				expect(last).toBeGreaterThanOrEqual(60);
				expect(messagesOf(truthOf(sandbox))).toHaveLength(60);
				return people.log.map((line) => line.split(' ').slice(1, 3).join(' ')).filter(keeps);
			} finally {
				await sandbox.close();
			}
		};
		expect(await once()).toEqual(await once());
	});
});

describe('kills', () => {
	it('come one at a time over the script, each part once before any comes twice', async () => {
		const log: string[] = [];
		const parts = ['main', 'webhook', 'redis'].map((name) => ({
			name,
			kill: async () => void log.push(`kill ${name}`),
			boot: async () => void log.push(`boot ${name}`),
		}));
		// Nobody stays away for long here.
		const kills = new Kills(parts, dice(3), 6, () => {}, 0);
		for (let share = 0; share <= 1; share += 0.01) {
			kills.at(share);
			await kills.over();
		}
		expect(kills.done).toHaveLength(6);
		expect([...kills.done.slice(0, 3)].sort()).toEqual(['main', 'redis', 'webhook']);
		expect(log).toEqual(kills.done.flatMap((name) => [`kill ${name}`, `boot ${name}`]));
	});

	it('wait for a part that is still down', async () => {
		let back = (): void => {};
		const part = {
			name: 'n8n',
			kill: async () => {},
			boot: async () => await new Promise<void>((resolve) => (back = resolve)),
		};
		const kills = new Kills([part], dice(3), 2, () => {}, 0);
		kills.at(0.5);
		kills.at(1);
		expect(kills.done.length).toBeLessThanOrEqual(1);
		await new Promise((resolve) => setImmediate(resolve));
		kills.at(1);
		back();
		expect(kills.done).toHaveLength(1);
	});
});

it('a run in which a fault never occurred says so', () => {
	const { faults: rates } = { faults: asked().faults };
	const counts = { ...noFaults(), lostAnswer: 3 };
	const missing = faultsMissing({ options: { ...asked(), faults: rates }, faults: counts });
	expect(missing).toContain('tokenExpiry');
	expect(missing).not.toContain('lostAnswer');
});
