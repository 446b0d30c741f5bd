/** Business rules that act at once: which of them an update fires, and what they change. */
import type { TicketStatus } from '../../domain/items';
import type { Comment, TicketState, Trigger } from './model';
import { isStaff, type Store } from './store';
import type { FieldChange } from './ticketChanges';

/** What triggers see of an update. */
export interface Update {
	isCreation: boolean;
	/** Undefined for a new ticket. */
	statusBefore: TicketStatus | undefined;
	comment: Comment | undefined;
	act: { actorId: number };
}

/** The first matching trigger that has not acted yet. Nothing acts on a closed ticket. */
export function firing(
	store: Store,
	state: TicketState,
	update: Update,
	fired: ReadonlySet<number>,
): Trigger | undefined {
	if (state.status === 'closed') return undefined;
	return [...store.triggers.values()].find(
		(trigger) => !fired.has(trigger.id) && holds(store, trigger, state, update),
	);
}

function holds(
	store: Store,
	{ when }: Trigger,
	state: TicketState,
	{ isCreation, statusBefore, comment, act }: Update,
): boolean {
	const author = store.users.get(comment?.authorId ?? act.actorId);
	const is: Record<keyof Trigger['when'], unknown> = {
		update: isCreation ? 'create' : 'change',
		comment: comment === undefined ? 'none' : comment.public ? 'public' : 'internal',
		by: isStaff(author) ? 'staff' : 'customer',
		status: state.status,
		statusChanged: statusBefore !== state.status,
		tag: state.tags.find((tag) => tag === when.tag),
	};
	const wanted = Object.keys(when) as Array<keyof Trigger['when']>;
	return wanted.every((name) => when[name] === undefined || when[name] === is[name]);
}

export const changeBy = ({ then }: Trigger, { tags }: TicketState): FieldChange => ({
	...(then.status === undefined ? {} : { status: then.status }),
	...(then.addTag === undefined ? {} : { tags: [...new Set([...tags, then.addTag])] }),
});
