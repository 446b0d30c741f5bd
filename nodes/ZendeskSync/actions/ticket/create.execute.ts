/** Files a text into a new ticket: safe to repeat, and no second open ticket unless told so. */
import type { Execute } from '../../../shared/operation';
import { fileItems } from './fileItems';

export const execute: Execute = async (context, items) =>
	await fileItems(context, items, {
		placementOf: (itemIndex) => {
			const second = context.getNodeParameter('options.createSecond', itemIndex, false);
			return {
				destination: 'newTicket',
				...(second === true ? { rules: { target: () => undefined } } : {}),
			};
		},
	});
