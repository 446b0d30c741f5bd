import { showsTagged, viewConditions } from '../../domain/agentView';
import {
	closesAfter,
	closesTagged,
	closingConditions,
	type ClosingRule,
	mayMissTickets,
	sameConditions,
} from '../../domain/closing';

const rule = (operator: string, hours: string, more: Partial<ClosingRule> = {}): ClosingRule => ({
	title: 'Close',
	isActive: true,
	all: [
		{ field: 'status', operator: 'is', value: 'solved' },
		{ field: 'SOLVED', operator, value: hours },
		{ field: 'current_tags', operator: 'includes', value: 'sms whatsapp' },
	],
	any: [],
	actions: [{ field: 'status', value: 'closed' }],
	...more,
});

describe('A closing automation', () => {
	it('that is created here closes after the given hours, and has no window trap', () => {
		const made = rule('', '', { all: closingConditions(24, 'sms') });
		expect(closesAfter(made)).toBe(24);
		expect(mayMissTickets(made)).toBe(false);
		expect(closesTagged(made, 'sms')).toBe(true);
		expect(sameConditions([...made.all].reverse(), made.all)).toBe(true);
		expect(sameConditions(closingConditions(25, 'sms'), made.all)).toBe(false);
	});

	it.each([
		['greater_than', 97, false],
		['greater_than_business_hours', 97, false],
		['is', 96, true],
		['is_business_hours', 96, true],
	])(
		'with the operator %s closes after %s hours, in its own hour only: %s',
		(operator, hours, trap) => {
			expect(closesAfter(rule(operator, '96'))).toBe(hours);
			expect(mayMissTickets(rule(operator, '96'))).toBe(trap);
		},
	);

	it('is one for the tag only when nothing else decides', () => {
		const found = (more: Partial<ClosingRule>, tag = 'sms') =>
			closesTagged(rule('greater_than', '23', more), tag);
		const { all } = rule('greater_than', '23');
		expect(found({})).toBe(true);
		expect(found({}, 'mail')).toBe(false);
		expect(found({ all: all.slice(0, 2) }, 'mail')).toBe(true);
		expect(found({ isActive: false })).toBe(false);
		expect(found({ actions: [{ field: 'priority', value: 'low' }] })).toBe(false);
		expect(found({ any: [{ field: 'priority', operator: 'is', value: 'low' }] })).toBe(false);
		expect(found({ all: [...all, { field: 'group_id', operator: 'is', value: '1' }] })).toBe(false);
	});
});

describe('A view of conversations', () => {
	const shows = (all: ClosingRule['all'], more: Partial<ClosingRule> = {}, tag = 'whatsapp') =>
		showsTagged(rule('', '', { all, ...more }), tag);
	const own = viewConditions('sms whatsapp');

	it('that is created here shows all unsolved tickets with one of its tags', () => {
		expect(shows(own)).toBe(true);
		expect(shows(own, {}, 'sms')).toBe(true);
		expect(shows(own, {}, 'app')).toBe(false);
	});

	it('is none for the tag if anything else decides', () => {
		const [status, tags] = own;
		expect(shows(own.slice(0, 1))).toBe(true);
		expect(shows([])).toBe(false);
		expect(shows(own, { isActive: false })).toBe(false);
		expect(shows(own, { any: [{ field: 'group_id', operator: 'is', value: '1' }] })).toBe(false);
		expect(shows([...own, { field: 'group_id', operator: 'is', value: '1' }])).toBe(false);
		expect(shows(own.map((one) => (one === status ? { ...one, value: 'hold' } : one)))).toBe(false);
		expect(
			shows(own.map((one) => (one === tags ? { ...one, operator: 'not_includes' } : one))),
		).toBe(false);
	});
});
