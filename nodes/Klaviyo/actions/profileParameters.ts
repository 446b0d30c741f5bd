/** Which customer is meant, as the parameters say it. */
import { type IExecuteFunctions, NodeOperationError } from 'n8n-workflow';
import { toE164 } from '../../../domain/phone';
import type { Identifiers } from '../../../domain/tracking/event';
import { trimmedParameter } from '../../shared/parameters';

/**
 * @returns only what was given
 * @throws NodeOperationError when nothing was, or what was is no address or number
 */
export function identifiersAt(context: IExecuteFunctions, itemIndex: number): Identifiers {
	const textOf = (name: string): string => trimmedParameter(context, name, itemIndex);
	const [id, email, phone, externalId] = ['profileId', 'email', 'phone', 'externalId'].map(textOf);
	const refuse = (message: string, description: string): NodeOperationError =>
		new NodeOperationError(context.getNode(), message, { itemIndex, description });
	if (!id && !email && !phone && !externalId)
		throw refuse(
			'No customer is given',
			"Fill in one of 'Profile ID', 'Email', 'Phone' and 'External ID'. By default they are taken from the incoming item, which has none of them.",
		);
	const e164 = phone ? toE164(phone) : undefined;
	if (e164 === null)
		throw refuse(
			`'${phone}' is no phone number`,
			"Give the field 'Phone' a number with + and country code, such as +12125550123, or leave it empty.",
		);
	if (email && !/^[^\s@]+@[^\s@]+$/.test(email))
		throw refuse(
			`'${email}' is no email address`,
			"Give the field 'Email' an address such as name@email.com, or leave it empty.",
		);
	return {
		...(id ? { id } : {}),
		...(email ? { email } : {}),
		...(e164 ? { phone_number: e164 } : {}),
		...(externalId ? { external_id: externalId } : {}),
	};
}
