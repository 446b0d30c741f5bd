/** What a step of the README may say, and what its reader does then. */
import type { Player } from './player';
import type { Step } from './steps';

interface Rule {
	says: RegExp;
	/** @param names what n8n shows, as far as the matched words name it */
	play(player: Player, names: string[]): Promise<void> | void;
}

const eachOf =
	(act: (player: Player, name: string) => Promise<void> | void): Rule['play'] =>
	async (player, names) => {
		for (const name of names) await act(player, name);
	};

/** In the order in which a step is followed, after its commands. */
const rules: Rule[] = [
	{ says: /restart n8n/, play: async (player) => await player.restart() },
	{
		says: /\*\*Create the credentials\*\*.*?\./,
		play: async (player, names) => await player.createCredentials(names),
	},
	{
		says: /\*\*Import the templates\.\*\*/,
		play: async (player) => await player.areImported(),
	},
	{
		says: /Open _[^_]+_ and execute it/,
		play: eachOf(async (player, name) => await player.execute(name)),
	},
	{ says: /If _[^_]+_ turns red/, play: eachOf((player, name) => player.isSeen(name)) },
	{
		says: /\*\*Publish\*\* .*?\./,
		play: eachOf(async (player, name) => await player.publish(name)),
	},
	{
		says: /\*\*Text\*\* your Klaviyo number from a phone/,
		play: async (player) => await player.text(),
	},
	{ says: /Reply in Zendesk/, play: async (player) => await player.reply() },
];

const namesIn = (words: string): string[] =>
	[...words.matchAll(/_([^_]+)_/g)].map(([, name = '']) => name);

const saidIn = ({ words }: Step): Array<Rule & { said: string }> =>
	rules.flatMap((rule) => {
		const [said] = rule.says.exec(words) ?? [];
		return said === undefined ? [] : [{ ...rule, said }];
	});

/** @returns why the step cannot be followed: it says nothing that is known here, or names something with which nothing is done */
export function faultOf(step: Step): string | undefined {
	const { number, words, commands, names } = step;
	const said = saidIn(step);
	const done = said.flatMap((one) => namesIn(one.said));
	const left = names.filter((name) => !done.includes(name));
	const isKnown = commands.length + said.length > 0;
	if (isKnown && left.length === 0) return undefined;
	const about = isKnown ? `'${left.join("', '")}' in step` : 'Step';
	return `${about} ${number} of the README is not known to scripts/readme/rules.ts: ${words}`;
}

/** Does what a step says. */
export async function play(player: Player, step: Step): Promise<void> {
	for (const command of step.commands) {
		player.say(`${step.number}. $ ${command}`);
		await player.run(command);
	}
	for (const rule of saidIn(step)) {
		player.say(`${step.number}. ${rule.said.replace(/\*\*/g, '')}`);
		await rule.play(player, namesIn(rule.said));
	}
}
