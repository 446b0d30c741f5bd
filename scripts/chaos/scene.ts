/** The templates in a real n8n, set up for a run of some minutes. */
import { join } from 'node:path';
import type { Sandbox } from '../../sandbox/types';
import { WEBHOOK_SECRET } from '../demo/stage';
import { connectOAuth2 } from '../n8n/connect';
import type { Editor } from '../n8n/editor';
import { projectRoot } from '../n8n/paths';
import {
	isOwnTrigger,
	type WorkflowFile,
	withKlaviyoOAuth2,
	withParameters,
} from '../n8n/workflows';
import type { ChaosOptions } from './options';

/** The whole sync in both directions: messages, replies, ticket events, and messages that the brand sent from elsewhere. */
const PUBLISHED = ['01-', '02-', '03-', '04-'];

const KLAVIYO_APP = 'Klaviyo app';

/** Both by OAuth2, because only tokens expire. */
async function createCredentials(n8n: Editor, sandbox: Sandbox, auth: ChaosOptions['auth']) {
	const { zendesk, klaviyo } = sandbox;
	const ofKlaviyo = await n8n.createCredential({
		name: KLAVIYO_APP,
		type: 'klaviyoSyncOAuth2Api',
		data: {
			clientId: klaviyo.account.oauthClientId,
			clientSecret: klaviyo.account.oauthClientSecret,
			webhookSecret: WEBHOOK_SECRET,
			baseUrl: klaviyo.url,
		},
	});
	await connectOAuth2(n8n, ofKlaviyo);
	const ofZendesk = await n8n.createCredential({
		name: 'Zendesk Sync account',
		type: 'zendeskSyncOAuth2Api',
		data: {
			zendeskUrl: zendesk.url,
			grantType: auth === 'client' ? 'clientCredentials' : 'authorizationCode',
			clientId: zendesk.account.oauthClientId,
			clientSecret: zendesk.account.oauthClientSecret,
			...(auth === 'client' ? { scope: 'read write' } : {}),
		},
	});
	if (auth === 'code') await connectOAuth2(n8n, ofZendesk);
}

/** Klaviyo by OAuth2, and catch-up at ages that a run can wait for. */
const setUp =
	(ages: string) =>
	(workflow: WorkflowFile): WorkflowFile =>
		withParameters(withKlaviyoOAuth2(workflow, KLAVIYO_APP), (node) =>
			isOwnTrigger(node)
				? { options: { ...(node.parameters.options as object), recheckAfter: ages } }
				: {},
		);

/** @returns when all templates are published and their webhooks registered */
export async function setScene(
	n8n: Editor,
	sandbox: Sandbox,
	{ auth, ages }: ChaosOptions,
): Promise<void> {
	await createCredentials(n8n, sandbox, auth);
	const workflows = await n8n.importTemplates(join(projectRoot, 'templates'), setUp(ages));
	for (const { id, file } of workflows)
		if (PUBLISHED.some((number) => file.startsWith(number))) await n8n.publish(id);
}
