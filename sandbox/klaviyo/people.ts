import type { SandboxEvent, SandboxKlaviyo, SandboxProfile } from '../types';
import { isAllowedEndpoint } from '../webhookSender';
import { setConsent } from './consent';
import { addFlowWebhook } from './flowWebhooks';
import type { Klaviyo } from './context';
import { klaviyoMarketing } from './marketing';
import { canReceiveSms } from './jsonApi';
import type { Event, Profile } from './model';
import { findProfile, makeProfile, windowEnd } from './profiles';
import { klaviyoMetric } from './metricNames';
import { apiKey, brandPhone, oauthClient } from './store';
import { addMessageFlow } from './messageFlows';

/** What customers and the brand's people do, and what a test can look at. */
export function klaviyoPeople(klaviyo: Klaviyo): SandboxKlaviyo {
	const { core, store, messaging } = klaviyo;
	return {
		url: klaviyo.baseUrl(),
		account: { apiKey, oauthClientId: oauthClient.id, oauthClientSecret: oauthClient.secret },
		brandPhone: brandPhone,
		/** A profile with a phone can receive messages, unless stated otherwise. */
		addProfile(wanted) {
			const profile = makeProfile(core, store, {
				email: wanted.email ?? null,
				phone_number: wanted.phone ?? null,
				first_name: wanted.firstName ?? null,
			});
			const at = core.clock.now();
			const subscribed = { state: 'SUBSCRIBED', at, detail: 'Sandbox' } as const;
			const hasPhone = profile.phone !== null;
			if (wanted.smsMarketing ?? hasPhone) profile.marketing = subscribed;
			if (wanted.smsTransactional ?? false) profile.transactional = subscribed;
			if (wanted.whatsAppMarketing ?? false) profile.whatsApp.marketing = subscribed;
			if (wanted.id !== undefined) {
				store.profiles.delete(profile.id);
				profile.id = wanted.id;
				store.profiles.set(profile.id, profile);
			}
			core.changes.announce();
			return profileOf(profile);
		},
		profiles: () => [...store.profiles.values()].map(profileOf),
		customerWrites(message) {
			const [event] = messaging.receive([message]);
			if (event === undefined) throw new Error('The message was not recorded');
			return eventOf(event);
		},
		customersMessage: (messages) => messaging.receive(messages).map(eventOf),
		brandWrites(message) {
			const profile =
				findProfile(store, { phone_number: message.to }) ??
				makeProfile(core, store, { phone_number: message.to });
			const { channel = 'sms' } = message;
			if (channel === 'sms' && !canReceiveSms(profile))
				throw new Error(`${message.to} is not subscribed to SMS`);
			return eventOf(messaging.send(profile, message.body, message.kind, { channel }));
		},
		setConsent(profileId, consent) {
			const profile = store.profiles.get(profileId);
			if (profile === undefined) throw new Error(`There is no profile ${profileId}`);
			setConsent(klaviyo, profile, consent);
		},
		addFlowWebhook({ metric: name, url, headers = {}, body }) {
			const metric = klaviyoMetric(name);
			if (!metric) throw new Error(`Klaviyo has no metric '${name}'`);
			if (!isAllowedEndpoint(url)) throw new Error('A flow posts to https addresses only');
			return addFlowWebhook(core, store, { metric, url, headers, body }).id;
		},
		addMessageFlow: (flow) => addMessageFlow(klaviyo, { channel: 'sms', ...flow }).id,
		marketing: klaviyoMarketing(klaviyo),
		timeline: (profileId) => store.events.ofProfile(profileId).map(eventOf),
		phone: (phone) => [...store.phone(phone)],
		webhooks: () =>
			[...store.webhooks.values()].map(({ id, name, endpoint, enabled, topics }) => ({
				id,
				name,
				endpoint,
				enabled,
				topics: [...topics],
			})),
	};
}

function profileOf(profile: Profile): SandboxProfile {
	const end = windowEnd(profile);
	return {
		id: profile.id,
		email: profile.email,
		phone: profile.phone,
		firstName: profile.names.first_name ?? null,
		smsMarketing: profile.marketing.state === 'SUBSCRIBED',
		smsTransactional: profile.transactional.state === 'SUBSCRIBED',
		whatsAppMarketing: profile.whatsApp.marketing.state === 'SUBSCRIBED',
		whatsAppUntil: end === undefined ? null : new Date(end).toISOString(),
		properties: { ...profile.properties },
	};
}

function eventOf(event: Event): SandboxEvent {
	return {
		id: event.id,
		metric: event.metric.name,
		profileId: event.profileId,
		at: new Date(event.at).toISOString(),
		uniqueId: event.uniqueId,
		properties: event.properties,
	};
}
