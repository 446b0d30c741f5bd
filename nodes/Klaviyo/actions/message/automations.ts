/** Looks up whether messages are left to an automation that answers beside us. */
import { sleep } from 'n8n-workflow';
import {
	type AutomationRules,
	type AutomationSigns,
	isLeftToAutomation,
} from '../../../../domain/automation';
import type { Channel } from '../../../../domain/channel';
import {
	leaveToAutomation,
	type ScreenedMessage,
	type Screening,
} from '../../../../domain/screening';
import { asRefusal } from '../../../shared/transport';
import { automationSigns } from '../../api/automation';
import type { Klaviyo } from '../../api/client';

interface Asked {
	message: ScreenedMessage & { channel: Channel };
	/** Null if Klaviyo has no such profile. */
	profileId: string | null;
	/** Undefined if nothing is left to an automation. */
	rules: AutomationRules | undefined;
	/** Milliseconds that the message should be old. */
	wait: number;
}

/** Reads what is known of a customer once, however many messages they have in the execution. */
export class Automations {
	private readonly known = new Map<string, Promise<AutomationSigns>>();

	constructor(private readonly klaviyo: Klaviyo) {}

	/**
	 * Never throws: a message of which it cannot be told opens its ticket.
	 *
	 * @returns the decision; and why it could not be told, if so
	 */
	async leave(
		screening: Screening,
		{ message, profileId, rules, wait }: Asked,
	): Promise<Screening & { automationError?: string }> {
		if (!rules || !screening.opensTicket || profileId === null) return screening;
		const sentAt = message.sentAt ?? Date.now();
		const { body, channel } = message;
		try {
			await sleep(Math.min(wait, Math.max(0, sentAt + wait - Date.now())));
			const signs = await this.signsOf({ profileId, channel, sentAt, leaveTo: rules.leaveTo });
			const isLeft = isLeftToAutomation({ body, channel, sentAt }, signs, Date.now(), rules);
			return leaveToAutomation(screening, isLeft);
		} catch (error) {
			return { ...screening, automationError: asRefusal(this.klaviyo, error).message };
		}
	}

	private async signsOf(of: Parameters<typeof automationSigns>[1]): Promise<AutomationSigns> {
		// By the hour: the messages of one customer in an execution may be days apart.
		const hour = Math.floor(of.sentAt / 3_600_000);
		const name = [of.profileId, of.channel, of.leaveTo, hour].join(' ');
		const known = this.known.get(name) ?? automationSigns(this.klaviyo, of);
		this.known.set(name, known);
		return await known;
	}
}
