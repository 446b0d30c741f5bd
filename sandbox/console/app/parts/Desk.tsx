import { useEffect, useRef, useState } from 'preact/hooks';
import type { Looking, TicketRow } from '../../shapes';
import { act, useAction } from '../state/api';
import { useConsole } from '../state/console';
import { rove } from '../state/roving';
import { isoOf, shortly } from '../state/time';
import { Empty, Failure, More, Pane, StatusPill, statusNames } from './basics';
import { Dialog } from './Dialog';
import { Icon } from './Icon';
import { Ticket } from './Ticket';

const filters: ReadonlyArray<{ name: Looking['ticketStatus']; words: string }> = [
	{ name: '', words: 'All statuses' },
	{ name: 'unsolved', words: 'Unsolved' },
	{ name: 'new', words: statusNames.new },
	{ name: 'open', words: statusNames.open },
	{ name: 'pending', words: statusNames.pending },
	{ name: 'hold', words: statusNames.hold },
	{ name: 'solved', words: statusNames.solved },
	{ name: 'closed', words: statusNames.closed },
];

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
					? 'n8n is connected. Text as the customer, and the workflow opens a ticket here.'
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

/** Opens a ticket that came just now, unless somebody is at work in another. */
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

function TicketList() {
	const { sections, looking, look } = useConsole();
	const { tickets, thread, ticket } = sections;
	const isChosenListed = tickets.rows.some(({ id }) => id === looking.ticket);
	const seen = useRef(new Map<string, number>());
	const started = useRef(Math.max(0, ...tickets.rows.map(({ updatedAt }) => updatedAt)));
	const chosen = tickets.rows.find(({ id }) => id === ticket?.id);
	if (chosen !== undefined) seen.current.set(chosen.id, chosen.updatedAt);
	const isUnseen = ({ id, updatedAt }: TicketRow): boolean =>
		updatedAt > (seen.current.get(id) ?? started.current);
	return (
		<nav class="tickets" aria-label="Tickets">
			<div class="ticket-filters">
				<input
					type="search"
					aria-label="Search tickets"
					placeholder="Search tickets"
					value={looking.ticketSearch}
					onInput={(event) => look({ ticketSearch: event.currentTarget.value })}
				/>
				<select
					aria-label="Status of the listed tickets"
					value={looking.ticketStatus}
					onChange={({ currentTarget }) => {
						const chosen = filters.find(({ name }) => name === currentTarget.value);
						if (chosen !== undefined) look({ ticketStatus: chosen.name });
					}}
				>
					{filters.map(({ name, words }) => (
						<option key={name} value={name}>
							{words}
						</option>
					))}
				</select>
				{thread !== null && (
					<label class="check">
						<input
							type="checkbox"
							checked={looking.onlyCustomer}
							onChange={(event) => look({ onlyCustomer: event.currentTarget.checked })}
						/>
						<span>Only {thread.name}</span>
					</label>
				)}
			</div>
			<ul class="ticket-list scroll" onKeyDown={rove}>
				{tickets.rows.map((row, at) => (
					<li key={row.id}>
						<TicketButton
							row={row}
							isChosen={row.id === looking.ticket}
							isStop={isChosenListed ? row.id === looking.ticket : at === 0}
							isUnseen={isUnseen(row)}
						/>
					</li>
				))}
				{tickets.rows.length === 0 && <li class="hint">No ticket matches.</li>}
				<li>
					<More
						count={tickets.matching - tickets.rows.length}
						words="Show more"
						onMore={() => look({ ticketLimit: looking.ticketLimit + 100 })}
					/>
				</li>
			</ul>
		</nav>
	);
}

function TicketButton(props: {
	row: TicketRow;
	isChosen: boolean;
	isStop: boolean;
	isUnseen: boolean;
}) {
	const { sections, look } = useConsole();
	const { id, subject, status, requester, updatedAt } = props.row;
	const now = sections.clock.base + Date.now() * sections.clock.speed;
	const choose = (): void => look({ ticket: id, commentLimit: 60 });
	return (
		<button
			type="button"
			class={props.isUnseen ? 'ticket-row is-unseen' : 'ticket-row'}
			data-item
			data-goal={props.isStop ? 'tickets' : undefined}
			tabIndex={props.isStop ? 0 : -1}
			aria-current={props.isChosen}
			onClick={choose}
			onFocus={choose}
		>
			<span class="ticket-row-top">
				<StatusPill status={status} />
				<span class="number">#{id}</span>
				<time dateTime={isoOf(updatedAt)}>{shortly(updatedAt, now)}</time>
			</span>
			<span class="ticket-subject">
				<bdi>{subject}</bdi>
			</span>
			<span class="ticket-requester">
				<bdi>{requester}</bdi>
			</span>
			{props.isUnseen && <span class="sr-only">changed since you looked</span>}
		</button>
	);
}

/** A ticket that an agent opens by hand, for the customer who is chosen. */
function NewTicket({ onClose }: { onClose: () => void }) {
	const { thread } = useConsole().sections;
	const [subject, setSubject] = useState('');
	const [body, setBody] = useState('');
	const { isBusy, error, run } = useAction();
	if (thread === null) return null;
	const open = async (): Promise<void> => {
		const { profileId } = thread;
		if (await run(() => act('/console/ticket', { profileId, subject, body }))) onClose();
	};
	return (
		<Dialog title={`New ticket for ${thread.name}`} onClose={onClose}>
			<form
				onSubmit={(event) => {
					event.preventDefault();
					void open();
				}}
			>
				<label class="field">
					<span>Subject</span>
					<input
						required
						value={subject}
						onInput={(event) => setSubject(event.currentTarget.value)}
					/>
				</label>
				<label class="field">
					<span>First comment, public</span>
					<textarea
						required
						rows={4}
						value={body}
						onInput={(event) => setBody(event.currentTarget.value)}
					/>
				</label>
				<Failure words={error} />
				<div class="dialog-foot">
					<button type="button" onClick={onClose}>
						Cancel
					</button>
					<button type="submit" class="primary" disabled={isBusy}>
						Open ticket
					</button>
				</div>
			</form>
		</Dialog>
	);
}
