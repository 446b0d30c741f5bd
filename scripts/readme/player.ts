/** The README's reader, with a shell, an n8n, a phone and an agent's Zendesk. */
import type { ICredentialType } from 'n8n-workflow';
import { startSandbox } from '../../sandbox';
import type { Sandbox } from '../../sandbox/types';
import { credentialsFor } from '../demo/stage';
import { N8nInstance } from '../n8n/instance';
import { packageName } from '../n8n/paths';
import { until } from '../n8n/until';
import { runInShell } from './shell';

const PHONE = '+12125550101';
const TEXT = 'Where is my order?';
const REPLY = 'On its way.';

/** What n8n's editor leaves out of a credential type's name when it suggests a name for a credential. */
const NOT_SUGGESTED = ['API', 'OAuth1', 'OAuth2', 'MCP'];

export class Player {
	/** Names of the nodes of the workflow that is open. */
	private seen: string[] = [];

	private constructor(
		/** A copy of this project. */
		private readonly project: string,
		private readonly n8n: N8nInstance,
		private readonly sandbox: Sandbox,
		private readonly env: NodeJS.ProcessEnv,
		readonly say: (line: string) => void,
	) {}

	/** Starts an n8n that has nothing of this package, and two accounts. */
	static async start(
		project: string,
		env: NodeJS.ProcessEnv,
		say: (line: string) => void,
	): Promise<Player> {
		const sandbox = await startSandbox();
		const n8n = await N8nInstance.start({ tarball: false, progress: say });
		const player = new Player(project, n8n, sandbox, { ...n8n.shell, ...env }, say);
		if ((await player.ownTypes()).length > 0) throw new Error('n8n has the package already');
		return player;
	}

	async close(): Promise<void> {
		await this.n8n.dispose();
		await this.sandbox.close();
	}

	async run(command: string): Promise<void> {
		await runInShell(command, { cwd: this.project, env: this.env });
	}

	/** @throws Error if the package is not in it */
	async restart(): Promise<void> {
		await this.n8n.restart();
		if ((await this.ownTypes()).length === 0) throw new Error('n8n does not know the nodes');
	}

	private async ownTypes(): Promise<string[]> {
		const types = await this.n8n.palette();
		return types.map(({ name }) => name).filter((name) => name.startsWith(`${packageName}.`));
	}

	/** Of the types with these names, with the names that n8n's editor suggests. */
	async createCredentials(shown: string[]): Promise<void> {
		const types = await this.n8n.rest.file<ICredentialType[]>('/types/credentials.json');
		for (const displayName of shown) {
			const type = types.find((one) => one.displayName === displayName)?.name;
			const given = credentialsFor(this.sandbox).find((one) => one.type === type);
			if (given === undefined)
				throw new Error(`There is no credential '${displayName}', or no account for it here`);
			const suggested = displayName.split(' ').filter((word) => !NOT_SUGGESTED.includes(word));
			const { name } = await this.n8n.rest.request<{ name: string }>(
				'GET',
				'/credentials/new',
				undefined,
				{ name: `${suggested.join(' ')} account` },
			);
			await this.n8n.createCredential({ ...given, name });
			this.say(`   ${displayName}: "${name}"`);
		}
	}

	/** @throws Error if there is none, or a node of one did not find its credential */
	async areImported(): Promise<void> {
		const workflows = await this.n8n.workflows();
		if (workflows.length === 0) throw new Error('No workflow was imported');
		for (const { id, name } of workflows)
			for (const node of (await this.n8n.workflow(id)).nodes)
				// n8n looks for a disabled node's credentials when the workflow is saved with the node enabled.
				for (const credential of node.disabled ? [] : Object.values(node.credentials ?? {}))
					if (!credential.id)
						throw new Error(
							`'${node.name}' of '${name}' did not find its credential '${credential.name}'`,
						);
		this.say(`   ${workflows.length} workflows, each node with its credential`);
	}

	private async idOf(template: string): Promise<string> {
		const found = (await this.n8n.workflows()).find(({ name }) => name === template);
		if (found === undefined) throw new Error(`There is no workflow '${template}'`);
		return found.id;
	}

	async execute(template: string): Promise<void> {
		const workflowId = await this.idOf(template);
		const { nodes } = await this.n8n.workflow(workflowId);
		this.seen = nodes.map(({ name }) => name);
		const start = nodes.find(({ type }) => type === 'n8n-nodes-base.manualTrigger');
		await this.n8n.run(workflowId, start?.name ?? '');
		const [run] = await this.n8n.executionsEnded(1, { workflowId });
		if (run?.status !== 'success') throw new Error(`'${template}' ended with ${run?.status}`);
	}

	/** @throws Error if the workflow that is open has no node of that name */
	isSeen(node: string): void {
		if (!this.seen.includes(node)) throw new Error(`No node is called '${node}'`);
	}

	async publish(template: string): Promise<void> {
		await this.n8n.publish(await this.idOf(template));
	}

	async text(): Promise<void> {
		const { klaviyo, zendesk } = this.sandbox;
		klaviyo.addProfile({ phone: PHONE, firstName: 'Ana', smsMarketing: true });
		klaviyo.customerWrites({ from: PHONE, body: TEXT });
		await until('the ticket', () =>
			zendesk.tickets().some(({ comments }) => comments.some(({ body }) => body.includes(TEXT))),
		);
	}

	async reply(): Promise<void> {
		const { klaviyo, zendesk } = this.sandbox;
		zendesk.agentComments(zendesk.tickets().at(-1)?.id ?? '', REPLY, { public: true });
		await until('the reply on the phone', () =>
			klaviyo.phone(PHONE).some(({ direction, body }) => direction === 'out' && body === REPLY),
		);
		await until('the metric', () => {
			const { id } = klaviyo.profiles()[0] ?? {};
			return klaviyo.timeline(id ?? '').some(({ metric }) => metric === 'Opened Ticket');
		});
	}
}
