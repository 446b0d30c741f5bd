import { at, type TemplateSketch } from './canvas';
import { isFalse, isTrue, switchNode } from './conditions';
import { end, klaviyo, onceEach, setFields, start, withErrors, writeCount, zendesk } from './nodes';
import { branchesOf, overviewOf } from './words';

const period = { since: '={{ $json.since }}', returnAll: true };

export const backfill: TemplateSketch = {
	file: '06-backfill-past-tickets.json',
	name: '06 Backfill past tickets',
	overview: overviewOf({
		title: '06 Backfill past tickets',
		what: 'For marketers who start with template 03. Past tickets become events on Klaviyo profiles, dated when they happened, and each profile gets its open ticket count. No flow is started.',
		needs: 'The Zendesk credential must belong to an admin.',
		steps: [
			'In *How far back*, choose how far back to go (90 days).',
			'Press **Execute workflow**. 10,000 tickets take some minutes.',
			'If it was stopped, run it again: what is already recorded is left out.',
		],
		more: 'Zendesk lists when tickets were opened and closed, but not when they were solved or reopened. Template 03 records that from now on.',
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
				returned: 'events',
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
				'What happened?',
				{
					nobody: isFalse('$json.tracked'),
					'not seen': isFalse('$json.confirmed ?? true'),
					known: isTrue('$json.duplicate ?? false'),
				},
				'recorded',
			),
		),
		at(5.6, -1.35, end('No profile')),
		at(5.6, -0.45, end('Not seen in Klaviyo yet')),
		at(5.6, 0.45, end('Already there')),
		at(5.6, 1.35, end('Recorded')),
		at(4, 1.5, end('Klaviyo refused it')),
		at(
			2,
			3.8,
			zendesk('Get tickets', 'ticket', 'getMany', {
				returned: 'tickets',
				...period,
				filters: { includeDeleted: true },
			}),
		),
		at(3, 3.8, onceEach('Each customer once', 'requesterId')),
		at(4, 3.8, withErrors(zendesk('Count open tickets', 'ticket', 'countOpen'))),
		at(5, 3.3, withErrors(writeCount)),
		at(6, 2.8, end('Count written')),
		at(6, 3.8, end('Count not written')),
		at(5, 4.3, end('Not counted')),
	],
	links: {
		Start: ['How far back'],
		'How far back': [['Get past events', 'Get tickets']],
		'Get past events': ['Track past ticket'],
		'Track past ticket': ['What happened?', 'Klaviyo refused it'],
		'What happened?': ['No profile', 'Not seen in Klaviyo yet', 'Already there', 'Recorded'],
		'Get tickets': ['Each customer once'],
		'Each customer once': ['Count open tickets'],
		'Count open tickets': ['Write count', 'Not counted'],
		'Write count': ['Count written', 'Count not written'],
	},
	notes: [
		{
			name: 'Events',
			text: branchesOf('Past events, many at a time', {
				'not seen': 'Klaviyo accepted it, but does not show it yet. Run this again in an hour.',
				known: 'recorded before, by template 03 or an earlier run.',
				nobody: 'the customer has neither an e-mail address nor a phone number (*reason*).',
			}),
			columns: [2, 5.6],
		},
		{
			name: 'Counts',
			text: '**The open ticket count** is written once for each customer, to each of their profiles, for the segment of template 05. This takes about a second per customer. It also corrects counts that were too high, for example after tickets were deleted.',
			columns: [2, 6],
			side: 'below',
		},
	],
};
