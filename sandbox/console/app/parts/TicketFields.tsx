import { useState } from 'preact/hooks';
import type { TicketView } from '../../shapes';
import { act, useAction } from '../state/api';
import { useConsole } from '../state/console';
import { Failure, statusNames } from './basics';
import { Icon } from './Icon';
import { settable } from './statuses';

/** The fields that an agent sets beside the conversation. Each change is saved at once. */
export function TicketFields({ ticket }: { ticket: TicketView }) {
	const { agents } = useConsole().sections.setup;
	const { error, run } = useAction();
	const isClosed = ticket.status === 'closed';
	const update = (change: object): void =>
		void run(() => act('/update', { ticketId: ticket.id, ...change }));
	const statuses = [...new Set([ticket.status, ...settable])];
	return (
		<div class="fields">
			<select
				class={`status-choice status-${ticket.status}`}
				aria-label="Status"
				value={ticket.status}
				disabled={isClosed}
				onChange={(event) => update({ status: event.currentTarget.value })}
			>
				{statuses.map((status) => (
					<option key={status} value={status}>
						{statusNames[status]}
					</option>
				))}
			</select>
			<select
				aria-label="Assignee"
				value={ticket.assigneeId ?? ''}
				disabled={isClosed}
				onChange={(event) => update({ assigneeId: event.currentTarget.value })}
			>
				{ticket.assigneeId === null && <option value="">Unassigned</option>}
				{agents.map(({ id, name }) => (
					<option key={id} value={id}>
						{name}
					</option>
				))}
			</select>
			<Tags ticket={ticket} onChange={(tags) => update({ tags })} />
			<Failure words={error} />
		</div>
	);
}

function Tags(props: { ticket: TicketView; onChange: (tags: string[]) => void }) {
	const { tags, status } = props.ticket;
	const [typed, setTyped] = useState('');
	const isClosed = status === 'closed';
	const add = (): void => {
		const added = typed.trim().split(/\s+/).filter(Boolean);
		if (added.length > 0) props.onChange([...new Set([...tags, ...added])]);
		setTyped('');
	};
	return (
		<ul class="tags" aria-label="Tags">
			{tags.map((tag) => (
				<li key={tag} class="tag">
					<bdi>{tag}</bdi>
					{!isClosed && (
						<button
							type="button"
							aria-label={`Remove the tag ${tag}`}
							onClick={() => props.onChange(tags.filter((other) => other !== tag))}
						>
							<Icon name="close" />
						</button>
					)}
				</li>
			))}
			{!isClosed && (
				<li>
					<input
						class="tag-input"
						aria-label="Add tags"
						placeholder="+ Tag"
						value={typed}
						onInput={(event) => setTyped(event.currentTarget.value)}
						onKeyDown={(event) => {
							if (event.key !== 'Enter' || event.isComposing) return;
							event.preventDefault();
							add();
						}}
						onBlur={add}
					/>
				</li>
			)}
		</ul>
	);
}
