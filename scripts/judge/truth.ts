/** What there is, as the sandbox knows it: the answer of its `GET /state`, or the same read in this process. */
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

/** How late things are seen where nobody was away, milliseconds. */
export const SEEN_WITHIN = 30 * 60_000;

export interface Truth {
	/**
	 * A message or reply is looked at within so many milliseconds: what changes before (consent, a ticket that is closed),
	 * may decide or not. Longer where a vendor was away.
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
