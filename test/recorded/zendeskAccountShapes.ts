/** What Zendesk answers about the account: webhooks, rules, lists to choose from, uploads. */
import type { z } from 'zod';
import { accountCapabilities } from '../../nodes/ZendeskSync/actions/account/accountCapabilities';
import { readPages } from '../../nodes/ZendeskSync/api/client';
import { tagOptions } from '../../nodes/ZendeskSync/api/lists';
import { Probes } from '../../nodes/shared/setupProbes';
import {
	createAutomation,
	createView,
	listAutomations,
	listViews,
	type Rule,
} from '../../nodes/ZendeskSync/api/rules';
import { paths } from '../../nodes/ZendeskSync/api/paths';
import { SecureDownloads } from '../../nodes/ZendeskSync/api/secureDownloads';
import { fieldTitles } from '../../nodes/ZendeskSync/api/tickets';
import {
	createWebhook,
	readSecret,
	webhookById,
	webhooksNamed,
} from '../../nodes/ZendeskSync/api/webhooks';
import {
	brandPage,
	groupPage,
	oneUpload,
	ticketFieldPage,
	ticketFormPage,
} from '../../nodes/ZendeskSync/api/wire';
import type { Given } from './fixtures';
import type { Shape } from './shape';
import { editorThat, zendeskThat } from './vendors';

const always = async (given: Given) => await zendeskThat(() => given);
const NAME = 'n8n: workflow W7, node N4, at n8n.larchloom.example';
const ENDPOINT = 'https://n8n.larchloom.example/webhook/4f2/zendesk';

const webhookMade: Shape = {
	name: 'Zendesk: webhook made',
	read: async (given) =>
		(
			await createWebhook(await always(given), {
				name: NAME,
				endpoint: ENDPOINT,
				subscriptions: [],
			})
		).id,
	means: { 'its endpoint as it was sent': '01K5ZZZZ1111YYYY2222XXXX33' },
	ask: async (scene) => [
		await scene.zendesk('POST', '/api/v2/webhooks', {
			webhook: {
				name: NAME,
				status: 'active',
				endpoint: ENDPOINT,
				http_method: 'POST',
				request_format: 'json',
				subscriptions: ['zen:event-type:ticket.created'],
			},
		}),
	],
};

const webhook: Shape = {
	name: 'Zendesk: webhook',
	async read(given) {
		const found = await webhookById(await always(given), 'W');
		if (found === undefined) throw new Error('The webhook is not read');
		const { status, endpoint, subscriptions } = found;
		return { status, endpoint, subscriptions: subscriptions?.length };
	},
	means: {
		on: { status: 'active', endpoint: ENDPOINT, subscriptions: 2 },
		'turned off, changed once': { status: 'inactive', endpoint: ENDPOINT, subscriptions: 2 },
	},
	ask: async (scene) => [
		await scene.zendesk('GET', `/api/v2/webhooks/${scene.ids.zendeskWebhook}`),
	],
};

const webhooks: Shape = {
	name: 'Zendesk: webhooks',
	read: async (given) => await webhooksNamed(await always(given), NAME),
	means: { 'one of the name, no links': ['01K5ZZZZ1111YYYY2222XXXX33'] },
	ask: async (scene) => [
		await scene.zendesk('GET', '/api/v2/webhooks?filter[name_contains]=t&page[size]=100'),
	],
};

const secret: Shape = {
	name: "Zendesk: webhook's secret",
	read: async (given) => await readSecret(await always(given), 'W'),
	means: { one: 'bm90LWEtc2VjcmV0LWp1c3QtYS10ZXN0' },
	ask: async (scene) => [
		await scene.zendesk('GET', `/api/v2/webhooks/${scene.ids.zendeskWebhook}/signing_secret`),
	],
};

const inWords = ({ title, isActive, all, any, actions }: Rule): string => {
	const conditions = [...all, ...any].map(({ field, operator, value }) =>
		[field, operator, value].join(' '),
	);
	const done = actions.map(({ field, value }) => `${field} ${value}`);
	return `${title}${isActive ? '' : ' (off)'}: ${[...conditions, ...done].join(', ')}`;
};

const VIEW = 'SMS: open: status less_than solved, current_tags includes sms';
const CLOSING =
	'Close messages 24 hours after solved: status is solved, SOLVED greater_than 23, current_tags includes sms, status closed';
const viewConditions = [
	{ field: 'status', operator: 'less_than', value: 'solved' },
	{ field: 'current_tags', operator: 'includes', value: 'sms' },
];
const closingConditions = [
	{ field: 'status', operator: 'is', value: 'solved' },
	{ field: 'SOLVED', operator: 'greater_than', value: '47' },
];
const view = {
	title: 'SMS: open',
	active: true,
	all: viewConditions,
	any: [],
	output: {
		columns: ['status', 'requester'],
		group_by: 'status',
		group_order: 'asc',
		sort_by: 'updated',
		sort_order: 'desc',
	},
};
const closing = { title: 'Close', all: closingConditions, actions: [] };

const viewMade: Shape = {
	name: 'Zendesk: view made',
	read: async (given) =>
		inWords(await createView(await always(given), { title: 'SMS', all: [], groupId: undefined })),
	means: { 'for everyone': VIEW },
	ask: async (scene) => [await scene.zendesk('POST', '/api/v2/views', { view })],
};

const views: Shape = {
	name: 'Zendesk: views',
	read: async (given) => (await listViews(await always(given))).map(inWords),
	means: { one: [VIEW] },
	async ask(scene) {
		await scene.zendesk('POST', '/api/v2/views', { view });
		return [await scene.zendesk('GET', '/api/v2/views?page[size]=100')];
	},
};

const automationMade: Shape = {
	name: 'Zendesk: automation made',
	async read(given) {
		const rule = await createAutomation(await always(given), closing);
		if ('refused' in rule) throw rule.refused;
		return inWords(rule);
	},
	means: { one: CLOSING },
	ask: async (scene) => [
		await scene.zendesk('POST', '/api/v2/automations', {
			automation: {
				title: 'Close messages after two days',
				active: true,
				conditions: { all: closingConditions, any: [] },
				actions: [{ field: 'status', value: 'closed' }],
			},
		}),
	],
};

const automations: Shape = {
	name: 'Zendesk: automations',
	read: async (given) => (await listAutomations(await always(given))).map(inWords),
	means: {
		"Zendesk's own and ours": [
			'Close ticket 4 days after it is solved: status is solved, SOLVED greater_than 96, status closed',
			CLOSING,
		],
	},
	ask: async (scene) => [await scene.zendesk('GET', '/api/v2/automations?page[size]=100')],
};

const listed = async <T extends z.ZodTypeAny>(given: Given, schema: T): Promise<z.infer<T>> => {
	const { pages } = await readPages(await always(given), 'The list', '/api/v2/x', {}, schema);
	const [page] = pages;
	if (!page) throw new Error('The list is not read');
	return page as z.infer<T>;
};

const brands: Shape = {
	name: 'Zendesk: brands',
	read: async (given) => (await listed(given, brandPage)).brands.map(({ name }) => name),
	means: { two: ['Larch & Loom', 'Loom Outlet'] },
	ask: async (scene) => [await scene.zendesk('GET', '/api/v2/brands')],
};

const groups: Shape = {
	name: 'Zendesk: groups',
	read: async (given) => (await listed(given, groupPage)).groups.map(({ name }) => name),
	means: { two: ['Support', 'Returns'] },
	ask: async (scene) => [await scene.zendesk('GET', '/api/v2/groups')],
};

const fields: Shape = {
	name: 'Zendesk: ticket fields',
	async read(given) {
		const { ticket_fields: found } = await listed(given, ticketFieldPage);
		const titles = await fieldTitles(await always(given));
		return found.map(
			({ id, active, removable }) =>
				`${titles.get(id)}${removable ? '' : ', not removable'}${active ? '' : ', off'}`,
		);
	},
	means: {
		'own ones and one that every account has': [
			'Subject, not removable',
			'Order number',
			'Reasons',
			'Of the past, off',
		],
	},
	ask: async (scene) => [await scene.zendesk('GET', '/api/v2/ticket_fields')],
};

const forms: Shape = {
	name: 'Zendesk: ticket forms',
	read: async (given) =>
		(await listed(given, ticketFormPage)).ticket_forms.map(({ name, active }) => ({
			name,
			active,
		})),
	means: { one: [{ name: 'Messages', active: true }] },
	ask: async (scene) => [await scene.zendesk('GET', '/api/v2/ticket_forms')],
};

const tags: Shape = {
	name: 'Zendesk: tags',
	read: async (given) => (await tagOptions(editorThat(given))).map(({ name }) => name),
	means: { two: ['kettle', 'sms'] },
	ask: async (scene) => [await scene.zendesk('GET', '/api/v2/tags')],
};

const statuses: Shape = {
	name: 'Zendesk: custom statuses',
	async read(given) {
		const capability = accountCapabilities.find((one) => one.check === 'Custom statuses');
		const found = await capability?.find(new Probes(await always(given)), {
			reEnableWebhooks: false,
			unusedFeatures: [],
			tags: [],
		});
		if (found?.status !== 'ready') throw new Error('The statuses are not read');
		return found.detail.split(':')[0];
	},
	means: { 'a usual one and an own': "'At the workshop'" },
	async ask(scene) {
		scene.sandbox.switches.customStatuses = true;
		const answer = await scene.zendesk('GET', '/api/v2/custom_statuses');
		scene.sandbox.switches.customStatuses = false;
		return [answer];
	},
};

const accountSettings: Shape = {
	name: 'Zendesk: account settings',
	read: async (given) => await new SecureDownloads(await always(given)).areOn(),
	means: { 'secure downloads on': true, 'secure downloads off': false },
	async ask(scene) {
		const off = await scene.zendesk('GET', paths.settings);
		scene.sandbox.switches.secureDownloads = true;
		const on = await scene.zendesk('GET', paths.settings);
		scene.sandbox.switches.secureDownloads = false;
		return [off, on];
	},
};

const upload: Shape = {
	name: 'Zendesk: upload',
	async read(given) {
		const zendesk = await always(given);
		return zendesk.read('The upload', oneUpload, given).upload.token;
	},
	means: { 'a picture': 'uploadtokenuploadtoken12' },
	ask: async (scene) => [
		await scene.upload(
			'/api/v2/uploads?filename=sms-1.jpg',
			Buffer.from('not a picture'),
			'image/jpeg',
		),
	],
};

export const zendeskAccountShapes: readonly Shape[] = [
	accountSettings,
	webhookMade,
	webhook,
	webhooks,
	secret,
	viewMade,
	views,
	automationMade,
	automations,
	brands,
	groups,
	fields,
	forms,
	tags,
	statuses,
	upload,
];
