import { at, type TemplateSketch } from '../../templates/canvas';
import { end } from '../../templates/nodes';

/** The most that n8n can do: a webhook, and nothing else. */
export const CEILING_PATH = 'ceiling';

export const ceiling: TemplateSketch = {
	file: 'ceiling.json',
	name: 'Ceiling: a webhook and nothing',
	overview: '## The most that n8n can do\nIt receives a request and does nothing.',
	nodes: [
		at(0, 0, {
			name: 'Webhook',
			type: 'n8n-nodes-base.webhook',
			typeVersion: 2.1,
			parameters: { httpMethod: 'POST', path: CEILING_PATH, options: {} },
		}),
		at(1, 0, end('Nothing')),
	],
	links: { Webhook: ['Nothing'] },
	notes: [],
};
