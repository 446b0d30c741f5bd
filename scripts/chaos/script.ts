/** Who does what, when: seeded, in real time. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Dice } from '../../sandbox/random';
import { type Deed, HOW_OFTEN, type People } from '../people';

/** Other actions, per message and reply. */
const BESIDES = 0.35;
/** Milliseconds between the actions of a burst. */
const BURST = 150;

const replies: readonly Deed[] = ['reply', 'sameWords'];
const messages: readonly Deed[] = [
	'text',
	'severalMessages',
	'wordless',
	'optOut',
	'optIn',
	'help',
];
/** Campaigns per run; each goes to a fifth of all customers. */
const campaigns = 4;

export interface Asked {
	messages: number;
	replies: number;
	/** Actions per second. */
	pace: number;
}

/** Plays until there were enough messages and replies. People wait for `each`, which is called after every action. */
export async function play(
	people: People,
	roll: Dice,
	asked: Asked,
	each: (done: number) => Promise<void>,
): Promise<void> {
	const draw = (deeds: readonly Deed[]): Deed => {
		let at = roll() * deeds.reduce((sum, deed) => sum + HOW_OFTEN[deed], 0);
		return deeds.find((deed) => (at -= HOW_OFTEN[deed]) < 0) ?? 'text';
	};
	const others = (Object.keys(HOW_OFTEN) as Deed[]).filter(
		(deed) => !replies.includes(deed) && !messages.includes(deed) && deed !== 'campaign',
	);
	let besides = Math.round((asked.messages + asked.replies) * BESIDES);
	let campaignsLeft = campaigns;
	let due = Date.now();
	for (;;) {
		const messagesLeft = asked.messages - people.count.messages;
		const repliesLeft = asked.replies - people.count.replies;
		if (messagesLeft <= 0 && repliesLeft <= 0) return;
		const at = roll() * (messagesLeft + repliesLeft + besides);
		// The last few one by one, to reach the exact count.
		if (at < messagesLeft) people.does(messagesLeft < 5 ? 'text' : draw(messages));
		else if (at < messagesLeft + repliesLeft) people.does(draw(replies));
		else {
			besides -= 1;
			const isCampaign = campaignsLeft > 0 && roll() < campaigns / (besides + campaigns);
			if (isCampaign) campaignsLeft -= 1;
			people.does(isCampaign ? 'campaign' : draw(others));
		}
		const done = people.count.messages + people.count.replies;
		const called = Date.now();
		await each(done);
		due += Date.now() - called;
		// Bursts, and longer pauses between them, so that the average is the pace.
		const between = 1000 / asked.pace;
		const burst = Math.min(BURST, between);
		due += roll() < 0.5 ? roll() * burst : roll() * (4 * between - burst);
		await pause(Math.max(0, due - Date.now()));
	}
}
