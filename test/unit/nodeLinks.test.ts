/** n8n shows the links of a node's codex file beside it: they have to lead somewhere. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readMarkdown } from '../../scripts/docs/markdown';

const root = join(__dirname, '../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const HOME = 'https://github.com/n8n-nodes-zendesk-klaviyo/n8n-nodes-zendesk-klaviyo';

/** The file in the repository that a link leads to, and the anchor in it. */
function placeOf(url: string): { file: string; anchor: string } {
	const [path = '', anchor = ''] = url.slice(HOME.length).split('#');
	return { file: path.replace(/^\/blob\/main\//, '') || 'README.md', anchor };
}

it.each([
	'nodes/Klaviyo/Klaviyo.node.json',
	'nodes/Klaviyo/KlaviyoTrigger.node.json',
	'nodes/ZendeskSync/ZendeskSync.node.json',
	'nodes/ZendeskSync/ZendeskSyncTrigger.node.json',
])('%s links to what is there', (codex) => {
	const links = [...read(codex).matchAll(/"url": "([^"]+)"/g)].map(([, url = '']) => url);
	expect(links.length).toBeGreaterThan(0);
	for (const { file, anchor } of links.filter((url) => url.startsWith(HOME)).map(placeOf)) {
		expect([file, existsSync(join(root, file))]).toEqual([file, true]);
		// GitHub gives the README of a repository this anchor.
		if (anchor && anchor !== 'readme')
			expect([...readMarkdown(read(file)).anchors]).toContain(anchor);
	}
});
