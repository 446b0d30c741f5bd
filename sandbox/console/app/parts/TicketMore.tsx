import { useState } from 'preact/hooks';
import type { TicketView } from '../../shapes';
import { act, useAction } from '../state/api';
import { Failure } from './basics';
import { Icon } from './Icon';
import { Popover } from './Popover';

/** Actions that cannot be undone, one step further away. */
export function TicketMore({ ticket }: { ticket: TicketView }) {
	return (
		<Popover class="ticket-more" button={<Icon name="more" />} label="More actions">
			{(close) => <MoreToDo ticket={ticket} onDone={close} />}
		</Popover>
	);
}

function MoreToDo({ ticket, onDone }: { ticket: TicketView; onDone: () => void }) {
	const [target, setTarget] = useState(ticket.mergeable[0]?.id ?? '');
	const [isPublic, setPublic] = useState(false);
	const { isBusy, error, run } = useAction();
	const go = async (path: string, body: object): Promise<void> => {
		if (await run(() => act(path, body))) onDone();
	};
	return (
		<>
			<fieldset disabled={isBusy || target === ''}>
				<legend>Merge into</legend>
				{ticket.mergeable.length === 0 ? (
					<p class="hint">Merging needs two tickets that are not closed.</p>
				) : (
					<>
						<select
							aria-label="Ticket to merge into"
							value={target}
							onChange={(event) => setTarget(event.currentTarget.value)}
						>
							{ticket.mergeable.map(({ id, subject }) => (
								<option key={id} value={id}>
									#{id} {subject.slice(0, 60)}
								</option>
							))}
						</select>
						<label class="check">
							<input
								type="checkbox"
								checked={isPublic}
								onChange={(event) => setPublic(event.currentTarget.checked)}
							/>
							The customer sees the notices
						</label>
						<button
							type="button"
							onClick={() =>
								void go('/merge', { sourceId: ticket.id, targetId: target, public: isPublic })
							}
						>
							<Icon name="merge" /> Merge and close this one
						</button>
					</>
				)}
			</fieldset>
			<button
				type="button"
				class="danger"
				disabled={isBusy}
				onClick={() => void go('/delete', { ticketId: ticket.id })}
			>
				<Icon name="trash" /> Delete ticket
			</button>
			<Failure words={error} />
		</>
	);
}
