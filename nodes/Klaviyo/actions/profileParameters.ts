/** Reads from the parameters which customer is meant. */
import { type IExecuteFunctions, NodeOperationError } from 'n8n-workflow';
import { toE164 } from '../../../domain/phone';
import type { Identifiers } from '../../../domain/tracking/event';
import { trimmedParameter } from '../../shared/parameters';

/**
 * @returns only the identifiers that are set
 * @throws NodeOperationError if none is set, or one is not valid
 */
export function identifiersAt(context: IExecuteFunctions, itemIndex: number): Identifiers {
	const valueOf = (name: string): string => trimmedParameter(context, name, itemIndex);
	const [id, email, phone, externalId] = ['profileId', 'email', 'phone', 'externalId'].map(valueOf);
	const refuse = (message: string, description: string): NodeOperationError =>
		new NodeOperationError(context.getNode(), message, { itemIndex, description });
	if (!id && !email && !phone && !externalId)
		throw refuse(
			'No customer is specified',
			"Fill in one of 'Profile ID', 'Email', 'Phone' and 'External ID'. By default they are taken from the incoming item, which has none of them.",
		);
	const e164 = phone ? toE164(phone) : undefined;
	if (e164 === null)
		throw refuse(
			`'${phone}' is not a valid phone number`,
			"Enter a number with + and country code in 'Phone', such as +12125550123, or leave it empty.",
		);
	if (email && !/^[^\s@]+@[^\s@]+$/.test(email))
		throw refuse(
			`'${email}' is not a valid email address`,
			"Enter an address such as name@email.com in 'Email', or leave it empty.",
		);
	return {
		...(id ? { id } : {}),
		...(email ? { email } : {}),
		...(e164 ? { phone_number: e164 } : {}),
		...(externalId ? { external_id: externalId } : {}),
	};
}
