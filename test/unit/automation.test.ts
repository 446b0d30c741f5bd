/** Which messages are left to an automation that answers beside us. */
import fc from 'fast-check';
import {
	type AgentSign,
	type AutomationRules,
	type AutomationSigns,
	isLeftToAutomation,
} from '../../domain/automation';
import { agentMetric } from '../../nodes/Klaviyo/api/automation';

const MINUTE = 60_000;
const rules: AutomationRules = {
	leaveTo: 'customerAgent',
	personKeywords: ['agent', 'human'],
	patience: 30 * MINUTE,
};
const message = (
	minute: number,
	more: { body?: string; channel?: 'sms' | 'rcs' | 'whatsapp' } = {},
) => ({
	body: 'Where is my order?',
	channel: 'sms' as const,
	sentAt: minute * MINUTE,
	...more,
});
const sign = (
	what: AgentSign['what'],
	minute: number,
	channel: AgentSign['channel'] = 'sms',
): AgentSign => ({ what, at: minute * MINUTE, channel });
const agent = (...signs: AgentSign[]): AutomationSigns => ({ agent: signs, answers: [] });
const started = sign('started', 10);

describe('With the Customer Agent', () => {
	it.each<[string, Parameters<typeof message>, AutomationSigns | undefined, number, boolean]>([
		['goes on', [12], agent(started), 12, true],
		['begins with the message, and was recorded after it', [9.5], agent(started), 11, true],
		['begins later', [8], agent(started), 11, false],
		['was resolved after it', [12], agent(started, sign('resolved', 15)), 500, true],
		['was resolved before it', [16], agent(started, sign('resolved', 15)), 16, false],
		['was escalated after it', [12], agent(started, sign('escalated', 15)), 15, false],
		['was escalated before it', [16], agent(started, sign('escalated', 15)), 16, false],
		['has begun again', [22], agent(started, sign('escalated', 15), sign('started', 21)), 22, true],
		['neither ended nor answered for too long', [12], agent(started), 42, false],
		['is on another channel', [12, { channel: 'whatsapp' }], agent(started), 12, false],
		['is by web chat', [12], agent(sign('started', 10, 'other')), 12, false],
		[
			'does not say its channel',
			[12, { channel: 'whatsapp' }],
			agent(sign('started', 10, null)),
			12,
			true,
		],
		['is by RCS, which is SMS', [12, { channel: 'rcs' }], agent(started), 12, true],
		['is not known', [12], undefined, 12, false],
		['is not there', [12], agent(), 12, false],
		[
			'is told that a person is wanted',
			[12, { body: 'Give me a HUMAN!' }],
			agent(started),
			12,
			false,
		],
	])('a message in a conversation that %s', (_name, given, signs, minute, isLeft) => {
		expect(isLeftToAutomation(message(...given), signs, minute * MINUTE, rules)).toBe(isLeft);
	});

	it('knows the order of events by their times alone', () => {
		const signs = [started, sign('resolved', 15), sign('started', 20), sign('escalated', 25)];
		fc.assert(
			fc.property(fc.shuffledSubarray(signs, { minLength: 4 }), fc.nat(60), (shuffled, minute) => {
				const now = 100 * MINUTE;
				expect(isLeftToAutomation(message(minute), agent(...shuffled), now, rules)).toBe(
					isLeftToAutomation(message(minute), agent(...signs), now, rules),
				);
			}),
		);
	});

	it('leaves no message for ever, unless its conversation was resolved after it', () => {
		const what = fc.constantFrom<AgentSign['what']>('started', 'resolved', 'escalated');
		const channel = fc.constantFrom<AgentSign['channel']>('sms', 'whatsapp', 'other', null);
		const anySign = fc.record({ what, at: fc.nat(3_600_000), channel });
		fc.assert(
			fc.property(fc.array(anySign), fc.nat(3_600_000), (signs, sentAt) => {
				const later = sentAt + rules.patience;
				const isLeft = isLeftToAutomation(message(sentAt / MINUTE), agent(...signs), later, rules);
				const isResolved = signs.some(({ what: name, at }) => name === 'resolved' && at >= sentAt);
				expect(isLeft && !isResolved).toBe(false);
			}),
		);
	});
});

describe('With automatic answers', () => {
	const byAnswers: AutomationRules = { ...rules, leaveTo: 'automaticAnswers' };
	it.each<[string, number[], number, boolean]>([
		['has had its answer', [13], 500, true],
		['may get one, since the one before did', [5], 12, true],
		['got none, although the one before did', [5], 42, false],
		['got one too late', [45], 46, false],
		['is the first', [], 12, false],
	])('a message that %s', (_name, answers, minute, isLeft) => {
		const signs = { agent: [], answers: answers.map((at) => at * MINUTE) };
		expect(isLeftToAutomation(message(12), signs, minute * MINUTE, byAnswers)).toBe(isLeft);
	});
});

it.each([
	['Started Conversation', 'started'],
	['Started Conversation with Customer Agent', 'started'],
	['Started Customer Agent Conversation', 'started'],
	['Conversation Resolved', 'resolved'],
	['Conversation with Customer Agent Resolved', 'resolved'],
	['conversation escalated ', 'escalated'],
	['Conversation with Customer Agent Escalated', 'escalated'],
	['Escalated Ticket', undefined],
	['Conversation Rated', undefined],
])('the metric %s is recognized', (name, what) => {
	expect(agentMetric(name)).toBe(what);
});
