/** OAuth2 as a person connects it: signing in at the vendor, and the tokens' life after that. */
import { join } from 'node:path';
import { startSandbox } from '../../sandbox';
import type { Sandbox } from '../../sandbox/types';
import { connectOAuth2 } from '../../scripts/n8n/connect';
import { N8nInstance } from '../../scripts/n8n/instance';
import { projectRoot } from '../../scripts/n8n/paths';
import { type WorkflowFile, withKlaviyoOAuth2 } from '../../scripts/n8n/workflows';
import { RETRY_FOR_MS, TEST_LIMIT } from './support/stage';

const CUSTOMER = '+12125550177';
const INSTALL_LIMIT = 20 * 60_000;

describe('OAuth2', () => {
	let sandbox: Sandbox;
	let n8n: N8nInstance;

	beforeAll(async () => {
		sandbox = await startSandbox();
		n8n = await N8nInstance.start({ editor: false });
	}, INSTALL_LIMIT);
	afterAll(async () => {
		await n8n?.dispose();
		await sandbox?.close();
	}, RETRY_FOR_MS);

	const withOAuth2 = (workflow: WorkflowFile): WorkflowFile =>
		withKlaviyoOAuth2(workflow, 'Klaviyo app');

	const bodies = (): string[] =>
		sandbox.zendesk.tickets().flatMap(({ comments }) => comments.map(({ body }) => body));

	it(
		'connects both vendors with PKCE, works with them, and goes on when the tokens have expired',
		async () => {
			const klaviyo = await n8n.createCredential({
				name: 'Klaviyo app',
				type: 'klaviyoSyncOAuth2Api',
				data: {
					clientId: sandbox.klaviyo.account.oauthClientId,
					clientSecret: sandbox.klaviyo.account.oauthClientSecret,
					webhookSecret: 'sandbox-webhook-secret',
					baseUrl: sandbox.klaviyo.url,
				},
			});
			const zendesk = await n8n.createCredential({
				name: 'Zendesk Sync account',
				type: 'zendeskSyncOAuth2Api',
				data: {
					zendeskUrl: sandbox.zendesk.url,
					grantType: 'authorizationCode',
					clientId: sandbox.zendesk.account.oauthClientId,
					clientSecret: sandbox.zendesk.account.oauthClientSecret,
				},
			});
			for (const id of [klaviyo, zendesk]) {
				const address = await connectOAuth2(n8n, id);
				expect(address.searchParams.get('code_challenge_method')).toBe('S256');
				expect(address.searchParams.get('scope')).toBeTruthy();
			}

			const template = join(projectRoot, 'templates', '01-inbound-message-to-ticket.json');
			const [workflow] = await n8n.importTemplates([template], withOAuth2);
			await n8n.publish(workflow?.id ?? '');
			sandbox.klaviyo.addProfile({ phone: CUSTOMER, smsMarketing: true });

			sandbox.klaviyo.customerWrites({ from: CUSTOMER, body: 'First' });
			await sandbox.until(
				'the first message in a ticket',
				() => bodies().includes('First'),
				RETRY_FOR_MS,
			);
			const used = sandbox.calls().filter(({ path }) => path.startsWith('/api/'));
			expect(used.every(({ status }) => status !== 401)).toBe(true);

			await sandbox.clock.advance(65 * 60_000);
			sandbox.klaviyo.customerWrites({ from: CUSTOMER, body: 'Second' });
			await sandbox.until(
				'the second message, too',
				() => bodies().includes('Second'),
				RETRY_FOR_MS,
			);
			const refreshed = sandbox
				.calls()
				.filter(({ path, status }) => path.startsWith('/oauth/token') && status === 200)
				.map(({ vendor }) => vendor)
				.sort();
			expect(refreshed).toEqual(['klaviyo', 'klaviyo', 'zendesk', 'zendesk']);
		},
		TEST_LIMIT,
	);
});
