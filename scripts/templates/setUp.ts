import { at, type PlacedNode, type Sketch, type TemplateSketch } from './canvas';
import { ifNode } from './conditions';
import { end, klaviyo, start, withErrors, zendesk } from './nodes';
import { overviewOf } from './words';

/** A thing that the accounts need once: made, found, or not made. */
const lane = (what: string, row: number, make: Sketch): PlacedNode[] => [
	at(1, row, withErrors(make)),
	at(
		2,
		row - 0.5,
		ifNode(`${what}: any warnings?`, { value: '$json.warnings ?? []', is: 'notEmpty' }),
	),
	at(3, row - 1, end(`${what}: read the warnings`)),
	at(3, row - 0.05, end(`${what} is there`)),
	at(2, row + 0.6, end(`${what} not made`)),
];

const linksOf = (what: string, maker: string): TemplateSketch['links'] => ({
	[maker]: [`${what}: any warnings?`, `${what} not made`],
	[`${what}: any warnings?`]: [`${what}: read the warnings`, `${what} is there`],
});

export const setUp: TemplateSketch = {
	file: '05-set-up-both-accounts.json',
	name: '05 Set up both accounts',
	overview: overviewOf({
		title: '05 Set up both accounts',
		what: 'For whoever sets this up, once: makes what the other templates work best with. What is there already is left as it is, so running it twice does no harm.',
		needs: 'The Zendesk credential has to be that of an admin.',
		steps: [
			'In *Create closing automation*, choose how long a solved conversation can still be reopened (24 hours).',
			'If your tickets have another tag than *sms*, change it in both Zendesk nodes.',
			'Press **Execute workflow**, and open the nodes at the right.',
		],
	}),
	nodes: [
		at(0, 2.2, start),
		...lane('View', 0, zendesk('Create SMS view', 'setup', 'createSmsView')),
		...lane(
			'Automation',
			2.2,
			zendesk('Create closing automation', 'setup', 'createClosingAutomation'),
		),
		at(1, 4.4, withErrors(klaviyo('Create segment', 'segment', 'createOpenTicket'))),
		at(2, 3.9, end('Segment is there')),
		at(2, 5, end('Segment not made')),
	],
	links: {
		Start: [['Create SMS view', 'Create closing automation', 'Create segment']],
		...linksOf('View', 'Create SMS view'),
		...linksOf('Automation', 'Create closing automation'),
		'Create segment': ['Segment is there', 'Segment not made'],
	},
	notes: [
		{
			name: 'What is made',
			text: '**View**: a list of SMS tickets that wait, for agents.\n\n**Automation**: closes solved SMS tickets, so that a later message opens a new one.\n\n**Segment**: people with open tickets, to leave out of campaigns. Template 03 keeps their number, 06 counts those of the past.',
			columns: [0, 1],
		},
		{
			name: 'Branches',
			text: '**is there**: made now (*outcome* created) or before (*exists*).\n\n**read the warnings**: it is turned off, works otherwise than asked for, or another automation misses tickets.\n\n**not made**: *error* says why. Often a right is missing: run template 00.',
			columns: [2, 3],
		},
	],
};
