/** The editor's checks of the templates. */
import { join } from 'node:path';
import type { INode, INodeTypeDescription } from 'n8n-workflow';
import { NodeHelpers } from 'n8n-workflow';
import type { Stage } from '../../../scripts/demo/stage';
import { packageName, projectRoot } from '../../../scripts/n8n/paths';
import { findBrowser, openBrowser } from '../../../scripts/screenshots/browser';
import { Canvas } from '../../../scripts/screenshots/canvas';
import { templates } from '../../../scripts/templates';
import type { Template } from './stage';

/** Nodes whose credential only the builder can choose. */
const BUILDERS: Partial<Record<Template, string[]>> = { '09': ['Chat model'] };

const STICKY = 'n8n-nodes-base.stickyNote';
const numbers = templates.map(({ file }) => file.slice(0, file.indexOf('-')) as Template);
const itInBrowser = findBrowser() === undefined ? it.skip : it;

/** Tests that all of them are complete, and without an issue. None of them has to be published. */
export const describeTemplatesInEditor = (stage: () => Stage): void =>
	describe('the templates in the editor', () => {
		const nodesOf = async (template: Template): Promise<INode[]> =>
			(await stage().n8n.workflow(stage().workflow(template).id)).nodes;

		/** As saved with all nodes enabled: n8n looks for the credentials of no other. */
		async function enabledNodesOf(template: Template): Promise<INode[]> {
			const nodes = await nodesOf(template);
			if (!nodes.some(({ disabled }) => disabled)) return nodes;
			const { n8n, workflow } = stage();
			const { id } = workflow(template);
			const enabled = nodes.map((node) => ({ ...node, disabled: false }));
			await n8n.updateWorkflow(id, () => ({ nodes: enabled }));
			const saved = await nodesOf(template);
			await n8n.updateWorkflow(id, () => ({ nodes }));
			return saved;
		}

		/** n8n makes tools of nodes for its palette, and tells of them nowhere else. */
		const toolOf = async (wanted: string): Promise<INodeTypeDescription | undefined> =>
			(await stage().n8n.palette()).find(({ name }) => name === wanted);

		/** Of the node's own version. */
		async function typeOf({ type: name, typeVersion: version }: INode) {
			const tool = name.endsWith('Tool') ? await toolOf(name) : undefined;
			if (tool) return tool;
			const [type] = await stage().n8n.rest.request<INodeTypeDescription[]>('POST', '/node-types', {
				nodeInfos: [{ name, version }],
			});
			if (!type) throw new Error(`n8n has no ${name} of version ${version}`);
			return type;
		}

		it.each(numbers)(
			'%s has only nodes and parameters that n8n knows, and none is missing',
			async (template) => {
				const nodes = await nodesOf(template);
				expect(nodes.filter(({ type }) => type.startsWith(packageName)).length).toBeGreaterThan(1);
				for (const node of nodes) {
					const type = await typeOf(node);
					expect([type.version].flat()).toContain(node.typeVersion);
					const parameters =
						NodeHelpers.getNodeParameters(
							type.properties,
							node.parameters,
							true,
							false,
							node,
							type,
						) ?? {};
					// What n8n does not know, or does not show, it leaves out.
					expect(parameters).toMatchObject(node.parameters);
					const placed = { ...node, parameters };
					expect(NodeHelpers.getNodeParametersIssues(type.properties, placed, type)).toBeNull();
				}
			},
		);

		it.each(numbers)('%s finds the credential of each node by its name', async (template) => {
			for (const node of await enabledNodesOf(template)) {
				const known = (await typeOf(node)).credentials?.map(({ name }) => name) ?? [];
				const chosen = Object.entries(node.credentials ?? {});
				const isVendors =
					node.type.startsWith(packageName) && node.parameters.resource !== 'execution';
				expect(chosen).toHaveLength(isVendors ? 1 : 0);
				for (const [type, { id, name }] of chosen) {
					expect(known).toContain(type);
					expect({ id, name }).toEqual({
						id: expect.any(String),
						name: type.startsWith('klaviyo') ? 'Klaviyo account' : 'Zendesk Sync account',
					});
				}
			}
		});

		itInBrowser(
			'show no issue on the canvas, where a missing credential would be one',
			async () => {
				const { n8n, workflow } = stage();
				const [broken] = await n8n.importTemplates(
					[join(projectRoot, 'templates', '00-check-your-setup.json')],
					(file) => ({
						...file,
						name: 'Without a credential',
						nodes: file.nodes.map(({ credentials: _left, ...node }) => node),
					}),
				);
				const browser = await openBrowser();
				try {
					const canvas = await Canvas.open(browser, n8n.url);
					const issuesOf = async (id: string): Promise<string[]> => {
						const { nodes } = await n8n.workflow(id);
						await canvas.show(id, nodes.length);
						return await canvas.issues();
					};
					expect((await issuesOf(broken?.id ?? '')).sort()).toEqual([
						'Check Klaviyo',
						'Check Zendesk',
					]);
					for (const template of numbers) {
						const { id, name } = workflow(template);
						const issues = await issuesOf(id);
						expect({ name, issues }).toEqual({ name, issues: BUILDERS[template] ?? [] });
					}
				} finally {
					await browser.close();
				}
			},
		);

		it('have notes in each, and every other node is led to', async () => {
			for (const template of numbers) {
				const { nodes, connections } = await stage().n8n.workflow(stage().workflow(template).id);
				expect(nodes.filter(({ type }) => type === STICKY).length).toBeGreaterThan(1);
				const reached = Object.entries(connections).flatMap(([name, { main, ...aids }]) => [
					...(main ?? []).flatMap((links) => (links ?? []).map(({ node }) => node)),
					// An agent's model and tools lead to it.
					...(Object.keys(aids).length > 0 ? [name] : []),
				]);
				const inner = nodes.filter(({ type }) => type !== STICKY && !/Trigger$/.test(type));
				expect(inner.map(({ name }) => name).filter((name) => !reached.includes(name))).toEqual([]);
			}
		});
	});
