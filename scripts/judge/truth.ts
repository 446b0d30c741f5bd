/** What there is, as the sandbox knows it: the answer of its `GET /state`, or the same read in this process. */
import type {
	Sandbox,
	SandboxEvent,
	SandboxPhoneMessage,
	SandboxProfile,
	SandboxTicket,
	SandboxUser,
} from '../../sandbox/types';

export interface Truth {
	tickets: SandboxTicket[];
	users: SandboxUser[];
	profiles: SandboxProfile[];
	/** Klaviyo's events by profile id, oldest first. */
	timelines: Record<string, SandboxEvent[]>;
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
