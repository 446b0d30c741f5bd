/**
 * Evaluates expressions as n8n does on a server, in an isolate. In a process of its own: Jest has no dynamic import.
 * In: `[{ expression, json }]` on stdin. Out: `[{ value }]`, without `value` where there is none, or `[{ error }]`.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

// As CommonJS: its modules for `import` are made for bundlers.
const { Expression, Workflow } = createRequire(import.meta.url)('n8n-workflow');

const description = { name: 'node', properties: [] };
const node = { id: 'node', name: 'Node', type: 'test', typeVersion: 1, position: [0, 0] };
const workflow = new Workflow({
	nodes: [{ ...node, parameters: {} }],
	connections: {},
	active: false,
	nodeTypes: { getByNameAndVersion: () => ({ description }) },
});

await Expression.initExpressionEngine({
	engine: 'vm',
	bridgeTimeout: 5_000,
	bridgeMemoryLimit: 128,
	maxCodeCacheSize: 1_024,
	poolSize: 1,
});
await workflow.expression.acquireIsolate();
const answers = JSON.parse(readFileSync(0, 'utf8')).map(({ expression, json }) => {
	try {
		const { expression: n8n } = workflow;
		return {
			value: n8n.getParameterValue(expression, null, 0, 0, 'Node', [{ json }], 'internal', {}),
		};
	} catch (error) {
		return { error: String(error) };
	}
});
await workflow.expression.releaseIsolate();
await Expression.disposeExpressionEngine();
process.stdout.write(JSON.stringify(answers));
