import { stamp } from '../clock';
import { isStaff } from './store';
import type { Ticket } from './model';
import type { Zendesk } from './context';

const MINUTE = 60_000;
const isDone = (status: string): boolean => status === 'solved' || status === 'closed';

/** Without a schedule, an account's business hours are all hours. */
const inMinutes = (from: number, to: number | undefined): Record<string, number | null> => {
	const minutes = to === undefined ? null : Math.floor((to - from) / MINUTE);
	return { calendar: minutes, business: minutes };
};

/** What Zendesk counts of a ticket. */
export function metricSetJson({ store }: Zendesk, ticket: Ticket): Record<string, unknown> {
	const { createdAt, audits, comments } = ticket;
	const answers = comments
		.slice(1)
		.filter((comment) => comment.public && isStaff(store.users.get(comment.authorId)));
	const changes = audits.map(({ status, createdAt: at }, index) => ({
		at,
		isDone: isDone(status),
		wasDone: index > 0 && isDone(audits[index - 1]?.status ?? ''),
	}));
	const solved = changes.filter((change) => change.isDone && !change.wasDone);
	const solvedAt = isDone(ticket.state.status) ? solved.at(-1)?.at : undefined;
	return {
		ticket_id: ticket.id,
		created_at: stamp(createdAt),
		updated_at: stamp(ticket.state.updatedAt),
		replies: answers.length,
		reopens: changes.filter((change) => change.wasDone && !change.isDone).length,
		solved_at: solvedAt === undefined ? null : stamp(solvedAt),
		reply_time_in_minutes: inMinutes(createdAt, answers[0]?.createdAt),
		first_resolution_time_in_minutes: inMinutes(createdAt, solved[0]?.at),
		full_resolution_time_in_minutes: inMinutes(createdAt, solvedAt),
	};
}

/** What `include=metric_sets` adds beside the tickets. */
export const metricSets = (
	zendesk: Zendesk,
	tickets: readonly Ticket[],
	include: string | undefined,
): Record<string, unknown> =>
	isAsked(include) && zendesk.core.switches.metricSets === 'beside'
		? { metric_sets: tickets.map((ticket) => metricSetJson(zendesk, ticket)) }
		: {};

/** What it adds to a ticket. */
export const ownMetricSet = (
	zendesk: Zendesk,
	ticket: Ticket,
	include: string | undefined,
): Record<string, unknown> =>
	isAsked(include) && zendesk.core.switches.metricSets === 'inside'
		? { metric_set: metricSetJson(zendesk, ticket) }
		: {};

const isAsked = (include: string | undefined): boolean =>
	(include ?? '').split(',').includes('metric_sets');
