import { useEffect, useRef, useState } from 'preact/hooks';
import { useConsole } from '../state/console';
import { Empty, Pane } from './basics';
import { Icon } from './Icon';
import { NewTicket } from './NewTicket';
import { Ticket } from './Ticket';
import { TicketList } from './TicketList';

/** The agent's Zendesk: the tickets, and one of them open. */
export function Desk() {
	const { sections } = useConsole();
	const [isOpening, setOpening] = useState(false);
	const { tickets, thread } = sections;
	useFollowing();
	const open = thread !== null && (
		<button type="button" class="quiet" onClick={() => setOpening(true)}>
			<Icon name="plus" /> New ticket
		</button>
	);
	return (
		<Pane name="desk" title="Agent’s Zendesk" icon="ticket" tools={tickets.total > 0 && open}>
			{tickets.total === 0 ? (
				<NoTickets onOpen={thread === null ? undefined : () => setOpening(true)} />
			) : (
				<div class="desk">
					<TicketList />
					<Ticket />
				</div>
			)}
			{isOpening && <NewTicket onClose={() => setOpening(false)} />}
		</Pane>
	);
}

function NoTickets({ onOpen }: { onOpen: (() => void) | undefined }) {
	const { klaviyo, zendesk } = useConsole().sections.setup;
	const isConnected = klaviyo.webhooks + zendesk.webhooks > 0;
	return (
		<Empty icon="ticket" title="No tickets yet">
			<p>
				{isConnected
					? 'n8n is connected. Text as the customer, and your workflow opens a ticket here.'
					: 'Tickets come from your workflow. Connect n8n (see Connect on the right) and publish it, then text as the customer.'}
			</p>
			{onOpen !== undefined && (
				<button type="button" onClick={onOpen}>
					<Icon name="plus" /> Open a ticket by hand
				</button>
			)}
		</Empty>
	);
}

/** Opens a ticket that has just arrived, unless the user is working in another. */
function useFollowing(): void {
	const { sections, look } = useConsole();
	const { tickets, ticket } = sections;
	const newest = Math.max(0, ...tickets.rows.map(({ id }) => Number(id)));
	const known = useRef(newest);
	useEffect(() => {
		const isNew = newest > known.current;
		known.current = Math.max(known.current, newest);
		const isBusy = document.activeElement?.closest('.ticket') !== null;
		if (isNew && !isBusy) look({ ticket: String(newest) });
		else if (ticket === null && tickets.rows[0] !== undefined) look({ ticket: tickets.rows[0].id });
	}, [newest, ticket === null, tickets.rows.length === 0]);
}
