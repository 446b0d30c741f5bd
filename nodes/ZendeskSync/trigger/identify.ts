/** By which key an event is known to have been delivered or done. */
import type { IExecuteFunctions } from 'n8n-workflow';
import { keyIn } from '../../shared/completedEvents';
import type { IdentifyItems } from '../../shared/delivery';
import { zendeskOf } from '../api/client';
import { findEventKey, keylessEvents } from '../api/eventKey';

/** Runs in the execution, not in the webhook: a webhook does not have every key, and Zendesk waits for its answer. */
export const identifyIn =
	(context: IExecuteFunctions): IdentifyItems =>
	async (items, mustFind) => {
		const zendesk = await zendeskOf(context);
		const keyOf = async ({ key, event, ticketId, occurredAt }: Record<string, unknown>) => {
			if (typeof key === 'string') return key;
			const keyless = keylessEvents.find((name) => name === event);
			return keyless && mustFind
				? await findEventKey(zendesk, keyless, String(ticketId), String(occurredAt))
				: undefined;
		};
		return await Promise.all(
			items.map(async ({ json }) => {
				const key = await keyOf(json);
				return key === undefined ? [] : [keyIn(zendesk.account, key)];
			}),
		);
	};
