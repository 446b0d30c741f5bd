/**
 * The smallest thing that syncs, in place of n8n: a text becomes a ticket, a public answer a text, a status a metric.
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

const texted = z.object({
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

export async function startTinySync(sandbox: Sandbox): Promise<{ close(): Promise<void> }> {
	const zendesk = zendeskClient(sandbox);
	const klaviyo = klaviyoClient(sandbox);
	const profileOf = (number: string): string =>
		sandbox.klaviyo.profiles().find(({ phone }) => phone === number)?.id ?? '';

	const fileText = async (number: string, body: string): Promise<void> => {
		const external_id = `klaviyo:sms:${number}`;
		const found = await zendesk.get('/api/v2/tickets', { params: { external_id } });
		const open = (found.data.tickets ?? []).find(
			({ status }: { status: string }) => status !== 'closed',
		);
		const name = sandbox.klaviyo.profiles().find(({ phone }) => phone === number)?.firstName;
		const requester =
			sandbox.zendesk.users().find((user) => user.phone === number) ??
			sandbox.zendesk.addUser({ name: name ?? number, phone: number });
		const comment = { body, public: true, author_id: Number(requester.id) };
		const metadata = { key: `text:${number}` };
		if (open) {
			const status = open.status === 'new' ? {} : { status: 'open' };
			await zendesk.put(`/api/v2/tickets/${open.id}`, { ticket: { comment, metadata, ...status } });
		} else
			await zendesk.post('/api/v2/tickets', {
				ticket: {
					subject: `SMS from ${name ?? number}`,
					comment,
					metadata,
					external_id,
					requester_id: Number(requester.id),
					tags: ['sms'],
				},
			});
	};
	const textReply = async (number: string, body: string): Promise<void> => {
		const { data } = await klaviyo.get(`/api/profiles/${profileOf(number)}/conversations`);
		await klaviyo.post('/api/conversation-messages', {
			data: {
				type: 'conversation-message',
				attributes: { body },
				relationships: {
					conversation: { data: { type: 'conversation', id: data.data[0]?.id } },
				},
			},
		});
	};
	const track = async (number: string, metric: string, properties: object): Promise<void> => {
		await klaviyo.post('/api/events', {
			data: {
				type: 'event',
				attributes: {
					metric: { data: { type: 'metric', attributes: { name: metric } } },
					profile: { data: { type: 'profile', attributes: { phone_number: number } } },
					properties,
				},
			},
		});
	};

	const take = async (path: string, given: unknown): Promise<void> => {
		if (path === '/klaviyo') {
			for (const { payload } of texted.parse(given).data) {
				const said = payload.data.attributes.event_properties;
				await fileText(String(said['From Number']), String(said['Message Body']));
			}
			return;
		}
		const { type, detail, event } = happened.parse(given);
		const number = detail.external_id?.replace('klaviyo:sms:', '');
		if (number === undefined) return;
		const { comment, current } = event;
		if (comment?.is_public && comment.author.is_staff) await textReply(number, comment.body);
		const metric = type.endsWith('ticket.created')
			? 'Opened Ticket'
			: { SOLVED: 'Solved Ticket', CLOSED: 'Resolved Ticket' }[current ?? ''];
		if (metric !== undefined)
			await track(number, metric, { ticket_id: detail.id, subject: detail.subject });
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
	await subscribeKlaviyo(klaviyo, `${url}/klaviyo`, ['event:klaviyo.sent_sms']);
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
