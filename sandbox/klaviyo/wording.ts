import { randomUUID } from 'node:crypto';
import type { ZodIssue } from 'zod';
import { Refusal, type VendorWording } from '../httpServer';

interface Source {
	pointer?: string;
	parameter?: string;
}

function errorsBody(
	status: number,
	code: string,
	title: string,
	detail: string,
	source: Source = { pointer: '/data/' },
	more: Record<string, unknown> = {},
): unknown {
	return { errors: [{ id: randomUUID(), status, code, title, detail, source, ...more }] };
}

/** A refusal as a JSON:API error. */
export function refuse(
	status: number,
	code: string,
	title: string,
	detail: string,
	source?: Source,
): Refusal {
	return new Refusal(status, errorsBody(status, code, title, detail, source));
}

export const invalid = (detail: string, source?: Source): Refusal =>
	refuse(400, 'invalid', 'Invalid input.', detail, source);
export const notFound = (detail: string): Refusal => refuse(404, 'not_found', 'Not found.', detail);
export const forbidden = (detail: string): Refusal =>
	refuse(403, 'permission_denied', 'You do not have permission to perform this action.', detail);

/** Klaviyo's wording for what the common server refuses. */
export const klaviyoWording: VendorWording = {
	vendor: 'klaviyo',
	bodyType: 'application/vnd.api+json',
	invalid(issues: readonly ZodIssue[], part: string): Refusal {
		const issue = issues[0];
		const path = issue?.path ?? [];
		if (issue?.code === 'unrecognized_keys') {
			const name = issue.keys[0] ?? '';
			return part === 'querystring'
				? invalid(`'${name}' is not an allowed query parameter for this resource.`, {
						parameter: name,
					})
				: invalid(`'${name}' is not a valid field for the resource.`, {
						pointer: `/${[...path, name].join('/')}`,
					});
		}
		const where = path.join('/');
		return invalid(
			`${issue?.message ?? 'The payload is not valid'}${where === '' ? '' : ` (${where})`}`,
			part === 'querystring' ? { parameter: where } : { pointer: `/${where}` },
		);
	},
	unsupportedType: () =>
		refuse(
			415,
			'unsupported_media_type',
			'Unsupported media type.',
			'Content-Type must be application/vnd.api+json',
		),
	unreadable: () => invalid('The payload is not valid JSON', { pointer: '/data' }),
	notFound: () => notFound('The path does not exist.'),
	// Empty lists where the documentation shows objects.
	tooMany: () =>
		errorsBody(
			429,
			'throttled',
			'Request was throttled.',
			'Request was throttled. Expected available in 1 second.',
			{ pointer: '/data' },
			{ meta: [] },
		),
	serverError: (status) =>
		errorsBody(status, 'error', 'A server error occurred.', 'Please try again later.'),
};
