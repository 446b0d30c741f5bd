import type { Klaviyo } from '../../klaviyo/context';

import { canReceiveSms } from '../../klaviyo/jsonApi';
import type { PhoneMessage, Profile } from '../../klaviyo/model';
import { windowEnd } from '../../klaviyo/profiles';
import { brandPhone } from '../../klaviyo/store';
import type {
	CustomerRow,
	Listed,
	Looking,
	ProfileView,
	ThreadView,
	WhatsAppView,
} from '../shapes';

type Store = Klaviyo['store'];

/** A profile's name for people. */
export function nameOf({ names, email, phone }: Profile): string {
	const full = [names.first_name, names.last_name].filter(Boolean).join(' ');
	return full || email || phone || 'Nameless';
}

/** Customers who match the search, those with the latest message first. */
export function customersView(store: Store, looking: Looking): Listed<CustomerRow> {
	const wanted = looking.customerSearch.trim().toLowerCase();
	const all = [...store.profiles.values()].map((profile) => {
		const last = profile.phone === null ? undefined : store.phone(profile.phone).at(-1);
		return { profile, last, at: last === undefined ? 0 : Date.parse(last.at) };
	});
	const matching = all.filter(({ profile }) =>
		[nameOf(profile), profile.phone, profile.email].some((part) =>
			part?.toLowerCase().includes(wanted),
		),
	);
	matching.sort((a, b) => b.at - a.at || b.profile.createdAt - a.profile.createdAt);
	return {
		total: all.length,
		matching: matching.length,
		rows: matching.slice(0, looking.customerLimit).map(({ profile, last, at }) => ({
			id: profile.id,
			name: nameOf(profile),
			phone: profile.phone,
			email: profile.email,
			last:
				last === undefined
					? null
					: { words: atAGlance(last), isInbound: last.direction === 'in', at },
		})),
	};
}

function atAGlance({ body, mediaUrl }: PhoneMessage): string {
	return body.slice(0, 80) || (mediaUrl === undefined ? 'Without words' : 'Picture');
}

const whatsAppOf = (profile: Profile): WhatsAppView => ({
	displayName: profile.whatsApp.lastMessage?.displayName ?? profile.names.first_name ?? 'Guest',
	until: windowEnd(profile) ?? null,
});

/** One app of the chosen customer's phone, oldest message first. */
export function threadView(store: Store, looking: Looking): ThreadView | null {
	const profile = store.profiles.get(looking.customer);
	if (profile === undefined) return null;
	const all = profile.phone === null ? [] : store.phone(profile.phone);
	const { channel } = looking;
	const counts = { sms: 0, rcs: 0, whatsapp: 0 };
	for (const message of all) counts[message.channel] += 1;
	const messages = all.filter((message) => message.channel === channel);
	return {
		profileId: profile.id,
		name: nameOf(profile),
		phone: profile.phone,
		canReceive: canReceiveSms(profile),
		messages: messages.slice(-looking.threadLimit),
		earlier: Math.max(0, messages.length - looking.threadLimit),
		channel,
		counts,
		whatsApp: whatsAppOf(profile),
	};
}

/** The chosen customer as Klaviyo knows them. */
export function profileView(store: Store, looking: Looking): ProfileView | null {
	const profile = store.profiles.get(looking.customer);
	if (profile === undefined) return null;
	const events = [...store.events.ofProfile(profile.id)];
	// A stable sort: within a second, the one recorded last comes first.
	const newest = events.reverse().sort((a, b) => b.at - a.at);
	return {
		id: profile.id,
		name: nameOf(profile),
		firstName: profile.names.first_name ?? null,
		lastName: profile.names.last_name ?? null,
		email: profile.email,
		phone: profile.phone,
		marketing: profile.marketing,
		transactional: profile.transactional,
		whatsAppMarketing: profile.whatsApp.marketing,
		whatsApp: whatsAppOf(profile),
		properties: profile.properties,
		timeline: {
			total: events.length,
			matching: events.length,
			rows: newest
				.slice(0, looking.timelineLimit)
				.map(({ id, metric, at, uniqueId, properties }) => ({
					id,
					metric: metric.name,
					at,
					uniqueId,
					properties,
				})),
		},
	};
}

/** A number reserved for fiction (555-01xx) that no customer has yet, for a new one. */
export function freePhone(store: Store): string {
	const taken = new Set([...store.profiles.values()].map(({ phone }) => phone));
	for (const area of ['202', '212', '312', '415', '617'])
		for (let line = 11; line <= 99; line += 1) {
			const phone = `+1${area}55501${line}`;
			if (phone !== brandPhone && !taken.has(phone)) return phone;
		}
	return '';
}
