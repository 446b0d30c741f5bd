import { useState } from 'preact/hooks';
import type { CommentView, TicketView } from '../../shapes';
import { act } from '../state/api';
import { useConsole } from '../state/console';
import { dayOf, isoOf, timeOf } from '../state/time';
import { Empty, More, Segments, statusNames, Words } from './basics';
import { Composer } from './Composer';
import { History } from './History';
import { Icon } from './Icon';
import { settable, settableOf } from './statuses';
import { TicketFields } from './TicketFields';
import { TicketMore } from './TicketMore';
import { useStickyEnd } from './useStickyEnd';

const parts = [
	{ name: 'conversation', words: 'Conversation' },
	{ name: 'history', words: 'History' },
] as const;

export function Ticket() {
	const { sections, looking, look, desk, setDesk } = useConsole();
	const { ticket } = sections;
	if (ticket === null) return <Empty icon="ticket" title="Choose a ticket from the list" />;
	const { requester } = ticket;
	const isShown = requester.profileId === looking.customer;
	return (
		<article class="ticket" aria-label={`Ticket ${ticket.id}`}>
			<header class="ticket-head">
				<div class="ticket-line">
					<h3>
						<span class="number">#{ticket.id}</span> <bdi>{ticket.subject}</bdi>
					</h3>
					<TicketMore key={ticket.id} ticket={ticket} />
				</div>
				<div class="ticket-line">
					<p class="ticket-of">
						<bdi>{requester.name}</bdi>
						{requester.phone !== null && <span> · {requester.phone}</span>}
						{requester.profileId !== null && !isShown && (
							<button
								type="button"
								class="link"
								onClick={() =>
									look({
										customer: requester.profileId ?? '',
										...(ticket.channel === null ? {} : { channel: ticket.channel }),
									})
								}
							>
								Show this customer
							</button>
						)}
					</p>
					<Segments
						label="Part of the ticket"
						options={parts}
						chosen={desk.part}
						onChoose={(part) => setDesk({ part })}
					/>
				</div>
				<TicketFields key={ticket.id} ticket={ticket} />
			</header>
			{desk.part === 'history' ? (
				<History ticket={ticket} />
			) : (
				<>
					<Comments key={ticket.id} ticket={ticket} />
					<Answer key={`answer ${ticket.id}`} ticket={ticket} />
				</>
			)}
		</article>
	);
}

function Comments({ ticket }: { ticket: TicketView }) {
	const { looking, look } = useConsole();
	const { comments } = ticket;
	const box = useStickyEnd(ticket.id, comments.length);
	return (
		<div
			class="comments scroll"
			ref={box}
			tabIndex={0}
			role="log"
			aria-label={`Comments on ticket ${ticket.id}`}
		>
			<More
				count={ticket.earlierComments}
				words="Show earlier"
				onMore={() => look({ commentLimit: looking.commentLimit + 100 })}
			/>
			{comments.map((comment, at) => (
				<Comment key={comment.id} comment={comment} before={comments[at - 1]} />
			))}
		</div>
	);
}

function Comment(props: { comment: CommentView; before: CommentView | undefined }) {
	const { comment, before } = props;
	const { author, isStaff, isPublic, isByApi, body, at, attachments } = comment;
	const isNewDay = before === undefined || dayOf(before.at) !== dayOf(at);
	const side = isPublic ? (isStaff ? 'is-staff' : 'is-customer') : 'is-note';
	return (
		<>
			{isNewDay && <p class="day">{dayOf(at)}</p>}
			<div class={`comment ${side}`}>
				<header>
					<strong>
						<bdi>{author}</bdi>
					</strong>
					{!isPublic && (
						<span class="note-mark">
							<Icon name="note" /> Internal note
						</span>
					)}
					{isByApi && <span class="by-api">by API</span>}
					<time dateTime={isoOf(at)} title={isoOf(at)}>
						{timeOf(at)}
					</time>
				</header>
				<Words>{body}</Words>
				{attachments.map(({ fileName, size }) => (
					<span key={fileName} class="picture">
						<Icon name="picture" /> <bdi>{fileName}</bdi> ({Math.ceil(size / 1024)} kB)
					</span>
				))}
			</div>
		</>
	);
}

const ways = [
	{ name: 'reply', words: 'Public reply' },
	{ name: 'note', words: 'Internal note' },
] as const;

/** The agent's answer: public, or only for colleagues. */
function Answer({ ticket }: { ticket: TicketView }) {
	const { sections, desk, setDesk } = useConsole();
	const { way } = desk;
	const [status, setStatus] = useState('');
	const isNote = way === 'note';
	if (ticket.status === 'closed')
		return (
			<p class="notice">
				This ticket is closed for good. The customer’s next message opens a new one.
			</p>
		);
	const send = async (body: string): Promise<void> => {
		await act('/reply', {
			ticketId: ticket.id,
			body,
			public: !isNote,
			status: settableOf(status),
		});
		setStatus('');
	};
	const agent = sections.setup.agents.find(({ id }) => id === sections.setup.agentId)?.name ?? '';
	return (
		<Composer
			class={isNote ? 'is-note' : ''}
			label={isNote ? 'Internal note' : 'Public reply'}
			placeholder={
				isNote ? 'Only agents see this' : `Reply as ${agent} to ${ticket.requester.name}`
			}
			goal="reply note"
			button={isNote ? 'Add note' : 'Send'}
			onSend={send}
		>
			<Segments
				label="Who sees it"
				options={ways}
				chosen={way}
				onChoose={(chosen) => setDesk({ way: chosen })}
			/>
			<select
				aria-label="Status after sending"
				value={status}
				onChange={(event) => setStatus(event.currentTarget.value)}
			>
				<option value="">Keep {statusNames[ticket.status]}</option>
				{settable
					.filter((name) => name !== ticket.status)
					.map((name) => (
						<option key={name} value={name}>
							and set {statusNames[name]}
						</option>
					))}
			</select>
		</Composer>
	);
}
