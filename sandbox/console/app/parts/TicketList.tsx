import { useRef } from 'preact/hooks';
import type { Looking, TicketRow } from '../../shapes';
import { useConsole } from '../state/console';
import { rove } from '../state/roving';
import { isoOf, shortly } from '../state/time';
import { More, StatusPill, statusNames } from './basics';

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

export function TicketList() {
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
