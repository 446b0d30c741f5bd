/** Why a part of the customer card is not known. */
import { unknown } from '../../../domain/customerCard';
import { sentences } from '../../shared/answer';
import { asRefusal } from '../../shared/transport';
import type { Klaviyo } from './client';

/**
 * @returns the reason, for a person
 * @throws NodeApiError if the credential was refused: then nothing else can be read either
 */
export function whyUnknown(klaviyo: Klaviyo, error: unknown): { unknown: string } {
	const refusal = asRefusal(klaviyo, error);
	if (refusal.httpCode === '401') throw refusal;
	return unknown(sentences([refusal.message]));
}
