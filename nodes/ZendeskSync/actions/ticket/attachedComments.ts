/** Comments that accompany a message on its ticket, each at most once: pictures, a warning, the history of a new ticket. */
import { type Channel, conversationChannelOf } from '../../../../domain/channel';
import { MAX_FILES } from '../../../../domain/conversation/bounds';
import { toHtml } from '../../../../domain/conversation/commentHtml';
import { toHistoryHtml } from '../../../../domain/conversation/historyHtml';
import type { StoredMessage } from '../../api/ticketStore';

export interface AttachedOf {
	/** Empty if files are not to be attached. */
	media: string[];
	/** Whether to warn agents that the message may have unsubscribed the customer. */
	warns: boolean;
	/** The parameter's value. */
	history: unknown[];
	/** The message's own. */
	channel: Channel;
}

/** On WhatsApp an opt-out ends marketing, and replies go on for the 24 hours. */
const warningOn = (channel: Channel): string =>
	conversationChannelOf(channel) === 'whatsapp'
		? 'Klaviyo may have unsubscribed the customer from WhatsApp because of this message. A reply may still reach them within 24 hours of it.'
		: 'Klaviyo may have unsubscribed the customer from SMS because of this message. A reply by SMS may not reach them: please check their consent in Klaviyo, or answer another way.';

const suffixed = ({ key, flowKey }: Pick<StoredMessage, 'key' | 'flowKey'>, suffix: string) => ({
	key: `${key}/${suffix}`,
	...(flowKey ? { flowKey: `${flowKey}/${suffix}` } : {}),
});

/** @returns how many files are not attached, in words; '' for none */
const leftOf = (media: readonly string[]): string => {
	const count = media.length - MAX_FILES;
	if (count <= 0) return '';
	return count === 1 ? '1 more file is not attached' : `${count} more files are not attached`;
};

/** @param message the message's first piece */
export function attachedOf(
	message: StoredMessage,
	{ media, warns, history, channel }: AttachedOf,
): StoredMessage[] {
	const { sentAt, newTicket, key, flowKey } = message;
	const time = new Date(sentAt).toISOString();
	const attachedTo = (
		suffix: string,
		html: string,
		more: Partial<Pick<StoredMessage, 'isNote' | 'media'>> & { onlyIfOpened?: boolean },
	): StoredMessage => {
		const { onlyIfOpened = false, isNote = true, ...rest } = more;
		const identity = suffixed(message, suffix);
		return {
			...identity,
			sentAt,
			html,
			sentNote: '',
			marker: { ...identity, sentAt: time },
			newTicket,
			isNote,
			attachedTo: { message: { key, flowKey }, onlyIfOpened },
			...rest,
		};
	};
	const shownTime = time.slice(0, 16).replace('T', ' ');
	const historyHtml = toHistoryHtml(history, { channel: conversationChannelOf(channel) });
	const left = leftOf(media);
	return [
		...(historyHtml ? [attachedTo('history', historyHtml, { onlyIfOpened: true })] : []),
		...(warns ? [attachedTo('warning', toHtml(warningOn(channel)), {})] : []),
		...(media.length > 0
			? [
					attachedTo(
						'media',
						`<em>Sent with the message of ${shownTime} UTC${left ? `. ${left}: see the links in the message` : ''}</em>`,
						{
							isNote: false,
							media: { urls: media.slice(0, MAX_FILES), left, faults: [] },
						},
					),
				]
			: []),
	];
}
