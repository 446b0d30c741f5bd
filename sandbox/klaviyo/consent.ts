import type { Klaviyo } from './context';

import { SUBSCRIBED, UNSUBSCRIBED } from './messaging';
import type { Consent, Profile } from './model';
import { setWhatsAppConsent } from './profiles';

/** Consent given or withdrawn outside of messaging: on a form, or by a person in Klaviyo. */
export function setConsent(
	{ core, messaging }: Klaviyo,
	profile: Profile,
	{
		marketing,
		transactional,
		whatsAppMarketing,
	}: { marketing?: boolean; transactional?: boolean; whatsAppMarketing?: boolean },
): void {
	const now = core.clock.now();
	const made = (isGiven: boolean): Consent => ({
		state: isGiven ? 'SUBSCRIBED' : 'UNSUBSCRIBED',
		at: now,
		detail: 'Sandbox',
	});
	const detail = { Method: 'Sandbox', 'To Number': profile.phone };
	const isGiven = ({ state }: Consent): boolean => state === 'SUBSCRIBED';
	if (transactional !== undefined && transactional !== isGiven(profile.transactional))
		profile.transactional = made(transactional);
	if (marketing !== undefined && marketing !== isGiven(profile.marketing)) {
		profile.marketing = made(marketing);
		messaging.record((marketing ? SUBSCRIBED : UNSUBSCRIBED).sms, profile, detail);
	}
	if (
		whatsAppMarketing !== undefined &&
		whatsAppMarketing !== isGiven(profile.whatsApp.marketing)
	) {
		setWhatsAppConsent(core, profile, whatsAppMarketing, 'Sandbox');
		messaging.record((whatsAppMarketing ? SUBSCRIBED : UNSUBSCRIBED).whatsapp, profile, detail);
	}
	profile.updatedAt = now;
	core.changes.announce();
}
