/**
 * The three webhooks, as n8n calls them. A stranger starts nothing and gets 4xx. A signed request, however broken, starts
 * one execution with items of the documented shape, or none. Nothing ends in an error: n8n
 * would answer 500, and store a failed execution for whatever a stranger sends.
 */
import { createHmac } from 'node:crypto';
import { Agent, request } from 'node:http';
import { deflateSync, gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { messageEvent, ticketEvent } from '../../domain/items';
import { FLOW_SECRET_HEADER } from '../../nodes/Klaviyo/api/flowTemplate';
import { forgetProcess } from '../../nodes/shared/processMemory';
import { SECRET, TriggerBench } from '../engine/support/klaviyoTrigger';
import type { ActiveTrigger } from '../engine/support/trigger';
import { TriggerStage } from '../engine/support/zendeskTrigger';
import { type Entry, entry, must } from './entry';
import { hostileText, hostileValue, mutated, toJson } from './hostile';
import { flowPost, klaviyoDelivery, zendeskWebhook } from './payloads';

const ZENDESK_SECRET = 'c2VjcmV0IG9mIHRoZSBmdXp6ZXI=';

type Compression = 'none' | 'gzip' | 'deflate' | 'broken' | 'unknown';

interface Sent {
	body: Buffer;
	isGood: boolean;
	type: string;
	compression: Compression;
	/** `right` is what the vendor would send; the others are a stranger's. */
	signature: 'right' | 'missing' | 'ofAnother' | 'cut' | 'hostile';
	timestamp: string;
	hostile: string;
}

/** What a header can carry: Node hangs up on who sends more than 16 kB of headers, before n8n sees it. */
const headerText = hostileText.map((text) =>
	text
		.replace(/[^\x20-\x7e\xa0-\xff]/g, '')
		.trim()
		.slice(0, 4000),
);

const TIMES = [
	'Mon, 20 Nov 2023 18:12:22 GMT',
	'Thu, 01 Jan 1970 00:00:00 GMT',
	'Fri, 31 Dec 9999 23:59:59 GMT',
	'2026-11-22T10:00:01Z',
	'0',
	'-1',
	'yesterday',
];

const TYPES = [
	'application/json',
	'application/json',
	'application/json',
	'application/json; charset=utf-16',
	'application/vnd.api+json',
	'text/plain',
	'text/html',
	'application/xml',
	'application/x-www-form-urlencoded',
	'multipart/form-data; boundary=x',
	'multipart/mixed',
	'application/octet-stream',
	'nonsense',
	'',
];

function sentOf(payload: unknown): fc.Arbitrary<Sent> {
	const good = Buffer.from(JSON.stringify(payload));
	const body = fc.oneof(
		{ weight: 2, arbitrary: fc.constant({ body: good, isGood: true }) },
		{
			weight: 8,
			arbitrary: fc
				.oneof(mutated(payload), hostileValue)
				.map((value) => ({ body: Buffer.from(toJson(value)), isGood: false })),
		},
		{
			weight: 2,
			arbitrary: fc
				.oneof(
					hostileText.map((text) => Buffer.from(text)),
					fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)),
					fc.nat({ max: good.length }).map((end) => good.subarray(0, end)),
				)
				.map((bytes) => ({ body: bytes, isGood: false })),
		},
	);
	const rest = fc.record({
		type: fc.constantFrom(...TYPES),
		compression: fc.constantFrom<Compression>(
			'none',
			'none',
			'none',
			'none',
			'gzip',
			'deflate',
			'broken',
			'unknown',
		),
		signature: fc.constantFrom<Sent['signature']>(
			'right',
			'right',
			'right',
			'missing',
			'ofAnother',
			'cut',
			'hostile',
		),
		timestamp: fc.oneof(fc.constantFrom(...TIMES), headerText),
		hostile: headerText,
	});
	return fc.tuple(body, rest).map(([one, other]) => ({ ...one, ...other }));
}

/** As the bytes travel, and the header that says so. */
function packed({ body, compression }: Sent): { bytes: Buffer; encoding?: string } {
	if (compression === 'gzip') return { bytes: gzipSync(body), encoding: 'gzip' };
	if (compression === 'deflate') return { bytes: deflateSync(body), encoding: 'deflate' };
	if (compression === 'broken') return { bytes: body, encoding: 'gzip' };
	return { bytes: body, ...(compression === 'unknown' ? { encoding: 'rot13' } : {}) };
}

const agent = new Agent({ keepAlive: true, maxSockets: 1 });

const post = async (
	url: string,
	headers: Record<string, string>,
	bytes: Buffer,
): Promise<{ status: number; words: string }> =>
	await new Promise((done, failed) => {
		const sending = request(url, { method: 'POST', agent, headers }, (response) => {
			const chunks: Buffer[] = [];
			response.on('data', (chunk: Buffer) => chunks.push(chunk));
			response.on('error', failed);
			response.on('end', () => {
				done({ status: response.statusCode ?? 0, words: Buffer.concat(chunks).toString() });
			});
		});
		sending.on('error', failed);
		sending.end(bytes);
	});

/** A signature, spoiled as the request says. */
function spoiled(right: string, { signature, hostile }: Sent): string | undefined {
	if (signature === 'missing') return undefined;
	// By two: without its `=`, Base64 is the same bytes.
	if (signature === 'cut') return right.slice(0, -2);
	if (signature === 'hostile') return hostile;
	return right;
}

type Sign = (sent: Sent, secret: string) => Record<string, string>;

const withHeader = (name: string, value: string | undefined): Record<string, string> =>
	value === undefined ? {} : { [name]: value };

const signs: Record<'klaviyo' | 'zendesk' | 'flow', Sign> = {
	klaviyo: (sent, secret) => ({
		'klaviyo-timestamp': sent.timestamp,
		...withHeader(
			'klaviyo-signature',
			spoiled(
				createHmac('sha256', secret).update(sent.body).update(sent.timestamp).digest('hex'),
				sent,
			),
		),
	}),
	zendesk: (sent, secret) => ({
		'x-zendesk-webhook-signature-timestamp': sent.timestamp,
		...withHeader(
			'x-zendesk-webhook-signature',
			spoiled(
				createHmac('sha256', secret).update(sent.timestamp).update(sent.body).digest('base64'),
				sent,
			),
		),
	}),
	flow: (sent, secret) => withHeader(FLOW_SECRET_HEADER, spoiled(secret, sent)),
};

interface Door {
	trigger: ActiveTrigger;
	sign: Sign;
	secret: string;
	isItem(json: unknown): boolean;
	/** Whether the bytes are signed; where they are not, what cannot be read is a matter for the builder. */
	signsBytes: boolean;
}

async function knock(
	{ trigger, sign, secret, isItem, signsBytes }: Door,
	sent: Sent,
): Promise<void> {
	const { bytes, encoding } = packed(sent);
	const isStranger = sent.signature !== 'right';
	const headers = {
		...(sent.type ? { 'content-type': sent.type } : {}),
		...(encoding ? { 'content-encoding': encoding } : {}),
		...sign(sent, sent.signature === 'ofAnother' ? `${secret}x` : secret),
	};
	trigger.executions.length = 0;
	// The same event may come under another topic.
	forgetProcess();
	const { status, words } = await post(trigger.url, headers, bytes);
	const started = trigger.executions.length;
	must(status < 500, 'It ends in an error', { status, words });
	if (isStranger) {
		must(started === 0, 'A stranger has started something');
		must(status >= 400, 'A stranger is told that all is well', { status, words });
		return;
	}
	must(started <= 1, 'It has started more than one execution');
	must(started === 0 || status === 200, 'It has started something, and says that it has not', {
		status,
	});
	const items = trigger.executions.flat();
	must(
		items.every(({ json }) => isItem(json)),
		'An item has not its documented shape',
	);
	// A timestamp is a part of the signature, and an empty one no timestamp.
	const isPlain = sent.compression === 'none' && sent.type === 'application/json';
	if (sent.isGood && isPlain && (!signsBytes || sent.timestamp !== ''))
		must(started === 1, 'A good request has started nothing', { status, words });
}

const isMessage = (json: unknown): boolean => messageEvent.safeParse(json).success;
const isTicketEvent = (json: unknown): boolean => ticketEvent.safeParse(json).success;

/** Opens the three doors. Close them when done. */
export async function openDoors(): Promise<{ entries: Entry[]; close(): Promise<void> }> {
	const stage = await TriggerStage.start();
	const bench = new TriggerBench(stage.sandbox);
	const options = { binaryData: true, batchWindow: 0 };
	const system = await bench.prepare({ options });
	const flow = await bench.prepare({ source: 'flowWebhook', options });
	const tickets = await stage.prepare();
	tickets.staticData = {
		'node:ZendeskSyncTrigger': { webhookId: 'W', signingSecret: ZENDESK_SECRET },
	};
	const doors: Array<[string, unknown, Door]> = [
		[
			"Klaviyo's webhook",
			klaviyoDelivery,
			{ trigger: system, sign: signs.klaviyo, secret: SECRET, isItem: isMessage, signsBytes: true },
		],
		[
			'the flow webhook',
			flowPost,
			{ trigger: flow, sign: signs.flow, secret: SECRET, isItem: isMessage, signsBytes: false },
		],
		[
			"Zendesk's webhook",
			zendeskWebhook,
			{
				trigger: tickets,
				sign: signs.zendesk,
				secret: ZENDESK_SECRET,
				isItem: isTicketEvent,
				signsBytes: true,
			},
		],
	];
	return {
		entries: doors.map(([name, payload, door]) =>
			entry(`${name}, over HTTP`, sentOf(payload), async (sent) => await knock(door, sent)),
		),
		close: async () => {
			agent.destroy();
			await stage.close();
			await bench.close();
		},
	};
}
