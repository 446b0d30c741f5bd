/** What an answer says of a profile: who a customer is, what they can receive, and which conversations are theirs. */
import type { IDataObject } from 'n8n-workflow';
import { z } from 'zod';
import type { ConversationChannel } from '../../../domain/channel';
import { toE164 } from '../../../domain/phone';
import type { ShownWindow } from '../../../domain/reply/permission';
import type { Consent } from '../../../domain/screening';
import {
	type ConsentEnd,
	conversationResource,
	profileResource,
	type ProfileResource,
} from './wire';

export type ConversationIds = Readonly<Partial<Record<ConversationChannel, string>>>;

export interface Profile {
	id: string;
	email: string | null;
	/** E.164. */
	phone: string | null;
	externalId: string | null;
	firstName: string | null;
	lastName: string | null;
	/** Custom properties. */
	properties: Readonly<Record<string, unknown>>;
	consent: Consent;
	whatsAppWindow: ShownWindow;
	/** Whether the customer may be sent WhatsApp templates; null if Klaviyo does not show it. */
	mayBeSentTemplates: boolean | null;
	/** The number that the customer writes from on WhatsApp, E.164: it may be another one. Null if Klaviyo does not say. */
	whatsAppPhone: string | null;
	/** One exists from the customer's first message on the channel on. Empty too if they were not asked for. */
	conversationIds: ConversationIds;
	/** As Klaviyo sent it. */
	raw: IDataObject;
}

const rawResource = z.record(z.unknown());

/** A profile as it is, and as far as it is understood. */
export const profileItem = rawResource
	.transform((raw) => ({ raw, resource: raw }))
	.pipe(z.object({ raw: rawResource, resource: profileResource }));

/** @param included what the answer includes, such as conversations */
export function profileOf(
	{ raw, resource }: z.infer<typeof profileItem>,
	included: readonly unknown[] = [],
): Profile {
	const { id, attributes } = resource;
	const sms = attributes.subscriptions?.sms;
	return {
		id,
		email: attributes.email ?? null,
		phone: toE164(attributes.phone_number) ?? attributes.phone_number ?? null,
		externalId: attributes.external_id ?? null,
		firstName: attributes.first_name ?? null,
		lastName: attributes.last_name ?? null,
		properties: attributes.properties ?? {},
		consent: {
			canReceiveMarketing: sms?.marketing?.can_receive_sms_marketing ?? false,
			canReceiveTransactional: sms?.transactional?.can_receive_sms_transactional ?? false,
			endedAt: endOf([sms?.marketing, sms?.transactional]),
		},
		whatsAppPhone: toE164(attributes.subscriptions?.whatsapp?.conversational?.phone_number),
		whatsAppWindow: shownWindow(attributes.subscriptions?.whatsapp?.conversational),
		mayBeSentTemplates: templatesPermission(attributes.subscriptions?.whatsapp),
		conversationIds: conversationsOf(resource, included),
		raw: raw as IDataObject,
	};
}

type Permission = { can_receive?: boolean | null | undefined } | null | undefined;

/** A flow's template is sent as marketing or as transactional, as the builder has set it. */
function templatesPermission(
	shown: { marketing?: Permission; transactional?: Permission } | null | undefined,
): boolean | null {
	const known = [shown?.marketing, shown?.transactional].flatMap((one) => one?.can_receive ?? []);
	return known.length === 0 ? null : known.includes(true);
}

function shownWindow(
	shown: { can_receive?: boolean | null; valid_until?: string | null } | null | undefined,
): ShownWindow {
	const end = Date.parse(shown?.valid_until ?? '');
	return { canReceive: shown?.can_receive ?? null, validUntil: Number.isNaN(end) ? null : end };
}

/** When the last of the withdrawn consents was withdrawn. */
function endOf(consents: ReadonlyArray<ConsentEnd | null | undefined>): number | undefined {
	const ends = consents
		.filter((one) => one?.consent === 'UNSUBSCRIBED')
		.flatMap((one) => [one?.consent_timestamp, one?.last_updated])
		.map((time) => Date.parse(time ?? ''))
		.filter((time) => !Number.isNaN(time));
	return ends.length > 0 ? Math.max(...ends) : undefined;
}

/**
 * A profile has one conversation per channel. Older revisions give a single one, not a list, without its channel: that of
 * SMS. A conversation whose channel is not shown, or is not known here, is taken for none.
 */
export function conversationsOf(
	{ relationships }: ProfileResource,
	included: readonly unknown[],
): ConversationIds {
	const related = relationships?.conversations?.data ?? relationships?.conversation?.data ?? [];
	const ids = [related].flat().map(({ id }) => id);
	const shown = included.flatMap((resource) => {
		const parsed = conversationResource.safeParse(resource);
		return parsed.success && ids.includes(parsed.data.id) ? [parsed.data] : [];
	});
	const on = (channel: ConversationChannel): string | undefined =>
		shown.find(({ attributes }) => attributes?.channel?.toLowerCase() === channel)?.id;
	const only = Array.isArray(related) || shown.length > 0 ? undefined : related.id;
	return { sms: on('sms') ?? only, whatsapp: on('whatsapp') };
}
