import type { ZodIssue } from 'zod';
import { Refusal, type VendorWording } from '../httpServer';

/** A refusal in Zendesk's most common shape. */
export function refuse(
	status: number,
	error: string,
	description: string,
	details?: unknown,
): Refusal {
	return new Refusal(status, { error, description, ...(details === undefined ? {} : { details }) });
}

/** 422 with the faults of each field. */
export function invalidRecord(
	details: Record<string, Array<{ description: string; error?: string }>>,
): Refusal {
	return refuse(422, 'RecordInvalid', 'Record validation errors', details);
}

export const notFound = (): Refusal => refuse(404, 'RecordNotFound', 'Not found');
export const forbidden = (): Refusal =>
	new Refusal(403, {
		error: {
			title: 'Forbidden',
			message:
				'You do not have access to this page. Please contact the account owner of this help desk for further help.',
		},
	});

/** Zendesk's wording for what the common server refuses. */
export const zendeskWording: VendorWording = {
	vendor: 'zendesk',
	bodyType: 'application/json',
	invalid(issues: readonly ZodIssue[], part: string): Refusal {
		const issue = issues[0];
		const name = issue?.path.join('.') || part;
		return new Refusal(400, {
			error: {
				title: 'Invalid attribute',
				message: `You passed an invalid value for the ${name} attribute. ${issue?.message ?? 'Invalid parameter'}`,
			},
		});
	},
	unsupportedType: () =>
		refuse(415, 'UnsupportedMediaType', 'Content-Type must be application/json'),
	unreadable: () => refuse(400, 'InvalidJSON', 'The request body is not valid JSON'),
	notFound: () =>
		new Refusal(404, {
			error: { title: 'No help desk at this address', message: 'There is nothing at this path' },
		}),
	tooMany: () => ({
		error: 'TooManyRequests',
		description: 'Rate limit exceeded, try again later',
	}),
	serverError: (status) => ({ error: status === 503 ? 'ServiceUnavailable' : 'InternalError' }),
};
