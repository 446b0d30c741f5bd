/** What goes with a message into its ticket, each at most once: pictures, a warning, and the history on a new ticket. */
import { MOST_FILES } from '../../../../domain/conversation/bounds';
import { toHtml } from '../../../../domain/conversation/commentHtml';
import { toHistoryHtml } from '../../../../domain/conversation/historyHtml';
import type { StoredMessage } from '../../api/ticketStore';

export interface AttachedOf {
	/** Empty where they are not to be attached. */
	media: string[];
	/** Whether the message has unsubscribed the customer, and agents are to be told. */
	warns: boolean;
	/** As the parameter gave it. */
	history: unknown[];
}

const WARNING =
	'Klaviyo may have unsubscribed the customer from SMS because of this message: an answer by SMS may not reach them.';

const suffixed = ({ key, flowKey }: Pick<StoredMessage, 'key' | 'flowKey'>, suffix: string) => ({
	key: `${key}/${suffix}`,
	...(flowKey ? { flowKey: `${flowKey}/${suffix}` } : {}),
});

/** @returns which files are not attached; '' for none */
const leftOf = (media: readonly string[]): string => {
	const count = media.length - MOST_FILES;
	return count > 0 ? `${count} more files are not attached` : '';
};

/** @param text the message's first piece */
export function attachedOf(
	message: StoredMessage,
	{ media, warns, history }: AttachedOf,
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
	const historyHtml = toHistoryHtml(history);
	const left = leftOf(media);
	return [
		...(historyHtml ? [attachedTo('history', historyHtml, { onlyIfOpened: true })] : []),
		...(warns ? [attachedTo('warning', toHtml(WARNING), {})] : []),
		...(media.length > 0
			? [
					attachedTo(
						'media',
						`<em>Sent with the text of ${shownTime} UTC${left ? `. ${left}: their links are in the text` : ''}</em>`,
						{
							isNote: false,
							media: { urls: media.slice(0, MOST_FILES), left, faults: [] },
						},
					),
				]
			: []),
	];
}
