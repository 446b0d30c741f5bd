/** The sandbox's state: the answer of its `GET /state`, or the same read in this process. */
import type {
	Sandbox,
	SandboxComment,
	SandboxEvent,
	SandboxPhoneMessage,
	SandboxProfile,
	SandboxTicket,
	SandboxUser,
} from '../../sandbox/types';

export type TruthTicket = Pick<
	SandboxTicket,
	'id' | 'subject' | 'status' | 'externalId' | 'requesterId' | 'createdAt' | 'audits'
> & {
	comments: Array<
		Pick<SandboxComment, 'id' | 'authorId' | 'body' | 'htmlBody' | 'public' | 'createdAt'>
	>;
};

/** How late events are seen if no vendor was down, milliseconds. */
export const SEEN_WITHIN = 30 * 60_000;

export interface Truth {
	/**
	 * A message or reply is processed within this many milliseconds: changes before that (consent, closing the ticket) may
	 * count or not. Longer if a vendor was down.
	 */
	seenWithin: number;
	tickets: TruthTicket[];
	users: Array<Pick<SandboxUser, 'id' | 'role' | 'email' | 'phone'>>;
	profiles: Array<
		Pick<SandboxProfile, 'id' | 'email' | 'phone' | 'smsMarketing' | 'smsTransactional'>
	>;
	/** Klaviyo's events by profile id, oldest first. */
	timelines: Record<string, Array<Pick<SandboxEvent, 'metric' | 'at' | 'uniqueId'>>>;
	/** Messages by number, oldest first. */
	phones: Record<string, SandboxPhoneMessage[]>;
}

export function truthOf(
	{ zendesk, klaviyo }: Pick<Sandbox, 'zendesk' | 'klaviyo'>,
	seenWithin = SEEN_WITHIN,
): Truth {
	const profiles = klaviyo.profiles();
	const phones = profiles.flatMap(({ phone }) => phone ?? []);
	return {
		seenWithin,
		tickets: zendesk.tickets(),
		users: zendesk.users(),
		profiles,
		timelines: Object.fromEntries(profiles.map(({ id }) => [id, klaviyo.timeline(id)])),
		phones: Object.fromEntries(phones.map((phone) => [phone, klaviyo.phone(phone)])),
	};
}
