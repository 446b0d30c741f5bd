/**
 * A minimal sync instead of n8n: a message becomes a ticket, a public answer a message, a status a metric.
 * It knows nothing of repeats and faults; the console is tested here, not the nodes.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import type { Sandbox } from '../../../sandbox';
import {
	klaviyoClient,
	subscribeKlaviyo,
	subscribeZendesk,
	zendeskClient,
} from '../../unit/sandbox/bench';

const sent = z.object({
	data: z.array(
		z.object({
			payload: z.object({
				data: z.object({
					attributes: z.object({ event_properties: z.record(z.unknown()) }),
				}),
			}),
		}),
	),
});
const conversations = z.object({
	data: z.array(z.object({ id: z.string(), attributes: z.object({ channel: z.string() }) })),
});
const happened = z.object({
	type: z.string(),
	detail: z.object({ id: z.string(), external_id: z.string().nullable(), subject: z.string() }),
	event: z.object({
		current: z.string().optional(),
		comment: z
			.object({
				body: z.string(),
				is_public: z.boolean(),
				author: z.object({ is_staff: z.boolean() }),
			})
			.optional(),
	}),
});

type Channel = 'sms' | 'whatsapp';

export async function startTinySync(sandbox: Sandbox): Promise<{ close(): Promise<void> }> {
	const zendesk = zendeskClient(sandbox);
	const klaviyo = klaviyoClient(sandbox);
	const profileOf = (from: string): string =>
		sandbox.klaviyo.profiles().find(({ phone }) => phone === from)?.id ?? '';

	const addOneMessage = async (from: string, body: string, channel: Channel): Promise<void> => {
		const external_id = `klaviyo:${channel}:${from}`;
		const found = await zendesk.get('/api/v2/tickets', { params: { external_id } });
		const open = (found.data.tickets ?? []).find(
			({ status }: { status: string }) => status !== 'closed',
		);
		const name = sandbox.klaviyo.profiles().find(({ phone }) => phone === from)?.firstName;
		const requester =
			sandbox.zendesk.users().find((user) => user.phone === from) ??
			sandbox.zendesk.addUser({ name: name ?? from, phone: from });
		const comment = { body, public: true, author_id: Number(requester.id) };
		const metadata = { key: `message:${from}` };
		if (open) {
			const status = open.status === 'new' ? {} : { status: 'open' };
			await zendesk.put(`/api/v2/tickets/${open.id}`, { ticket: { comment, metadata, ...status } });
		} else
			await zendesk.post('/api/v2/tickets', {
				ticket: {
					subject: `${channel === 'sms' ? 'SMS' : 'WhatsApp'} from ${name ?? from}`,
					comment,
					metadata,
					external_id,
					requester_id: Number(requester.id),
					tags: [channel],
				},
			});
	};
	const sendReplyTo = async (from: string, body: string, channel: string): Promise<void> => {
		const { data } = await klaviyo.get(`/api/profiles/${profileOf(from)}/conversations`);
		const conversation = conversations
			.parse(data)
			.data.find(({ attributes }) => attributes.channel === channel);
		await klaviyo.post('/api/conversation-messages', {
			data: {
				type: 'conversation-message',
				attributes: { body },
				relationships: {
					conversation: { data: { type: 'conversation', id: conversation?.id } },
				},
			},
		});
	};
	const track = async (from: string, metric: string, properties: object): Promise<void> => {
		await klaviyo.post('/api/events', {
			data: {
				type: 'event',
				attributes: {
					metric: { data: { type: 'metric', attributes: { name: metric } } },
					profile: { data: { type: 'profile', attributes: { phone_number: from } } },
					properties,
				},
			},
		});
	};

	const take = async (path: string, given: unknown): Promise<void> => {
		if (path === '/klaviyo') {
			for (const { payload } of sent.parse(given).data) {
				const said = payload.data.attributes.event_properties;
				const body = said['Message Body'] ?? 'Something without words';
				const channel = 'WhatsApp Display Name' in said ? 'whatsapp' : 'sms';
				await addOneMessage(String(said['From Number']), String(body), channel);
			}
			return;
		}
		const { type, detail, event } = happened.parse(given);
		const [, channel, from] = detail.external_id?.split(':') ?? [];
		if (channel === undefined || from === undefined) return;
		const { comment, current } = event;
		if (comment?.is_public && comment.author.is_staff)
			await sendReplyTo(from, comment.body, channel);
		const metric = type.endsWith('ticket.created')
			? 'Opened Ticket'
			: { SOLVED: 'Solved Ticket', CLOSED: 'Resolved Ticket' }[current ?? ''];
		if (metric !== undefined)
			await track(from, metric, { ticket_id: detail.id, subject: detail.subject });
	};

	let queue = Promise.resolve();
	const server = createServer((request, response) => {
		const chunks: Buffer[] = [];
		request.on('data', (chunk: Buffer) => chunks.push(chunk));
		request.on('end', () => {
			response.end('{"message":"Workflow was started"}');
			const given: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'));
			queue = queue.then(() => take(request.url ?? '', given)).catch(() => undefined);
		});
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;
	const url = `http://127.0.0.1:${port}`;
	const { whatsAppFromStart } = sandbox.switches;
	await subscribeKlaviyo(klaviyo, `${url}/klaviyo`, [
		'event:klaviyo.sent_sms',
		...(whatsAppFromStart ? ['event:klaviyo.sent_whatsapp'] : []),
	]);
	const events = ['created', 'comment_added', 'status_changed'];
	await subscribeZendesk(zendesk, `${url}/zendesk`, events);
	return {
		async close() {
			await queue;
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}
