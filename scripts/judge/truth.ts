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

export interface Truth {
	tickets: TruthTicket[];
	users: Array<Pick<SandboxUser, 'id' | 'role' | 'email' | 'phone'>>;
	profiles: Array<
		Pick<SandboxProfile, 'id' | 'email' | 'phone' | 'smsMarketing' | 'smsTransactional'>
	>;
	/** Klaviyo's events by profile id, oldest first. */
	timelines: Record<string, Array<Pick<SandboxEvent, 'metric' | 'at' | 'uniqueId'>>>;
	/** Texts by number, oldest first. */
	phones: Record<string, SandboxPhoneMessage[]>;
}

export function truthOf({ zendesk, klaviyo }: Pick<Sandbox, 'zendesk' | 'klaviyo'>): Truth {
	const profiles = klaviyo.profiles();
	const numbers = profiles.flatMap(({ phone }) => phone ?? []);
	return {
		tickets: zendesk.tickets(),
		users: zendesk.users(),
		profiles,
		timelines: Object.fromEntries(profiles.map(({ id }) => [id, klaviyo.timeline(id)])),
		phones: Object.fromEntries(numbers.map((number) => [number, klaviyo.phone(number)])),
	};
}
