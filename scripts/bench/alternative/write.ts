/** `npx tsx scripts/bench/alternative/write.ts`: writes test/bench/alternative/*.json from the sketches beside this file. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { projectRoot } from '../../n8n/paths';
import { draw, type TemplateFile } from '../../templates/canvas';
import { ceiling } from './ceiling';
import { metrics } from './metrics';
import { replies } from './replies';
import { messages } from './messages';

const folder = join(projectRoot, 'test', 'bench', 'alternative');

/** n8n listens at a webhook's own path only if the node has such an id, which the editor assigns. */
const withWebhookId = (template: TemplateFile): TemplateFile => ({
	...template,
	nodes: template.nodes.map((node) =>
		node.type === 'n8n-nodes-base.webhook' ? { ...node, webhookId: node.id } : node,
	),
});

async function main(): Promise<void> {
	for (const sketch of [messages, replies, metrics, ceiling]) {
		const path = join(folder, sketch.file);
		const options = { ...(await resolveConfig(path)), filepath: path };
		await writeFile(
			path,
			await format(JSON.stringify(withWebhookId(draw(sketch)), null, 2), options),
		);
		process.stdout.write(`test/bench/alternative/${sketch.file}\n`);
	}
}

main().catch((error: unknown) => {
	process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
	process.exitCode = 1;
});
