/** Options for the rules of screening. */
import type { INodeProperties } from 'n8n-workflow';
import type { Channel } from '../../../../domain/channel';
import {
	defaultKeywords,
	defaultKeywordsOn,
	type Keywords,
	keywordList,
} from '../../../../domain/keywords';
import type { AutomationRules } from '../../../../domain/automation';
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

const PERSON_KEYWORDS = 'agent, human, person, representative, someone';
/** Seconds. */
const DEFAULT_WAIT = 20;

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
	{
		displayName: 'Leave to Automation',
		name: 'leaveTo',
		type: 'options',
		options: [
			{
				name: 'Automatic Answers',
				value: 'automaticAnswers',
				description:
					"Messages to which an automatic answer comes within 'Patience (Minutes)'. It may be an answer that solves nothing.",
			},
			{
				name: 'Customer Agent',
				value: 'customerAgent',
				description:
					"Messages in a conversation of Klaviyo's Customer Agent, until it is escalated. Known from the Customer Agent's events.",
			},
			{ name: 'Nothing', value: 'nothing', description: 'Messages open tickets, whoever answers' },
		],
		default: 'nothing',
		description:
			"Which messages open no ticket because an automation of Klaviyo's answers them. They have the reason leftToAutomation, and catch-up brings them again: what the automation has not dealt with then opens a ticket. What cannot be told opens one. Costs one or two more calls for each customer.",
	},
	keywordField(
		'optOut',
		'Opt-Out Keywords',
		'Words that end all messages',
		'Without this option, these are STOP, STOPALL, UNSUBSCRIBE, CANCEL, END and QUIT on WhatsApp. ',
	),
	{
		displayName: 'Patience (Minutes)',
		name: 'patience',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: 30,
		description:
			"With 'Leave to Automation': how long after a message the automation may take. A message that it has not dealt with by then opens a ticket the next time that catch-up brings it.",
	},
	{
		displayName: 'Person Keywords',
		name: 'personKeywords',
		type: 'string',
		default: PERSON_KEYWORDS,
		description:
			"With 'Leave to Automation': words with which customers ask for a person, separated by commas, in every language you use. A message with one of them opens a ticket at once.",
	},
	keywordField('subscribe', 'Subscribe Keywords', 'Words that subscribe to messages'),
	{
		displayName: 'Wait for Automation (Seconds)',
		name: 'waitForAutomation',
		type: 'number',
		typeOptions: { minValue: 0, maxValue: 60 },
		default: DEFAULT_WAIT,
		description:
			"With 'Leave to Automation': how old a message should be before its automation is looked for. A message comes within a second, before an automation has begun to answer, and would open a ticket.",
	},
];

export type ScreeningOptions = AutomationOptions &
	Partial<Record<keyof Keywords, string>> & {
		includeRecentHistory?: number;
		match?: KeywordMatch;
		openOnOptOutInMessage?: boolean;
	};

interface AutomationOptions {
	leaveTo?: 'automaticAnswers' | 'customerAgent' | 'nothing';
	patience?: number;
	personKeywords?: string;
	waitForAutomation?: number;
}

/** @returns undefined if nothing is left to an automation */
export function automationRulesOf({
	leaveTo,
	patience,
	personKeywords = PERSON_KEYWORDS,
}: ScreeningOptions): AutomationRules | undefined {
	if (leaveTo !== 'customerAgent' && leaveTo !== 'automaticAnswers') return undefined;
	const minutes = Math.max(1, Number(patience ?? 30) || 30);
	return { leaveTo, patience: minutes * 60_000, personKeywords: keywordList(personKeywords) };
}

/** Milliseconds that a message should be old before its automation is looked for. */
export const waitOf = ({ waitForAutomation }: ScreeningOptions): number =>
	Math.min(60, Math.max(0, Number(waitForAutomation ?? DEFAULT_WAIT) || 0)) * 1000;

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
