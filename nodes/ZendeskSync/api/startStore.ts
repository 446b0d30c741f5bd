/** The store for starting a conversation (domain/conversation/start.ts), over HTTP. */
import { sleep } from 'n8n-workflow';
import type { StartStore } from '../../../domain/conversation/start';
import type { Zendesk } from './client';
import { asListed, listConversation, readSingle } from './conversationTickets';
import { updateTicket } from './ticketStore';
import { withMissing } from './users';

export const startStore = (zendesk: Zendesk, ticketId: string): StartStore => ({
	now: () => Date.now(),
	sleep,
	async readTicket() {
		const read = await readSingle(zendesk, ticketId);
		const [ticket] = read?.tickets ?? [];
		if (!read || !ticket) return undefined;
		const users = await withMissing(zendesk, read.users, [ticket.requester_id]);
		if (!users) return undefined;
		const requester = users.get(ticket.requester_id ?? '');
		return {
			serverTime: read.serverTime,
			ticket: {
				id: ticket.id,
				// One that is not known takes no message.
				status: ticket.status ?? 'closed',
				updatedAt: Date.parse(ticket.updated_at),
				externalId: ticket.external_id,
				tags: ticket.tags ?? [],
				isByAgent:
					ticket.submitter_id === null ? null : ticket.submitter_id !== ticket.requester_id,
				phone: requester?.phone ?? null,
				isSuspended: requester?.suspended === true,
			},
		};
	},
	async listTickets(externalId) {
		const listed = await listConversation(zendesk, externalId);
		return listed?.tickets.flatMap(asListed);
	},
	write: async ({ updatedAt }, { externalId, tags }) =>
		await updateTicket(zendesk, ticketId, {
			external_id: externalId,
			tags,
			safe_update: true,
			updated_stamp: new Date(updatedAt).toISOString().replace('.000Z', 'Z'),
		}),
});
