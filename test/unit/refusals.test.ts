/** What the vendors' refusals tell a person. Their forms are those of recorded answers. */
import fc from 'fast-check';
import { explain as klaviyoSays, wordsOfAnswer } from '../../nodes/Klaviyo/api/errors';
import {
	explain as zendeskSays,
	saysClosed,
	saysKeyTaken,
	errorText,
} from '../../nodes/ZendeskSync/api/client';
import { resultsFor } from '../../nodes/shared/setupProbes';
import { isGone, isPage, type VendorAnswer } from '../../nodes/shared/answer';

const answer = (status: number, body: unknown): VendorAnswer => ({ status, headers: {}, body });

/** Of the edge before Zendesk, and of a wrong subdomain. */
const BLOCKED = '<!DOCTYPE html>\n<html><head><title>Attention Required!</title></head></html>';
const CLOSED_HELP_CENTER =
	'<html>\n<head>\n<title>\n  Help Center Closed\n</title></head><body></body></html>';

describe('Zendesk’s words', () => {
	it.each<[string, unknown, string]>([
		[
			'of a token',
			{ error: 'invalid_token', error_description: 'The access token provided is expired.' },
			'The access token provided is expired',
		],
		['of who asks', { error: "Couldn't authenticate you" }, "Couldn't authenticate you"],
		[
			'of a scope',
			{ error: 'Forbidden', description: 'Missing the following required scopes: read' },
			'Missing the following required scopes: read',
		],
		[
			'with a title',
			{ error: { title: 'Forbidden', message: 'You do not have access to this page.' } },
			'Forbidden. You do not have access to this page',
		],
		['without a title', { error: { message: 'Access is restricted.' } }, 'Access is restricted'],
		[
			'of several errors',
			{ errors: [{ title: 'Invalid', detail: 'Name is too long' }, { detail: 'No endpoint' }] },
			'Invalid. Name is too long. No endpoint',
		],
		['of errors that are plain words', { errors: ['Too many', 'Too long'] }, 'Too many. Too long'],
		[
			'of fields',
			{
				error: 'RecordInvalid',
				description: 'Record validation errors',
				details: { base: [{ description: 'Status: closed prevents ticket update' }] },
			},
			'Record validation errors. Status: closed prevents ticket update',
		],
		[
			'of fields without a description',
			{
				error: 'RecordInvalid',
				description: 'Record validation errors',
				details: { group_id: [{ error: 'InvalidValue' }], name: [{ type: 'too_short' }] },
			},
			'Record validation errors. group_id: InvalidValue. name: too_short',
		],
		['of a field alone', { details: { base: [{ error: 'Odd', field_key: 12 }] } }, 'base: Odd'],
		['as Klaviyo had them', { status: 403, message: 'Not allowed' }, 'Not allowed'],
		['in nothing', {}, ''],
		['in an empty body', '', ''],
		['in a list', [], ''],
		['in odd places', { error: 7, errors: 'x', details: [1, { a: null }], description: {} }, ''],
	])('%s', (_, body, said) => {
		expect(errorText(answer(422, body))).toBe(said);
	});

	it('come with what to do', () => {
		const scope = {
			error: 'Forbidden',
			description: 'Missing the following required scopes: read',
		};
		expect(zendeskSays(answer(403, scope))).toMatch(
			/^Missing the following required scopes: read\. .*'read' and 'write'/,
		);
		const nowhere = {
			error: { title: 'No help desk at x.zendesk.com', message: 'There is no help desk here.' },
		};
		expect(zendeskSays(answer(404, nowhere))).toMatch(/'Zendesk URL'/);
		expect(zendeskSays(answer(404, nowhere))).not.toContain('no such record');
		expect(zendeskSays(answer(404, {}))).toMatch(/no such record.*'Zendesk URL'/);
		expect(zendeskSays(answer(503, ''))).toMatch(/try again later/i);
		expect(zendeskSays(answer(400, ''))).toBe('Zendesk gave no reason. Try again later.');
	});
});

describe('A closed ticket is known', () => {
	it.each<[string, object]>([
		['in a field', { details: { status: [{ description: 'closed prevents ticket update' }] } }],
		[
			'by the error’s name',
			{ details: { status: [{ error: 'ClosedTicket', description: '¿?' }] } },
		],
		['by its type', { details: { status: [{ type: 'closed_prevents_ticket_update' }] } }],
		[
			'in the description',
			{ error: 'RecordInvalid', description: 'closed prevents ticket update' },
		],
	])('%s', (_, body) => {
		expect(saysClosed(answer(422, body))).toBe(true);
		expect(saysClosed(answer(403, body))).toBe(false);
	});

	it('and no other refusal is taken for one', () => {
		const body = {
			error: 'RecordInvalid',
			details: { base: [{ description: 'Group is closed' }] },
		};
		expect(saysClosed(answer(422, body))).toBe(false);
		expect(saysClosed(answer(422, ''))).toBe(false);
	});
});

describe('An idempotency key that was used for another request', () => {
	it.each<[string, unknown]>([
		['by its name', { error: 'IdempotentRequestError' }],
		['by its description', { error: 'x', description: 'Parameters do not match idempotency key' }],
		['by an empty body', ''],
		['by a body without a word', {}],
		['by no body', undefined],
		['by no byte', Buffer.from('')],
	])('is recognized %s', (_, body) => {
		expect(saysKeyTaken(answer(400, body))).toBe(true);
		expect(saysKeyTaken(answer(422, body))).toBe(false);
	});

	it('is not seen in other refusals', () => {
		expect(saysKeyTaken(answer(400, { error: 'TooManyValues', description: 'x' }))).toBe(false);
		expect(saysKeyTaken(answer(400, { error: { message: 'Invalid attribute' } }))).toBe(false);
		expect(saysKeyTaken(answer(400, BLOCKED))).toBe(false);
	});
});

describe('Klaviyo’s words', () => {
	it.each<[string, unknown, string]>([
		[
			'of a field',
			{ errors: [{ title: 'Invalid input.', detail: 'Bad', source: { pointer: '/data/id' } }] },
			'Bad (/data/id)',
		],
		[
			'of an include',
			{ errors: [{ detail: 'No', source: { parameter: 'include' } }] },
			'No (include)',
		],
		[
			'of a missing list',
			{ success: false, errors: [{ detail: 'List not found' }] },
			'List not found',
		],
		[
			'of its first version',
			{ status: 403, message: 'The key is invalid.' },
			'The key is invalid.',
		],
		[
			'without a detail',
			{ errors: [{ meta: { duplicate_profile_id: '123' } }] },
			'duplicate_profile_id 123',
		],
		['as a code', { errors: [{ code: 'not_found', meta: [] }] }, 'not_found'],
		['of a token', { error: 'invalid_grant', error_description: 'Expired' }, 'Expired'],
		['with empty lists', { errors: [{ detail: 'No', source: [], links: [], meta: [] }] }, 'No'],
		['with one odd error', { errors: [7, { title: 5 }, { detail: 'No' }] }, 'No'],
		['in an empty list', { errors: [] }, ''],
		['in an empty body', '', ''],
	])('%s', (_, body, said) => {
		expect(wordsOfAnswer(answer(400, body))).toBe(said);
	});

	it('are shown if a feature is missing', () => {
		const detail = 'You must have Advanced KDP enabled to use this endpoint.';
		const body = { errors: [{ code: 'permission_denied', title: 'Not you', detail }] };
		expect(klaviyoSays(answer(403, body))).toContain(`Klaviyo says: ${detail} `);
		const silent = { errors: [{ meta: { duplicate_profile_id: '123' } }] };
		expect(klaviyoSays(answer(409, silent))).toMatch(/duplicate_profile_id 123\. \w/);
	});
});

describe.each([
	['Zendesk', zendeskSays],
	['Klaviyo', klaviyoSays],
])('A web page in place of %s', (vendor, says) => {
	it.each([
		[403, BLOCKED, '(status 403, "Attention Required!")'],
		[404, CLOSED_HELP_CENTER, '(status 404, "Help Center Closed")'],
		[503, '<html><body>Service Unavailable</body></html>', '(status 503)'],
		[400, Buffer.from('<html>'), '(status 400)'],
		[403, 'error code: 1020', '(status 403, "error code: 1020")'],
	])('is reported with status %d', (status, body, shown) => {
		const said = says(answer(status, body));
		expect(said).toMatch(`Something between n8n and ${vendor} answered`);
		expect(said).toContain(shown);
		expect(said).not.toMatch(/scope|record|with this id|administrator/i);
		expect(said.length).toBeGreaterThan(100);
	});

	it('says nothing about permissions and records', () => {
		const { fromRead, fromWrite } = resultsFor(vendor, () => 'words');
		for (const status of [200, 400, 403, 404, 422])
			for (const finding of [fromRead(answer(status, BLOCKED)), fromWrite(answer(status, BLOCKED))])
				expect(finding).toEqual({
					status: 'unknown',
					detail: expect.stringContaining(`between n8n and ${vendor}`),
				});
		expect(isGone(answer(404, CLOSED_HELP_CENTER))).toBe(false);
		expect(isGone(answer(404, ''))).toBe(true);
		expect(isGone(answer(404, { error: 'RecordNotFound' }))).toBe(true);
	});
});

it('Any answer can be put into words, and they are short', () => {
	const lists = fc.constantFrom([], {}, null, '', 0, 'x'.repeat(10_000));
	const named = fc.dictionary(
		fc.constantFrom(
			...['error', 'errors', 'description', 'details', 'error_description', 'message', 'meta'],
			...['title', 'detail', 'source', 'status', 'type', 'pointer'],
		),
		fc.oneof(fc.jsonValue(), lists, fc.array(fc.dictionary(fc.string(), fc.jsonValue()))),
	);
	const body = fc.oneof(
		fc.jsonValue(),
		named,
		fc.record({ errors: fc.array(named), details: fc.dictionary(fc.string(), fc.array(named)) }),
		fc.string({ unit: 'binary' }),
		fc.string().map((text) => `<html><title>${text}`),
		fc.constant('<title'.repeat(100_000)),
		fc.constantFrom('.', ' ', '. ').map((point) => ({ error: `${point.repeat(100_000)}x` })),
		fc.uint8Array().map((bytes) => Buffer.from(bytes)),
		fc.constant(undefined),
	);
	fc.assert(
		fc.property(fc.integer({ min: 0, max: 599 }), body, (status, given) => {
			const refused = answer(status, given);
			for (const said of [
				errorText(refused),
				wordsOfAnswer(refused),
				zendeskSays(refused),
				klaviyoSays(refused),
			])
				expect(said.length).toBeLessThan(3_000);
			expect(typeof saysClosed(refused)).toBe('boolean');
			expect(typeof saysKeyTaken(refused)).toBe('boolean');
			if (isPage(refused)) expect(errorText(refused)).toBe('');
		}),
		{ numRuns: 500 },
	);
});
