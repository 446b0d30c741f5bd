import { at, type PlacedNode, type Sketch, type TemplateSketch } from './canvas';
import { ifNode } from './conditions';
import { end, klaviyo, start, withErrors, zendesk } from './nodes';
import { overviewOf } from './words';

/** Something that an account needs once: created, found, or not created. */
const lane = (what: string, row: number, make: Sketch): PlacedNode[] => [
	at(1, row, withErrors(make)),
	at(
		2,
		row - 0.5,
		ifNode(`${what}: any warnings?`, { value: '$json.warnings ?? []', is: 'notEmpty' }),
	),
	at(3, row - 1, end(`${what}: read the warnings`)),
	at(3, row - 0.05, end(`${what} ready`)),
	at(2, row + 0.6, end(`${what} not created`)),
];

const linksOf = (what: string, maker: string): TemplateSketch['links'] => ({
	[maker]: [`${what}: any warnings?`, `${what} not created`],
	[`${what}: any warnings?`]: [`${what}: read the warnings`, `${what} ready`],
});

export const setUp: TemplateSketch = {
	file: '05-set-up-both-accounts.json',
	name: '05 Set up both accounts',
	overview: overviewOf({
		title: '05 Set up both accounts',
		what: 'Creates what the other templates work best with. Run it once. What already exists is left as it is, so running it twice does no harm.',
		needs: 'The Zendesk credential must belong to an admin.',
		steps: [
			'In *Create closing automation*, choose how long a solved conversation can still be reopened (24 hours).',
			'In *Create customer fields*, choose the parts that agents may see.',
			'Press **Execute workflow** and open the nodes on the right.',
		],
	}),
	nodes: [
		at(0, 3.3, start),
		...lane('View', 0, zendesk('Create conversation view', 'setup', 'createConversationView')),
		...lane(
			'Automation',
			2.2,
			zendesk('Create closing automation', 'setup', 'createClosingAutomation'),
		),
		...lane(
			'Fields',
			4.4,
			zendesk('Create customer fields', 'setup', 'createCustomerFields', {
				parts: ['consent', 'value', 'orders', 'lists', 'segments'],
			}),
		),
		at(1, 6.6, withErrors(klaviyo('Create segment', 'segment', 'createOpenTicket'))),
		at(2, 6.1, end('Segment ready')),
		at(2, 7.2, end('Segment not created')),
	],
	links: {
		Start: [
			[
				'Create conversation view',
				'Create closing automation',
				'Create customer fields',
				'Create segment',
			],
		],
		...linksOf('View', 'Create conversation view'),
		...linksOf('Automation', 'Create closing automation'),
		...linksOf('Fields', 'Create customer fields'),
		'Create segment': ['Segment ready', 'Segment not created'],
	},
	notes: [
		{
			name: 'What is made',
			text: '**View**: conversations by SMS and WhatsApp that wait, for agents.\n\n**Automation**: closes solved ones, so that a later message opens a new one.\n\n**Fields**: of customers, for the customer card (template 08).\n\n**Segment**: people with open tickets, to leave out of campaigns. Template 03 keeps the counts up to date; template 06 counts past tickets.',
			columns: [0, 1],
		},
		{
			name: 'Branches',
			text: '**ready**: created now (*outcome* created) or earlier (*exists*).\n\n**read the warnings**: it is turned off, does not work as requested, or another automation misses tickets.\n\n**not created**: *error* says why. Often a permission is missing: run template 00.',
			columns: [2, 3],
		},
	],
};
