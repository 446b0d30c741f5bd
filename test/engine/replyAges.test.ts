/** Replies wait until they are five minutes old: younger, their webhook's execution is most likely sending them. */
import { HandClock, TriggerStage } from './support/zendeskTrigger';

const MINUTE = 60_000;

describe('Catch-up ages below five minutes', () => {
	let stage: TriggerStage;
	beforeEach(async () => {
		stage = await TriggerStage.start();
	});
	afterEach(async () => await stage.close());

	it.each(['1, 2', '4.9', '1, 60', '5', '5, 60, 150'])(
		'%s: a reply comes when it is five minutes old, and not hours later',
		async (recheckAfter) => {
			const clock = new HandClock(stage);
			const ticket = stage.conversation();
			const trigger = await stage.prepare({
				parameters: { events: ['agentReplied'], options: { recheckAfter } },
			});
			await clock.poll(trigger);
			stage.sandbox.zendesk.agentComments(ticket.id, 'It ships today.');
			const written = clock.read();
			const ages: number[] = [];
			for (let minute = 0; minute < 30; minute++)
				for (const { event } of await clock.poll(trigger))
					if (event === 'agentReplied') ages.push((clock.read() - written) / MINUTE);
			expect(ages[0]).toBeGreaterThanOrEqual(5);
			// Ages but the lowest are read for every ten minutes only.
			expect(ages[0]).toBeLessThanOrEqual(17);
		},
	);
});
