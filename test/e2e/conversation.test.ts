/** A fresh n8n, the packed package, the templates as they are: does it work, and does it look right in the editor? */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import axios from 'axios';
import { NodeHelpers } from 'n8n-workflow';
import { playConversation } from '../../scripts/demo/conversation';
import { withFollowUp } from '../../scripts/demo/followUp';
import type { Tell } from '../../scripts/demo/telling';
import { playWhatsApp } from '../../scripts/demo/whatsApp';
import { packageName } from '../../scripts/n8n/paths';
import { failures, quiet, TEST_LIMIT, useStage } from './support/stage';

const NODES = ['klaviyo', 'klaviyoTrigger', 'zendeskSync', 'zendeskSyncTrigger'];
const CREDENTIALS: Record<string, string[]> = {
	klaviyo: ['klaviyoSyncApi', 'klaviyoSyncOAuth2Api'],
	zendeskSync: ['zendeskSyncApi', 'zendeskSyncOAuth2Api'],
};

describe('the package in a real n8n', () => {
	const stage = useStage({
		sandbox: { switches: { whatsAppFromStart: true } },
		n8n: { editor: true, movesClock: true },
		publish: ['01', '02', '03', '07'],
		change: withFollowUp,
	});

	it('is one folder that needs no other package', async () => {
		const { userFolder } = stage().n8n;
		const folder = join(userFolder, '.n8n', 'nodes', 'node_modules', packageName);
		expect(existsSync(join(folder, 'dist'))).toBe(true);
		expect(existsSync(join(folder, 'node_modules'))).toBe(false);
		const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as object;
		expect(manifest).not.toHaveProperty('dependencies');
	});

	it.each(NODES)('shows %s with icon, category and both credentials', async (name) => {
		const { n8n } = stage();
		const [type] = await n8n.nodeTypes([`${packageName}.${name}`]);
		expect(type?.codex?.categories).toEqual(['Communication', 'Marketing & Content']);
		const credentials = (type?.credentials ?? []).map((credential) => credential.name).sort();
		expect(credentials).toEqual(CREDENTIALS[name.replace('Trigger', '')]);
		const { iconUrl } = type ?? {};
		const icons = typeof iconUrl === 'string' ? [iconUrl] : [iconUrl?.light, iconUrl?.dark];
		expect(icons).toHaveLength(2);
		for (const icon of icons) {
			const { headers, data } = await axios.get<string>(`${n8n.url}/${icon}`, { proxy: false });
			expect(headers['content-type']).toContain('image/svg+xml');
			expect(data).toContain('<svg');
		}
	});

	it('has the templates’ nodes without issues, each with its credential', async () => {
		const { n8n, workflow } = stage();
		for (const template of ['01', '02', '03']) {
			const { nodes } = await n8n.workflow(workflow(template).id);
			// n8n looks for a disabled node's credential when it is enabled and saved.
			const ours = nodes.filter(
				({ type, disabled }) => type.startsWith(`${packageName}.`) && disabled !== true,
			);
			expect(ours.length).toBeGreaterThan(2);
			for (const node of ours) {
				const [type] = await n8n.nodeTypes([node.type]);
				if (!type) throw new Error(`n8n does not know ${node.type}`);
				const parameters =
					NodeHelpers.getNodeParameters(
						type.properties,
						node.parameters,
						true,
						false,
						node,
						type,
					) ?? {};
				expect(
					NodeHelpers.getNodeParametersIssues(type.properties, { ...node, parameters }, type),
				).toBeNull();
				const chosen = Object.values(node.credentials ?? {});
				// What ends an execution needs no vendor.
				const needed = node.parameters.resource === 'execution' ? [] : [expect.any(String)];
				expect({ node: node.name, ids: chosen.map(({ id }) => id) }).toEqual({
					node: node.name,
					ids: needed,
				});
			}
		}
	});

	it('tests a Klaviyo key: right, wrong', async () => {
		const { n8n, sandbox } = stage();
		const type = 'klaviyoSyncApi';
		const data = { apiKey: sandbox.klaviyo.account.apiKey, baseUrl: sandbox.klaviyo.url };
		const id = await n8n.createCredential({ name: 'Klaviyo to test', type, data });
		expect(await n8n.testCredential(id, type)).toMatchObject({ status: 'OK' });
		const wrong = { ...data, apiKey: 'pk_wrong' };
		expect(await n8n.testCredential(id, type, wrong)).toMatchObject({ status: 'Error' });
	});

	it('tests a Zendesk token: right, wrong', async () => {
		const { n8n, sandbox } = stage();
		const type = 'zendeskSyncApi';
		const { email, apiToken } = sandbox.zendesk.account;
		const data = { zendeskUrl: sandbox.zendesk.url, email, apiToken };
		const id = await n8n.createCredential({ name: 'Zendesk to test', type, data });
		expect(await n8n.testCredential(id, type)).toMatchObject({ status: 'OK' });
		const wrong = { ...data, apiToken: 'wrong' };
		expect(await n8n.testCredential(id, type, wrong)).toMatchObject({ status: 'Error' });
	});

	it(
		'carries whole conversations by SMS and WhatsApp without a failed execution',
		async () => {
			const scene = stage();
			const told: string[] = [];
			const tell: Tell = (who, what) => told.push(`${who}: ${what}`);
			try {
				await playConversation(scene, tell);
				await playWhatsApp(scene, tell);
			} catch (error) {
				throw new Error(`${String(error)}. So far:\n${told.join('\n')}`);
			}
			await quiet(scene);
			expect(await failures(scene)).toEqual([]);
			const executions = await scene.n8n.executions();
			expect(new Set(executions.map(({ status }) => status))).toEqual(new Set(['success']));
			for (const template of ['01', '02', '03', '07'] as const) {
				const { id } = scene.workflow(template);
				expect(executions.some(({ workflowId }) => workflowId === id)).toBe(true);
			}
		},
		TEST_LIMIT,
	);

	it('gets Zendesk tokens by client credentials', () => {
		const { sandbox } = stage();
		const tokens = sandbox
			.calls()
			.filter(({ vendor, path }) => vendor === 'zendesk' && path === '/oauth/tokens');
		expect(tokens.length).toBeGreaterThan(0);
		expect(tokens.map(({ status }) => status)).toEqual(tokens.map(() => 200));
		const bearers = sandbox
			.calls()
			.filter(({ vendor, path }) => vendor === 'zendesk' && path.startsWith('/api/v2/tickets'));
		expect(bearers.every(({ headers }) => headers.authorization?.startsWith('Bearer'))).toBe(true);
	});
});
