/** A real n8n with durable poll cursors: it keeps what polls remember apart from what registration remembers. */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { playUnheardHour } from '../../scripts/matrix/unheardHour';
import { TEST_LIMIT, useStage } from './support/stage';

jest.setTimeout(TEST_LIMIT);

describe('with durable poll cursors', () => {
	const stage = useStage({
		publish: ['01', '02', '03'],
		n8n: {
			movesClock: true,
			env: {
				N8N_POLLER_DURABLE_CURSORS_ENABLED: 'true',
				N8N_SCHEDULER_ENABLED: 'true',
				N8N_SCHEDULER_POLL_TRIGGERS_ENABLED: 'true',
				N8N_USE_WORKFLOW_PUBLICATION_SERVICE: 'true',
			},
		},
	});

	/** How many triggers have a cursor of their own. */
	const cursors = (): unknown => {
		const file = join(stage().n8n.userFolder, '.n8n', 'database.sqlite');
		const database = new DatabaseSync(file, { readOnly: true });
		try {
			return database.prepare('SELECT count(*) AS count FROM poller_state').get()?.count;
		} finally {
			database.close();
		}
	};

	it('webhooks that somebody removed come back, what came meanwhile is caught up, and the new ones are accepted', async () => {
		await playUnheardHour(stage());
		expect(cursors()).toBe(3);
	});

	it('so they do after a restart', async () => {
		await stage().n8n.restart();
		await stage().n8n.triggersStarted();
		await playUnheardHour(stage(), 2);
	});

	it('there is none left when the workflows are taken back', async () => {
		const { n8n, sandbox, workflow } = stage();
		for (const template of ['01', '02', '03']) await n8n.unpublish(workflow(template).id);
		expect([...sandbox.zendesk.webhooks(), ...sandbox.klaviyo.webhooks()]).toEqual([]);
	});
});
