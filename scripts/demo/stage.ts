/** The whole scene: a sandbox Zendesk and Klaviyo, and a real n8n with this package and its templates, published. */
import { join } from 'node:path';
import { startSandbox } from '../../sandbox';
import type { Sandbox, SandboxOptions } from '../../sandbox/types';
import type { NewCredential } from '../n8n/editor';
import type { Progress } from '../n8n/install';
import { type InstanceOptions, N8nInstance } from '../n8n/instance';
import { projectRoot } from '../n8n/paths';
import type { ImportedWorkflow, WorkflowFile } from '../n8n/workflows';

export interface Stage {
	sandbox: Sandbox;
	n8n: N8nInstance;
	templates: ImportedWorkflow[];
	/** By the number at the start of the template's file name, such as `01`. */
	workflow(number: string): ImportedWorkflow;
	close(): Promise<void>;
}

export interface StageOptions {
	sandbox?: SandboxOptions;
	/** With `movesClock`, its clock moves along with the sandbox's. */
	n8n?: InstanceOptions;
	/** How n8n runs: in one process, or in queue mode. */
	mode?: InstanceOptions['mode'];
	progress?: Progress;
	/** Numbers of the templates to publish; all templates are imported. */
	publish?: string[];
	/** Changes that a builder would make after importing a template. */
	change?: (workflow: WorkflowFile) => WorkflowFile;
	/** Where n8n finds the vendors, if something is in front of the sandbox. */
	reach?: (sandbox: Sandbox) => Promise<VendorUrls>;
}

export interface VendorUrls {
	zendesk: string;
	klaviyo: string;
}

/** At least 16 characters; only the sandbox ever sees it. */
export const WEBHOOK_SECRET = 'sandbox-webhook-secret';

/** The credentials that the templates name. */
export const credentialsFor = (
	sandbox: Sandbox,
	urls: VendorUrls = { zendesk: sandbox.zendesk.url, klaviyo: sandbox.klaviyo.url },
): NewCredential[] => [
	{
		name: 'Klaviyo account',
		type: 'klaviyoSyncApi',
		data: {
			apiKey: sandbox.klaviyo.account.apiKey,
			webhookSecret: WEBHOOK_SECRET,
			baseUrl: urls.klaviyo,
		},
	},
	{
		name: 'Zendesk Sync account',
		type: 'zendeskSyncOAuth2Api',
		data: {
			zendeskUrl: urls.zendesk,
			grantType: 'clientCredentials',
			clientId: sandbox.zendesk.account.oauthClientId,
			clientSecret: sandbox.zendesk.account.oauthClientSecret,
			scope: 'read write',
		},
	},
];

export async function createCredentials(
	n8n: N8nInstance,
	sandbox: Sandbox,
	urls?: VendorUrls,
): Promise<void> {
	for (const credential of credentialsFor(sandbox, urls)) await n8n.createCredential(credential);
}

/** A conversation in both directions, and its metrics. */
const CONVERSATION = ['01', '02', '03'];

/** A file name begins with the template's number: `01` is not `01b`. */
const isNumbered = (file: string, number: string): boolean => file.startsWith(`${number}-`);

export async function setStage({
	progress = () => {},
	publish = CONVERSATION,
	...options
}: StageOptions = {}): Promise<Stage> {
	let n8n: N8nInstance | undefined;
	const along = async (milliseconds: number) => await n8n?.advance(milliseconds);
	const sandbox = await startSandbox({
		...options.sandbox,
		...(options.n8n?.movesClock ? { time: { ...options.sandbox?.time, along } } : {}),
	});
	try {
		progress(
			'Building the package and starting n8n (the first time it is installed, which takes minutes) ...',
		);
		n8n = await N8nInstance.start({
			progress,
			...(options.mode ? { mode: options.mode } : {}),
			...options.n8n,
		});
		progress(`n8n runs at ${n8n.url}`);
		await createCredentials(n8n, sandbox, await options.reach?.(sandbox));
		const workflows = await n8n.importTemplates(join(projectRoot, 'templates'), options.change);
		for (const { id, name, file } of workflows) {
			if (!publish.some((number) => isNumbered(file, number))) continue;
			await n8n.publish(id);
			progress(`Published: ${name}`);
		}
		const running = n8n;
		return {
			sandbox,
			n8n,
			templates: workflows,
			workflow(number) {
				const found = workflows.find(({ file }) => isNumbered(file, number));
				if (!found) throw new Error(`There is no template ${number}`);
				return found;
			},
			async close() {
				await running.dispose();
				await sandbox.close();
			},
		};
	} catch (error) {
		await n8n?.dispose();
		await sandbox.close();
		throw error;
	}
}
