/** Names in quotes in what the nodes say: each is what a builder sees in n8n's editor. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { KlaviyoSyncApi } from '../../credentials/KlaviyoSyncApi.credentials';
import { KlaviyoSyncOAuth2Api } from '../../credentials/KlaviyoSyncOAuth2Api.credentials';
import { ZendeskSyncApi } from '../../credentials/ZendeskSyncApi.credentials';
import { ZendeskSyncOAuth2Api } from '../../credentials/ZendeskSyncOAuth2Api.credentials';
import { Klaviyo } from '../../nodes/Klaviyo/Klaviyo.node';
import { KlaviyoTrigger } from '../../nodes/Klaviyo/KlaviyoTrigger.node';
import { ZendeskSync } from '../../nodes/ZendeskSync/ZendeskSync.node';
import { ZendeskSyncTrigger } from '../../nodes/ZendeskSync/ZendeskSyncTrigger.node';

/** Every `displayName`, and the `name` of every option, however deep. */
function namesIn(value: unknown): string[] {
	if (Array.isArray(value)) return value.flatMap(namesIn);
	if (typeof value !== 'object' || value === null) return [];
	const { displayName, name, value: chosen } = value as Record<string, unknown>;
	const own = [displayName, chosen === undefined ? undefined : name];
	return [
		...own.filter((one): one is string => typeof one === 'string'),
		...Object.values(value).flatMap(namesIn),
	];
}

const shown = new Set(
	[
		...[KlaviyoSyncApi, KlaviyoSyncOAuth2Api, ZendeskSyncApi, ZendeskSyncOAuth2Api].map(
			(Credential) => {
				const { displayName, properties } = new Credential();
				return { displayName, properties };
			},
		),
		...[Klaviyo, KlaviyoTrigger, ZendeskSync, ZendeskSyncTrigger].map(
			(Node) => new Node().description,
		),
	].flatMap(namesIn),
);

/** What n8n, Klaviyo or Zendesk show under this name, and what a field holds by default. */
const OTHERS = [
	'Fetch Test Event',
	'Allow secure downloads',
	'High Volume API',
	'Message Body',
	'Open Support Ticket',
	'Received SMS',
	'Received Text Message',
	'Received WhatsApp',
	'Resolved Ticket',
	'Sent SMS',
	'Sent Text Message',
	'Sent WhatsApp',
	'SMS from Ana',
	'Zendesk Reply',
];

/** A name, or an operation with its resource: `Ticket: Get`. */
const isShown = (name: string): boolean =>
	shown.has(name) || OTHERS.includes(name) || name.split(': ').every((part) => shown.has(part));

/** The texts of a file: what its string literals and templates hold, with `${}` for what is filled in. */
function textsOf(path: string): string[] {
	const file = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true);
	const texts: string[] = [];
	const visit = (node: ts.Node): void => {
		if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) texts.push(node.text);
		if (ts.isTemplateExpression(node))
			texts.push(
				node.head.text + node.templateSpans.map(({ literal }) => `\${}${literal.text}`).join(''),
			);
		ts.forEachChild(node, visit);
	};
	visit(file);
	return texts;
}

/** Names begin with a capital. Other words in quotes are values and fields of items. */
const quotedIn = (text: string): string[] =>
	[...text.matchAll(/(?<![\w$}])'([A-Z][^'$]*)'(?!\w)/g)].map(([, name = '']) => name);

const ROOT = join(__dirname, '../..');
const files = ['nodes', 'domain'].flatMap((folder) =>
	readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
		.filter((file) => file.endsWith('.ts'))
		.map((file) => join(folder, file)),
);

describe('A name in quotes', () => {
	it('is one that the panel shows', () => {
		const unknown = files.flatMap((file) =>
			textsOf(join(ROOT, file))
				.flatMap(quotedIn)
				.filter((name) => !isShown(name))
				.map((name) => `${file}: ${name}`),
		);
		expect(unknown).toEqual([]);
	});
});
