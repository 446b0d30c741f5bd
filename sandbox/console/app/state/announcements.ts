import { useEffect, useRef, useState } from 'preact/hooks';
import type { Sections, ThreadView } from '../../shapes';

const statusWords = (status: string): string => (status === 'hold' ? 'on hold' : status);

const isSameApp = (one: ThreadView, other: ThreadView): boolean =>
	one.profileId === other.profileId && one.channel === other.channel;

/** What is new between two states of the sections, for users of a screen reader. */
function newsBetween(before: Sections, now: Sections): string[] {
	const news: string[] = [];
	const { thread, tickets, ticket } = now;
	const shown = before.thread;
	if (thread !== null && shown !== null && isSameApp(thread, shown)) {
		const known = new Set(shown.messages.map(({ eventId }) => eventId));
		for (const message of thread.messages)
			if (!known.has(message.eventId))
				news.push(
					message.direction === 'in'
						? `${thread.name} sent: ${message.body || 'something without words'}`
						: `${thread.name} got a message: ${message.body}`,
				);
	}
	const knownTickets = new Map(before.tickets.rows.map(({ id, status }) => [id, status]));
	if (tickets.total > before.tickets.total)
		for (const { id, subject } of tickets.rows)
			if (!knownTickets.has(id)) news.push(`New ticket ${id}: ${subject}`);
	for (const { id, status } of tickets.rows) {
		const known = knownTickets.get(id);
		if (known !== undefined && known !== status)
			news.push(`Ticket ${id} is now ${statusWords(status)}`);
	}
	if (ticket !== null && ticket.id === before.ticket?.id) {
		const known = new Set(before.ticket.comments.map(({ id }) => id));
		for (const comment of ticket.comments)
			if (!known.has(comment.id))
				news.push(
					`${comment.isPublic ? 'Comment' : 'Internal note'} by ${comment.author} on ticket ${ticket.id}`,
				);
	}
	return news.slice(0, 4);
}

/** The latest news in words, for a live region. */
export function useAnnouncements(sections: Sections | undefined): string {
	const before = useRef(sections);
	const [words, setWords] = useState('');
	useEffect(() => {
		if (sections !== undefined && before.current !== undefined) {
			const news = newsBetween(before.current, sections);
			if (news.length > 0) setWords(`${news.join('. ')}.`);
		}
		before.current = sections;
	}, [sections]);
	return words;
}
