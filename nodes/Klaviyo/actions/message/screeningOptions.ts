/** Options for the rules of screening. */
import type { INodeProperties } from 'n8n-workflow';
import { defaultKeywords, type Keywords, keywordList } from '../../../../domain/keywords';
import type { KeywordMatch, ScreeningRules } from '../../../../domain/screening';

const keywordField = (
	name: keyof Keywords,
	displayName: string,
	description: string,
): INodeProperties => ({
	displayName,
	name,
	type: 'string',
	default: defaultKeywords[name].join(', '),
	description: `${description}, separated by commas. Klaviyo's API does not provide your keywords: enter them here, in every language you use.`,
});

export const screeningOptions: INodeProperties[] = [
	keywordField('automation', 'Automation Keywords', 'Words that start an automated conversation'),
	keywordField(
		'compliance',
		'Compliance Keywords',
		'Words that, on their own, confirm or restart a subscription',
	),
	keywordField(
		'help',
		'Help Keywords',
		'Words that always open a ticket. On WhatsApp only if you add this option',
	),
	{
		displayName: 'Include Recent History',
		name: 'includeRecentHistory',
		type: 'number',
		typeOptions: { minValue: 0, maxValue: 100 },
		default: 0,
		description:
			"How many earlier messages of the conversation, inbound and outbound, to add as 'history' to a message that opens a ticket. 0 for none. Costs up to five more calls to Klaviyo for each customer. If the history cannot be read, the message continues without it, and 'historyError' says why.",
	},
	{
		displayName: 'Match Keywords',
		name: 'match',
		type: 'options',
		options: [
			{
				name: 'Contains Word',
				value: 'containsWord',
				description: "A keyword counts anywhere in the message (Klaviyo's default)",
			},
			{
				name: 'Whole Message',
				value: 'wholeMessage',
				description: 'A keyword counts only if it is the whole message',
			},
		],
		default: 'containsWord',
		description:
			'How to match keywords. Choose the same as in your Klaviyo account. In the United States, STOP counts anywhere in a message.',
	},
	{
		displayName: 'Open on Opt-Out in a Sentence',
		name: 'openOnOptOutInMessage',
		type: 'boolean',
		default: false,
		description:
			'Whether a message such as "I want to cancel my order" opens a ticket. Klaviyo unsubscribes its sender, so you cannot reply to them by SMS. On WhatsApp you can for 24 hours.',
	},
	keywordField('optOut', 'Opt-Out Keywords', 'Words that end all messages'),
	keywordField('subscribe', 'Subscribe Keywords', 'Words that subscribe to messages'),
];

export type ScreeningOptions = Partial<Record<keyof Keywords, string>> & {
	includeRecentHistory?: number;
	match?: KeywordMatch;
	openOnOptOutInMessage?: boolean;
};

export function rulesOf(options: ScreeningOptions): ScreeningRules {
	const listOf = (name: keyof Keywords): readonly string[] => {
		const typed = options[name];
		return typed === undefined ? defaultKeywords[name] : keywordList(typed);
	};
	return {
		keywords: {
			automation: listOf('automation'),
			compliance: listOf('compliance'),
			help: listOf('help'),
			optOut: listOf('optOut'),
			subscribe: listOf('subscribe'),
		},
		helpsOnWhatsApp: options.help !== undefined,
		match: options.match ?? 'containsWord',
		openOnOptOutInMessage: options.openOnOptOutInMessage ?? false,
	};
}
