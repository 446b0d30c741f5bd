/** Files a text where the rules for conversations put it. */
import type { Execute } from '../../../shared/operation';
import { fileItems } from './fileItems';

export const execute: Execute = async (context, items) =>
	await fileItems(context, items, {
		placementOf: () => ({ destination: 'conversation' }),
		isWhole: true,
		isPassedOver: ({ json }, itemIndex) =>
			json.opensTicket === false &&
			context.getNodeParameter('passOverScreenedOut', itemIndex, true) === true,
	});
