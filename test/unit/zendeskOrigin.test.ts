import fc from 'fast-check';
import { zendeskOrigin, zendeskOriginExpression } from '../../nodes/shared/origin';

/** As n8n evaluates what stands in a credential's `={{ }}`. */
const evaluate = new Function(
	'$credentials',
	`return ${zendeskOriginExpression('$credentials.zendeskUrl')}`,
) as (credentials: { zendeskUrl?: string }) => string;

describe('The Zendesk account, as people type it', () => {
	it.each([
		['acme', 'https://acme.zendesk.com'],
		[' acme-outlet\n', 'https://acme-outlet.zendesk.com'],
		['acme.zendesk.com', 'https://acme.zendesk.com'],
		['https://acme.zendesk.com/', 'https://acme.zendesk.com'],
		['https://acme.zendesk.com/agent/tickets/42?brand=1#top', 'https://acme.zendesk.com'],
		['acme.zendesk.com/agent', 'https://acme.zendesk.com'],
		['help.acme.com', 'https://help.acme.com'],
		['http://acme.zendesk.com', 'https://acme.zendesk.com'],
		['HTTP://acme.zendesk.com', 'https://acme.zendesk.com'],
		['http://127.0.0.1.example.com', 'https://127.0.0.1.example.com'],
		['http://localhost@example.com', 'https://localhost@example.com'],
		['http://localhostile.com:80', 'https://localhostile.com:80'],
		['http://127.0.0.1:4010/', 'http://127.0.0.1:4010'],
		['http://localhost:4010', 'http://localhost:4010'],
		['http://[::1]:4010', 'http://[::1]:4010'],
	])('%j is %s, in a node as in an expression', (typed, origin) => {
		expect(zendeskOrigin(typed)).toBe(origin);
		expect(evaluate({ zendeskUrl: typed })).toBe(origin);
	});

	it('is the same in a node as in an expression, whatever is typed', () => {
		const typed = fc.oneof(
			fc.string({ unit: 'binary' }),
			fc
				.array(fc.constantFrom('http', 's', '://', 'acme', '.', '127.0.0.1', ':', '/', '@', ' '))
				.map((parts) => parts.join('')),
		);
		fc.assert(
			fc.property(typed, (zendeskUrl) => {
				expect(evaluate({ zendeskUrl })).toBe(zendeskOrigin(zendeskUrl));
			}),
		);
	});

	it('sends nothing in clear text except to this machine', () => {
		const host = fc.oneof(
			fc.domain(),
			fc.ipV4().filter((ip) => ip !== '127.0.0.1'),
		);
		fc.assert(
			fc.property(host, (name) => {
				expect(zendeskOrigin(`http://${name}/x`)).toMatch(/^https:/);
			}),
		);
	});

	it('does not break an empty credential', () => {
		expect(evaluate({})).toBe(evaluate({ zendeskUrl: '' }));
	});
});
