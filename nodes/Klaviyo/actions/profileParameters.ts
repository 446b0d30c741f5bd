/** Reads from the parameters which customer is meant. */
import type { IExecuteFunctions } from 'n8n-workflow';
import { toE164 } from '../../../domain/phone';
import type { Identifiers } from '../../../domain/tracking/event';
import { fieldError, phoneFault } from '../../shared/fieldFaults';
import { trimmedParameter } from '../../shared/parameters';

/**
 * @returns only the identifiers that are set
 * @throws NodeOperationError if none is set, or one is not valid
 */
export function identifiersAt(context: IExecuteFunctions, itemIndex: number): Identifiers {
	const valueOf = (name: string): string => trimmedParameter(context, name, itemIndex);
	const [id, email, phone, externalId] = ['profileId', 'email', 'phone', 'externalId'].map(valueOf);
	if (!id && !email && !phone && !externalId)
		throw fieldError(context, itemIndex, {
			message: 'No customer is specified',
			description:
				"Fill in one of 'Profile ID', 'Email', 'Phone' and 'External ID'. By default they are taken from the incoming item, which has none of them.",
		});
	const e164 = phone ? toE164(phone) : undefined;
	if (e164 === null) throw fieldError(context, itemIndex, phoneFault('Phone', phone ?? ''));
	if (email && !/^[^\s@]+@[^\s@]+$/.test(email))
		throw fieldError(context, itemIndex, {
			message: `'Email' is not a valid email address: '${email}'`,
			description: 'Enter an address such as name@email.com, or leave it empty.',
		});
	return {
		...(id ? { id } : {}),
		...(email ? { email } : {}),
		...(e164 ? { phone_number: e164 } : {}),
		...(externalId ? { external_id: externalId } : {}),
	};
}
