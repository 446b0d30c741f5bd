/** What is remembered of an account: for how long, and who asks for it. */
import { forgetProcess } from '../../nodes/shared/processMemory';
import { rememberedFor } from '../../nodes/shared/remembered';

const MINUTE = 60_000;

describe('what was read of an account', () => {
	const known = rememberedFor<string | undefined>((value) => (value ? 10 * MINUTE : MINUTE));
	const read = jest.fn<Promise<string | undefined>, []>();
	const get = async (name = 'acme') => await known.get(name, read);

	beforeEach(() => {
		forgetProcess();
		read.mockReset().mockResolvedValue('found');
		jest.useFakeTimers({ now: Date.parse('2026-11-30T10:00:00Z') });
	});
	afterEach(() => jest.useRealTimers());
	const moveClock = (milliseconds: number) => jest.setSystemTime(Date.now() + milliseconds);

	it('is read once for as long as it is good, by name', async () => {
		await get();
		moveClock(10 * MINUTE - 1);
		expect([await get(), read.mock.calls.length]).toEqual(['found', 1]);
		moveClock(1);
		await get();
		await get('other');
		expect(read).toHaveBeenCalledTimes(3);
	});

	it('is read again if it lacks what is needed', async () => {
		await get();
		moveClock(1000);
		const ages: number[] = [];
		const needs = async (wanted: string) =>
			await known.get('acme', read, (value, age) => {
				ages.push(age);
				return value === wanted;
			});
		expect([await needs('found'), read.mock.calls.length]).toEqual(['found', 1]);
		read.mockResolvedValueOnce('newer');
		expect([await needs('newer'), read.mock.calls.length]).toEqual(['newer', 2]);
		expect(ages).toEqual([1000, 1000]);
	});

	it('is read again sooner if it is not there', async () => {
		read.mockResolvedValueOnce(undefined);
		expect(await get()).toBeUndefined();
		moveClock(MINUTE);
		expect(await get()).toBe('found');
	});

	it('is read again once it is forgotten, or the clock was set back', async () => {
		await get();
		known.forget('acme');
		await get();
		moveClock(-MINUTE);
		await get();
		expect(read).toHaveBeenCalledTimes(3);
	});

	it('is read once for all who ask at the same time', async () => {
		expect(await Promise.all([get(), get(), get()])).toEqual(['found', 'found', 'found']);
		expect(read).toHaveBeenCalledTimes(1);
	});

	it('is not remembered if it could not be read', async () => {
		read.mockRejectedValueOnce(new Error('no answer'));
		await expect(get()).rejects.toThrow('no answer');
		expect(await get()).toBe('found');
	});
});
