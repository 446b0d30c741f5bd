import { at, type TemplateSketch } from './canvas';
import { isFalse, isTrue, switchNode } from './conditions';
import { end, klaviyo, onceEach, setFields, start, withErrors, zendesk } from './nodes';
import { branchesOf, overviewOf } from './words';

const period = { since: '={{ $json.since }}', returnAll: true };

export const backfill: TemplateSketch = {
	file: '06-backfill-past-tickets.json',
	name: '06 Backfill past tickets',
	overview: overviewOf({
		title: '06 Backfill past tickets',
		what: 'For marketers who start with template 03: tickets of the past become events on the profiles of Klaviyo, at the time when they happened, and each profile gets its number of open tickets. No flow is started.',
		needs: 'The Zendesk credential has to be that of an admin.',
		steps: [
			'In *How far back*, choose how far back to go (90 days).',
			'Press **Execute workflow**. 10,000 tickets take some minutes.',
			'Run it again if it was stopped: what is recorded already is left out.',
		],
		more: 'Zendesk lists when tickets were opened and closed, but not when they were solved or reopened. That comes with template 03, from now on.',
	}),
	nodes: [
		at(0, 1.9, start),
		at(
			1,
			1.9,
			setFields('How far back', { since: '={{ $now.minus({ days: 90 }).toUTC().toISO() }}' }),
		),
		at(
			2,
			0,
			zendesk('Get past events', 'ticket', 'getMany', {
				output: 'events',
				events: ['opened', 'closed'],
				...period,
			}),
		),
		at(
			3,
			0,
			withErrors(
				klaviyo('Track past ticket', 'event', 'trackTicket', { options: { backfill: true } }),
			),
		),
		at(
			4,
			0,
			switchNode(
				'What became of it?',
				{
					nobody: isFalse('$json.tracked'),
					'not seen': isFalse('$json.confirmed ?? true'),
					known: isTrue('$json.duplicate ?? false'),
				},
				'recorded',
			),
		),
		at(5.6, -1.35, end('Nobody to record it for')),
		at(5.6, -0.45, end('Not seen in Klaviyo yet')),
		at(5.6, 0.45, end('Was there already')),
		at(5.6, 1.35, end('Recorded')),
		at(4, 1.5, end('Klaviyo refused it')),
		at(
			2,
			3.8,
			zendesk('Get tickets', 'ticket', 'getMany', {
				output: 'tickets',
				...period,
				filters: { includeDeleted: true },
			}),
		),
		at(3, 3.8, onceEach('Each customer once', 'requesterId')),
		at(4, 3.8, withErrors(zendesk('Count open tickets', 'ticket', 'countOpen'))),
		at(5, 3.3, withErrors(klaviyo('Write count', 'profile', 'upsert'))),
		at(6, 2.8, end('Count written')),
		at(6, 3.8, end('Count not written')),
		at(5, 4.3, end('Not counted')),
	],
	links: {
		Start: ['How far back'],
		'How far back': [['Get past events', 'Get tickets']],
		'Get past events': ['Track past ticket'],
		'Track past ticket': ['What became of it?', 'Klaviyo refused it'],
		'What became of it?': [
			'Nobody to record it for',
			'Not seen in Klaviyo yet',
			'Was there already',
			'Recorded',
		],
		'Get tickets': ['Each customer once'],
		'Each customer once': ['Count open tickets'],
		'Count open tickets': ['Write count', 'Not counted'],
		'Write count': ['Count written', 'Count not written'],
	},
	notes: [
		{
			name: 'Events',
			text: branchesOf('Events of the past, many at a time', {
				'not seen': 'Klaviyo took it, but does not show it yet. Run this again in an hour.',
				known: 'recorded before, by template 03 or an earlier run.',
				nobody: 'the customer has neither e-mail address nor number (*reason*).',
			}),
			columns: [2, 5.6],
		},
		{
			name: 'Counts',
			text: '**The number of open tickets**, once for each customer, for the segment of template 05, on each of their profiles. It takes about a second a customer, and puts right what was too high, as of deleted tickets.',
			columns: [2, 6],
			side: 'below',
		},
	],
};
