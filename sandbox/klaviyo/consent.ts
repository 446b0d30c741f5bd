import type { Klaviyo } from './context';

import type { Consent, Profile } from './model';

/** Consent given or withdrawn outside of messaging: on a form, or by a person in Klaviyo. */
export function setConsent(
	{ core, messaging }: Klaviyo,
	profile: Profile,
	{ marketing, transactional }: { marketing?: boolean; transactional?: boolean },
): void {
	const now = core.clock.now();
	const made = (isGiven: boolean): Consent => ({
		state: isGiven ? 'SUBSCRIBED' : 'UNSUBSCRIBED',
		at: now,
		detail: 'Sandbox',
	});
	const isGiven = ({ state }: Consent): boolean => state === 'SUBSCRIBED';
	if (transactional !== undefined && transactional !== isGiven(profile.transactional))
		profile.transactional = made(transactional);
	if (marketing !== undefined && marketing !== isGiven(profile.marketing)) {
		profile.marketing = made(marketing);
		messaging.record(
			marketing
				? 'Subscribed to Text Messaging Marketing'
				: 'Unsubscribed from Text Messaging Marketing',
			profile,
			{ Method: 'Sandbox', 'To Number': profile.phone },
		);
	}
	profile.updatedAt = now;
	core.changes.announce();
}
