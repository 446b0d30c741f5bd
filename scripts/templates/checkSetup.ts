import { at, type PlacedNode, type TemplateSketch } from './canvas';
import { isTrue, switchNode } from './conditions';
import { end, klaviyo, start, zendesk } from './nodes';
import { branchesOf, overviewOf } from './words';

const lane = (vendor: string, row: number, check: PlacedNode): PlacedNode[] => [
	check,
	at(
		2,
		row,
		switchNode(
			`In place in ${vendor}?`,
			{ 'in place': isTrue('$json.ok === true'), missing: isTrue('$json.ok === false') },
			'not known',
		),
	),
	at(3.6, row - 1, end(`${vendor}: in place`)),
	at(3.6, row, end(`${vendor}: missing`)),
	at(3.6, row + 1, end(`${vendor}: not known`)),
];

const linksOf = (vendor: string): TemplateSketch['links'] => ({
	[`Check ${vendor}`]: [`In place in ${vendor}?`],
	[`In place in ${vendor}?`]: [`${vendor}: in place`, `${vendor}: missing`, `${vendor}: not known`],
});

export const checkSetup: TemplateSketch = {
	file: '00-check-your-setup.json',
	name: '00 Check your setup',
	overview: overviewOf({
		title: '00 Check your setup',
		what: 'Checks whether your two accounts have each permission and feature that the other templates need, and says how to fix what is missing. It writes no tickets, messages or profiles.',
		steps: [
			'Choose your credentials in *Check Klaviyo* and *Check Zendesk*.',
			'Press **Execute workflow**.',
			'Open the nodes on the right: *detail* says what was found, *howToFix* what to do, and *neededFor* what it is needed for.',
		],
		more: 'Webhooks of this package that were turned off are turned on again. To leave them off, add the option *Re-Enable Webhooks* to both checks and turn it off.',
	}),
	nodes: [
		at(0, 1.7, start),
		...lane('Klaviyo', 0, at(1, 0, klaviyo('Check Klaviyo', 'account', 'checkSetup'))),
		...lane('Zendesk', 3.4, at(1, 3.4, zendesk('Check Zendesk', 'account', 'checkSetup'))),
	],
	links: {
		Start: [['Check Klaviyo', 'Check Zendesk']],
		...linksOf('Klaviyo'),
		...linksOf('Zendesk'),
	},
	notes: [
		{
			name: 'Branches',
			text: branchesOf('For each account', {
				'in place': 'nothing to do.',
				missing: 'if you need what *neededFor* names, fix it and run this again.',
				'not known':
					'it could not be determined, or only once a real message arrives: *detail* says why.',
			}),
			columns: [1, 3.6],
		},
	],
};
