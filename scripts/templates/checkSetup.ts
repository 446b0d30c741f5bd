import { at, type TemplateSketch } from './canvas';
import { ifNode, isTrue } from './conditions';
import { end, gather, klaviyo, start, stop, zendesk } from './nodes';
import { branchesOf, overviewOf } from './words';

/** The first item of a check sums up the others. */
const first = (vendor: string): string => `$('Check ${vendor}').first().json`;
const isReady = (vendor: string): string => `${first(vendor)}.status === 'ready'`;

const message = `={{ [${first('Klaviyo')}, ${first('Zendesk')}].filter(({ status }) => status !== 'ready').map(({ detail, howToFix }) => detail + ' ' + howToFix).join(' ') }}`;

export const checkSetup: TemplateSketch = {
	file: '00-check-your-setup.json',
	name: '00 Check your setup',
	overview: overviewOf({
		title: '00 Check your setup',
		what: 'Checks whether your two accounts have each permission and feature that the other templates need, and says how to fix what is missing. It writes no tickets, messages or profiles.',
		steps: [
			'Choose your credentials in *Check Klaviyo* and *Check Zendesk*.',
			'Press **Execute workflow**.',
			'If *Not ready* turns red, open it: it says what is missing and what to do. *Check Klaviyo* and *Check Zendesk* have the details, one item each.',
		],
		more: 'If you do not use a feature, such as system webhooks or WhatsApp, choose it in the option *Unused Features* of the check. Webhooks of this package that were turned off are turned on again, unless you turn off the option *Re-Enable Webhooks*.',
	}),
	nodes: [
		at(0, 0.6, start),
		at(1, 0, klaviyo('Check Klaviyo', 'account', 'checkSetup')),
		at(1, 1.2, zendesk('Check Zendesk', 'account', 'checkSetup')),
		at(2, 0.6, gather('Both checks', 2)),
		at(3, 0.6, ifNode('Ready?', isTrue(`${isReady('Klaviyo')} && ${isReady('Zendesk')}`))),
		at(4, 0, end('Ready')),
		at(4, 1.2, stop('Not ready', message)),
	],
	links: {
		Start: [['Check Klaviyo', 'Check Zendesk']],
		'Check Klaviyo': [{ node: 'Both checks', input: 0 }],
		'Check Zendesk': [{ node: 'Both checks', input: 1 }],
		'Both checks': ['Ready?'],
		'Ready?': ['Ready', 'Not ready'],
	},
	notes: [
		{
			name: 'Statuses',
			text: branchesOf('The status of each item', {
				missing: 'what *neededFor* names does not work. *howToFix* says what to do.',
				unknown: 'it could not be checked. Run this again.',
				limited: 'everything works without it, less well.',
				notYet: 'it shows only later, such as after the first message.',
				ready: 'nothing to do.',
			}),
			columns: [1, 4],
		},
	],
};
