/** How a builder sets the rules of screening. */
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
	description: `${description}, separated by commas. Klaviyo tells nobody which words an account uses: enter yours, in every language you use.`,
});

export const screeningOptions: INodeProperties[] = [
	keywordField('automation', 'Automation Keywords', 'Words that start an automated conversation'),
	keywordField(
		'compliance',
		'Compliance Keywords',
		'Words that, on their own, confirm or restart a subscription',
	),
	keywordField('help', 'Help Keywords', 'Words that always open a ticket'),
	{
		displayName: 'Include Recent History',
		name: 'includeRecentHistory',
		type: 'number',
		typeOptions: { minValue: 0, maxValue: 100 },
		default: 0,
		description:
			"How many messages of the conversation before this one, both ways, to add as 'history' to a message that opens a ticket; 0 for none. It costs up to five more calls to Klaviyo for each customer. When the history cannot be read the message goes on without it, and 'historyError' says why.",
	},
	{
		displayName: 'Match Keywords',
		name: 'match',
		type: 'options',
		options: [
			{
				name: 'Contains Word',
				value: 'containsWord',
				description: "A keyword counts wherever it stands in the message (Klaviyo's default)",
			},
			{
				name: 'Whole Message',
				value: 'wholeMessage',
				description: 'A keyword counts only when the message is nothing else',
			},
		],
		default: 'containsWord',
		description: 'Set it as in your Klaviyo account. STOP counts everywhere in the United States.',
	},
	{
		displayName: 'Open on Longer Opt-Out',
		name: 'openOnOptOutInMessage',
		type: 'boolean',
		default: false,
		description:
			'Whether a message such as "I want to cancel my order" opens a ticket. Klaviyo unsubscribes its sender, who can then not be answered by SMS.',
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
		match: options.match ?? 'containsWord',
		openOnOptOutInMessage: options.openOnOptOutInMessage ?? false,
	};
}
