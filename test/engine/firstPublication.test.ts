/** What happened before a trigger was first published is not its business, unless its builder says so. */
import { MINUTE } from './support/desk';
import { TriggerStage } from './support/zendeskTrigger';
import type { ActiveTrigger, TriggerSetup } from './support/trigger';
import { benches, CUSTOMER } from './support/klaviyoTrigger';

const HOUR = 60 * MINUTE;

/** How a trigger is published, stopped and changed, for both vendors. */
interface Scene {
	/** Something happens now that the trigger is about. */
	happens(): void;
	publish(setup?: TriggerSetup): Promise<ActiveTrigger>;
	pass(milliseconds: number): void;
}

const polled = async (trigger: ActiveTrigger): Promise<number> => (await trigger.poll()).length;

function whereverItIs(name: string, scene: () => Scene): void {
	describe(`The first publication of ${name}`, () => {
		const happened = (): void => {
			for (let hour = 0; hour < 20; hour++) {
				scene().happens();
				scene().pass(HOUR);
			}
		};

		it('brings nothing of what was before, then or later', async () => {
			happened();
			const trigger = await scene().publish({ isNew: true });
			expect(await polled(trigger)).toBe(0);
			for (let hour = 0; hour < 24; hour++) {
				scene().pass(HOUR);
				expect(await polled(trigger)).toBe(0);
			}
		});

		it('brings the hours before it that the builder asks for', async () => {
			happened();
			const trigger = await scene().publish({
				isNew: true,
				parameters: { options: { beforeFirstPublication: 5 } },
			});
			expect(await polled(trigger)).toBe(5);
		});

		it.each([3, 20])('brings all of a downtime of %d hours', async (hours) => {
			const trigger = await scene().publish({ isNew: true });
			expect(await polled(trigger)).toBe(0);
			scene().pass(10 * MINUTE);
			for (let event = 0; event < 4; event++) {
				scene().happens();
				scene().pass((hours * HOUR) / 4);
			}
			trigger.restart();
			await trigger.call('checkExists');
			expect(await polled(trigger)).toBe(4);
		});

		it('happens once: a republication, a new name and an older copy of static data are none', async () => {
			const trigger = await scene().publish({ isNew: true });
			await polled(trigger);
			const { staticData } = trigger;
			scene().pass(HOUR);
			await trigger.call('delete');
			scene().happens();
			scene().pass(HOUR);
			trigger.restart();
			const renamed = await scene().publish({
				name: 'Renamed',
				workflowId: trigger.workflowId,
				staticData,
			});
			expect(await polled(renamed)).toBe(1);
		});

		it('of a second workflow does not work off the past of the first', async () => {
			const first = await scene().publish({ isNew: true });
			await polled(first);
			scene().pass(HOUR);
			scene().happens();
			scene().pass(HOUR);
			const second = await scene().publish({
				isNew: true,
				// As a copied workflow takes it along.
				staticData: first.staticData,
			});
			expect(await polled(second)).toBe(0);
		});

		it('is refused for hours that are none', async () => {
			const trigger = await scene().publish({
				isNew: true,
				parameters: { options: { beforeFirstPublication: 'ten' } },
			});
			await expect(trigger.poll()).rejects.toThrow(
				"'Also Events Before the First Publication (Hours)' must be a number of hours",
			);
		});
	});
}

describe('Zendesk', () => {
	let stage: TriggerStage;
	beforeEach(async () => {
		stage = await TriggerStage.start();
	});
	afterEach(async () => await stage.close());

	whereverItIs('Zendesk Sync Trigger', () => ({
		happens: () => void stage.conversation(),
		publish: async (setup = {}) => {
			const parameters = { events: ['opened'], ...setup.parameters };
			return await stage.publish({ ...setup, parameters });
		},
		pass: (milliseconds) => stage.sandbox.clock.jump(milliseconds),
	}));
});

describe('Klaviyo', () => {
	const { bench, pass } = benches();

	for (const source of ['systemWebhook', 'flowWebhook', 'polling'])
		whereverItIs(`Klaviyo Trigger (${source})`, () => ({
			happens: () => void bench().klaviyo.customerWrites({ from: CUSTOMER, body: 'Hi' }),
			publish: async ({ parameters, ...setup } = {}) =>
				await bench().publish({ source, ...parameters }, setup),
			pass: (milliseconds) => void pass(milliseconds / MINUTE),
		}));
});
