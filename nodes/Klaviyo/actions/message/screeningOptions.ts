/** Options for the rules of screening. */
import type { INodeProperties } from 'n8n-workflow';
import type { Channel } from '../../../../domain/channel';
import {
	defaultKeywords,
	defaultKeywordsOn,
	type Keywords,
	keywordList,
} from '../../../../domain/keywords';
import type { KeywordMatch, ScreeningRules } from '../../../../domain/screening';

const keywordField = (
	name: keyof Keywords,
	displayName: string,
	description: string,
	onWhatsApp = '',
): INodeProperties => ({
	displayName,
	name,
	type: 'string',
	default: defaultKeywords[name].join(', '),
	description: `${description}, separated by commas. ${onWhatsApp}Klaviyo's API does not provide your keywords: enter them here, in every language you use.`,
});

export const screeningOptions: INodeProperties[] = [
	keywordField('automation', 'Automation Keywords', 'Words that start an automated conversation'),
	keywordField(
		'compliance',
		'Compliance Keywords',
		'Words that, on their own, confirm or restart a subscription',
		'Without this option, only YES and Y do on WhatsApp. ',
	),
	keywordField(
		'help',
		'Help Keywords',
		'Words that always open a ticket',
		'Without this option, there are none on WhatsApp. ',
	),
	{
		displayName: 'Include Recent History',
		name: 'includeRecentHistory',
		type: 'number',
		typeOptions: { minValue: 0, maxValue: 100 },
		default: 0,
		description:
			"How many earlier messages with the customer, inbound and outbound, on all channels, to add as 'history' to a message that opens a ticket. 0 for none. Costs up to five more calls to Klaviyo for each customer and channel. If the history cannot be read, the message continues without it, and 'historyError' says why.",
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
			'How to match keywords. Choose the same as in your Klaviyo account, where WhatsApp has a setting of its own: use an expression if the two differ. In the United States, STOP counts anywhere in an SMS.',
	},
	{
		displayName: 'Open on Opt-Out in a Sentence',
		name: 'openOnOptOutInMessage',
		type: 'boolean',
		default: false,
		description:
			'Whether a message such as "I want to cancel my order" opens a ticket. Klaviyo unsubscribes its sender, so you cannot reply to them by SMS. On WhatsApp you can for 24 hours.',
	},
	keywordField(
		'optOut',
		'Opt-Out Keywords',
		'Words that end all messages',
		'Without this option, these are STOP, STOPALL, UNSUBSCRIBE, CANCEL, END and QUIT on WhatsApp. ',
	),
	keywordField('subscribe', 'Subscribe Keywords', 'Words that subscribe to messages'),
];

export type ScreeningOptions = Partial<Record<keyof Keywords, string>> & {
	includeRecentHistory?: number;
	match?: KeywordMatch;
	openOnOptOutInMessage?: boolean;
};

/** Lists that the builder did not set are those of the channel. */
export function rulesOf(options: ScreeningOptions, channel: Channel): ScreeningRules {
	const defaults = defaultKeywordsOn(channel);
	const listOf = (name: keyof Keywords): readonly string[] => {
		const typed = options[name];
		return typed === undefined ? defaults[name] : keywordList(typed);
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
