/**
 * A day passes in the middle of the run: WhatsApp's 24 hours end for customers who wrote before it and not since, and agents
 * answer some of them nevertheless.
 */
import type { People } from '../people';
import { LONG_STEP, type Passing } from './passing';

const HOUR = 3_600_000;

/** When a share of the script is over. Between the two outages, if there are any. */
const FALLS_AT = 0.5;
/** What happened before it comes at all of its ages, in small steps. After that, nothing is left to do. */
const DUSK = 0.5 * HOUR;
const NIGHT = 24 * HOUR;
/** Polling more often finds the same. */
const NIGHT_STEP = 6 * HOUR;

/** At least, if there is anybody to answer. */
const LATE_REPLIES = 2;

export class Night {
	private isOver = false;

	constructor(
		private readonly people: Pick<People, 'does'>,
		private readonly passing: Passing,
		/** Resolves when every part of n8n is running. */
		private readonly ready: () => Promise<void>,
		private readonly say: (line: string) => void,
	) {}

	/** @param share of the script that is over, from 0 to 1 */
	async at(share: number): Promise<void> {
		if (this.isOver || share < FALLS_AT) return;
		this.isOver = true;
		await this.ready();
		this.say('moving the clocks by a day');
		await this.passing.pass(DUSK, LONG_STEP);
		await this.passing.pass(NIGHT, NIGHT_STEP);
		this.say('the day is over');
		for (let reply = 0; reply < LATE_REPLIES; reply++) this.people.does('lateReply');
	}
}
