/** Klaviyo connected by OAuth2, as a person does it, used by template 01, and renewed. */
import { join } from 'node:path';
import { type Stage, WEBHOOK_SECRET } from '../demo/stage';
import { connectOAuth2 } from '../n8n/connect';
import { projectRoot } from '../n8n/paths';
import { withKlaviyoOAuth2 } from '../n8n/workflows';

const RETRY_FOR_MS = 120_000;
const HOUR = 65 * 60_000;
const NAME = 'Klaviyo app';
/** Fictional (555-01xx). */
const HAL = '+12125550108';

export async function playKlaviyoApp({ sandbox, n8n, workflow }: Stage): Promise<void> {
	const { zendesk, klaviyo } = sandbox;
	const { oauthClientId: clientId, oauthClientSecret: clientSecret } = klaviyo.account;
	const id = await n8n.createCredential({
		name: NAME,
		type: 'klaviyoSyncOAuth2Api',
		data: { clientId, clientSecret, webhookSecret: WEBHOOK_SECRET, baseUrl: klaviyo.url },
	});
	const page = await connectOAuth2(n8n, id);
	if (page.searchParams.get('code_challenge_method') !== 'S256') throw new Error('No PKCE');

	await n8n.unpublish(workflow('01').id);
	const template = join(projectRoot, 'templates', workflow('01').file);
	const [own] = await n8n.importTemplates([template], (file) => withKlaviyoOAuth2(file, NAME));
	await n8n.publish(own?.id ?? '');
	klaviyo.addProfile({ phone: HAL, smsMarketing: true });
	const bodies = (): string[] =>
		zendesk
			.tickets()
			.filter(({ externalId }) => externalId?.endsWith(HAL))
			.flatMap(({ comments }) => comments.map(({ body }) => body));
	const arrives = async (body: string): Promise<void> => {
		klaviyo.customerWrites({ from: HAL, body });
		await sandbox.until(`'${body}' in a ticket`, () => bodies().includes(body), RETRY_FOR_MS);
	};
	await arrives('First');
	await sandbox.clock.advance(HOUR);
	await arrives('Second');
}
