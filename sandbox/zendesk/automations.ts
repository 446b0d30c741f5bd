import { ticketStatus } from '../../domain/items';
import { hour } from '../clock';
import type { Condition, Rule, TicketState } from './model';
import type { Store } from './store';
import type { FieldChange } from './ticketChanges';
import { systemUser, type Tickets } from './tickets';

/** The rules that every account starts with, and one for messages. */
export function seedAutomations(store: Store, now: number): void {
	const rule = (title: string, hours: number, tag?: string): Rule => ({
		id: store.nextId(),
		title,
		active: true,
		conditions: {
			all: [
				{ field: 'status', operator: 'is', value: 'solved' },
				{ field: 'SOLVED', operator: 'greater_than', value: String(hours) },
				...(tag === undefined ? [] : [{ field: 'current_tags', operator: 'includes', value: tag }]),
			],
			any: [],
		},
		actions: [{ field: 'status', value: 'closed' }],
		createdAt: now,
		isDefault: true,
	});
	for (const seeded of [
		rule('Close messages 24 hours after solved', 23, 'sms whatsapp'),
		rule('Close ticket 4 days after solved', 96),
	])
		store.automations.set(seeded.id, seeded);
}

/** What Zendesk does each hour: every active automation over every ticket that is not closed. */
export function runAutomations(store: Store, tickets: Tickets, now: number): void {
	for (const rule of store.automations.values()) {
		if (!rule.active) continue;
		for (const ticket of store.tickets.values()) {
			const { state } = ticket;
			if (state.deleted || state.status === 'closed') continue;
			if (!rule.conditions.all.every((condition) => holds(condition, state, now))) continue;
			if (
				rule.conditions.any.length > 0 &&
				!rule.conditions.any.some((condition) => holds(condition, state, now))
			)
				continue;
			tickets.update(ticket, changeBy(rule, state), undefined, {
				actorId: systemUser,
				channel: 'rule',
			});
		}
	}
}

const statusOrder = ['new', 'open', 'pending', 'hold', 'solved', 'closed'];

function holds({ field, operator, value }: Condition, state: TicketState, now: number): boolean {
	if (field === 'SOLVED') {
		if (state.solvedAt === null) return false;
		const hours = Math.floor((now - state.solvedAt) / hour);
		return compare(operator, hours, Number(value));
	}
	if (field === 'status')
		return compare(operator, statusOrder.indexOf(state.status), statusOrder.indexOf(value));
	if (field === 'current_tags') {
		const any = value.split(/\s+/).some((tag) => state.tags.includes(tag));
		return operator === 'not_includes' ? !any : any;
	}
	return false;
}

function compare(operator: string, left: number, right: number): boolean {
	if (operator === 'is') return left === right;
	if (operator === 'is_not') return left !== right;
	if (operator === 'greater_than') return left > right;
	return operator === 'less_than' && left < right;
}

function changeBy(rule: Rule, state: TicketState): FieldChange {
	let change: FieldChange = {};
	for (const { field, value } of rule.actions) {
		const status = ticketStatus.safeParse(value);
		if (field === 'status' && status.success) change = { ...change, status: status.data };
		if (field === 'current_tags')
			change = { ...change, tags: [...new Set([...state.tags, ...String(value).split(' ')])] };
		if (field === 'remove_tags')
			change = {
				...change,
				tags: state.tags.filter((tag) => !String(value).split(' ').includes(tag)),
			};
	}
	return change;
}
