/**
 * When a trigger was published for the first time: what happened before is not delivered, unless the builder asks for it.
 * A restart, another publication or an update of the package changes nothing about it. A publication that fails is none,
 * although n8n goes on polling after it.
 */
import type { IHookFunctions, INodeProperties, IPollFunctions } from 'n8n-workflow';
import { z } from 'zod';
import { processMemory } from './processMemory';
import { savedByNode, savedName } from './savedByNode';

type Context = Pick<
	IHookFunctions | IPollFunctions,
	'getWorkflow' | 'getNode' | 'getWorkflowStaticData'
>;

/** Milliseconds since 1970. */
const saved = savedByNode('firstPublications', z.number());

/** n8n saves what a poll writes only when it has found something, or when the workflow is published. */
const known = processMemory<number>();

/** Triggers whose first publication has begun in this process, and has not succeeded yet. Milliseconds since 1970. */
const begun = processMemory<{ at: number; hasFailed: boolean }>();

/** Milliseconds. n8n gives a publication less. After that, a poll does not wait for what it may never hear. */
const MOST_FOR_PUBLISHING = 300_000;

/** Milliseconds by which the clocks of n8n and the vendor may differ. */
const CLOCKS = 60_000;

const HOUR = 3600_000;

/**
 * To be called when a trigger is published, and by each poll. The first call of all is the first publication.
 *
 * @returns milliseconds since 1970
 */
export function firstPublication(context: Context): number {
	const name = savedName(context);
	const before = saved.get(context);
	const now = Date.now();
	const time = Math.min(now, before ?? known.get(name) ?? now);
	if (before === undefined && !known.has(name) && !begun.has(name))
		begun.set(name, { at: now, hasFailed: false });
	known.set(name, time);
	if (before === undefined && !begun.has(name)) saved.set(context, time);
	return time;
}

/** From now on it is saved when the first publication was. */
export function publicationSucceeded(context: Context): void {
	begun.delete(savedName(context));
	firstPublication(context);
}

/** After a first publication that failed, the next one is the first. */
export function publicationFailed(context: Context): void {
	const name = savedName(context);
	if (!begun.has(name)) return;
	begun.set(name, { at: Date.now(), hasFailed: true });
	known.delete(name);
}

/**
 * Whether a poll has nothing to do: the trigger has never been published. n8n polls for the first time while it registers
 * the webhook, and goes on polling if that fails.
 */
export function isUnpublished(context: Context): boolean {
	const name = savedName(context);
	// A poll between two publications is not the beginning of the second.
	if (begun.get(name)?.hasFailed) return true;
	firstPublication(context);
	const one = begun.get(name);
	return one !== undefined && Date.now() - one.at < MOST_FOR_PUBLISHING;
}

export const firstPublicationOption: INodeProperties = {
	displayName: 'Also Events Before the First Publication (Hours)',
	name: 'beforeFirstPublication',
	type: 'number',
	typeOptions: { minValue: 0 },
	default: 0,
	description:
		"How many hours of events from before this trigger was first published it delivers as well, up to 'Look Back (Hours)'. For older history, see template 06.",
};

/**
 * @param hours as set in `firstPublicationOption`
 * @returns milliseconds since 1970: nothing older is delivered
 */
export const earliestEvent = (context: Context, hours: number): number =>
	firstPublication(context) - hours * HOUR - CLOCKS;
