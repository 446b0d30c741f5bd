/** Random schedules. */
import fc from 'fast-check';
import { type Command, faults } from './schedule';

export interface CommandSettings {
	items: number;
	workers: number;
	events: readonly string[];
	/** Times that may pass at once, milliseconds. */
	times: number[];
	/** How far behind a read may be, milliseconds. */
	lags: number[];
	withFaults?: boolean;
}

export const commands = (settings: CommandSettings): fc.Arbitrary<Command[]> =>
	fc.array(
		fc.oneof(
			{
				weight: 3,
				arbitrary: fc.record({
					do: fc.constant('start' as const),
					item: fc.nat(settings.items - 1),
					both: fc.boolean(),
				}),
			},
			{
				weight: 12,
				arbitrary: fc.record({
					do: fc.constant('step' as const),
					worker: fc.nat(settings.workers - 1),
					fault: fc.oneof(
						{ weight: 6, arbitrary: fc.constant('none' as const) },
						...(settings.withFaults === false
							? []
							: [{ weight: 4, arbitrary: fc.constantFrom(...faults) }]),
					),
					lag: fc.constantFrom(...settings.lags),
				}),
			},
			{ weight: 1, arbitrary: fc.record({ do: fc.constant('arrive' as const) }) },
			{
				weight: 2,
				arbitrary: fc.record({
					do: fc.constant('pass' as const),
					time: fc.constantFrom(...settings.times),
				}),
			},
			...(settings.events.length > 0
				? [
						{
							weight: 2,
							arbitrary: fc.record({
								do: fc.constant('event' as const),
								event: fc.constantFrom(...settings.events),
							}),
						},
					]
				: []),
		),
		{ maxLength: 80, size: 'max' },
	);
