/** Files a message into the ticket that is named, once. */
import { leaveStatus } from '../../../../domain/conversation/rules';
import type { Execute } from '../../../shared/operation';
import { ticketIdOf } from './fields';
import { addItems } from './addItems';

export const execute: Execute = async (context, items) =>
	await addItems(context, items, {
		placementOf: (itemIndex) => {
			const setsOpen = context.getNodeParameter('options.setOpen', itemIndex, true) !== false;
			return {
				destination: { ticketId: ticketIdOf(context, itemIndex) },
				...(setsOpen ? {} : { rules: leaveStatus }),
			};
		},
	});
