/** Files a message into a new ticket: safe to repeat, and no second open ticket unless told so. */
import type { Execute } from '../../../shared/operation';
import { addItems } from './addItems';

export const execute: Execute = async (context, items) =>
	await addItems(context, items, {
		placementOf: (itemIndex) => {
			const second = context.getNodeParameter('options.createSecond', itemIndex, false);
			return {
				destination: 'newTicket',
				...(second === true ? { rules: { target: () => undefined } } : {}),
			};
		},
	});
