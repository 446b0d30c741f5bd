import { findOrMakeRequester, type Person } from '../../nodes/ZendeskSync/api/requester';
import type { VendorCall } from '../../nodes/shared/send';
import type { Vendor } from '../../nodes/shared/transport';
import type { Zendesk } from '../../nodes/ZendeskSync/api/client';

const NUMBER = '+12125550123';
const withTicket: Person = {
	phone: NUMBER,
	email: 'ana@home.co',
	trustsEmail: true,
	name: 'Ana',
	externalId: `klaviyo:sms:${NUMBER}`,
	hadTicket: true,
};

interface User {
	id: number;
	role: string;
	email?: string;
	phone?: string;
	external_id?: string;
	suspended?: boolean;
}

/**
 * A Zendesk with these users, which finds everyone related to the search.
 * @param failures statuses instead of the first answers to creating a user; 0 for no answer
 */
function account(
	users: User[],
	refuse: (made: Record<string, unknown>) => boolean = () => false,
	failures: number[] = [],
	whenFailed: (made: Record<string, unknown>) => void = () => {},
) {
	const made: Array<Record<string, unknown>> = [];
	const answer = ({ method, query, body }: VendorCall) => {
		if (method === 'GET') {
			const externalId = query?.external_id;
			const found = users.filter((user) => !externalId || user.external_id === externalId);
			return { status: 200, headers: {}, body: { users: found } };
		}
		const { user } = body as { user: Record<string, unknown> };
		made.push(user);
		const failure = failures[made.length - 1];
		if (failure !== undefined) {
			whenFailed(user);
			return { status: failure, headers: {}, body: {} };
		}
		const isTaken = users.some(({ external_id: id }) => id && id === user.external_id);
		if (isTaken || refuse(user)) return { status: 422, headers: {}, body: {} };
		return { status: 201, headers: {}, body: { user: { id: 900 + made.length, ...user } } };
	};
	const zendesk = {
		tryRequest: async (call: VendorCall) => answer(call),
		request: async (call: VendorCall) => answer(call),
		requestOk: async (_what: string, call: VendorCall) => answer(call),
		refusal: (what: string) => new Error(what),
		read: ((_what, schema, { body }) => schema.parse(body)) as Vendor['read'],
	} as unknown as Zendesk;
	return { zendesk, made };
}

describe.each([
	['had a ticket before', withTicket],
	['has none yet', { ...withTicket, hadTicket: false }],
])("The requester of a customer's ticket, when the conversation %s,", (_, person) => {
	it.each([
		['external id', { external_id: person.externalId }],
		['e-mail address', { email: 'ana@home.co' }],
		['number', { phone: NUMBER }],
	])('is found by %s, but not when staff, and is suspended when that user is', async (_by, by) => {
		const known = { id: 1, role: 'end-user', ...by };
		expect(await findOrMakeRequester(account([known]).zendesk, person)).toEqual({ id: '1' });
		const suspended = account([{ ...known, suspended: true }]);
		expect(await findOrMakeRequester(suspended.zendesk, person)).toBe('suspended');
		expect(suspended.made.filter((user) => user.external_id !== person.externalId)).toEqual([]);
		for (const role of ['agent', 'admin']) {
			const found = await findOrMakeRequester(account([{ ...known, role }]).zendesk, person);
			expect(found).toEqual({ id: expect.stringMatching(/^90\d$/) });
		}
	});

	it.each(['+1 (212) 555-0123', '(212) 555-0123', '12125550123', '+12125550123 x4'])(
		'is recognized by the number when Zendesk has it written as %s',
		async (phone) => {
			const known = { id: 1, role: 'end-user', phone };
			expect(await findOrMakeRequester(account([known]).zendesk, person)).toEqual({ id: '1' });
		},
	);

	it('is recognized by the external id of the other spelling of a number that has two', async () => {
		const known = { id: 1, role: 'end-user', external_id: 'klaviyo:sms:+5215512345678' };
		const phone = '+525512345678';
		const other = { ...person, phone, externalId: `klaviyo:sms:${phone}` };
		expect(await findOrMakeRequester(account([known]).zendesk, other)).toEqual({ id: '1' });
	});

	it('is created without the e-mail address when someone who is not a customer has it', async () => {
		const { zendesk, made } = account([], ({ email }) => email !== undefined);
		expect(await findOrMakeRequester(zendesk, person)).toEqual({ id: '902' });
		expect(made.map(({ email }) => email)).toEqual(['ana@home.co', undefined]);
		expect(made[1]).toMatchObject({ name: 'Ana', phone: NUMBER, external_id: person.externalId });
	});

	it('has an id of its own when staff have the one for the number, and is found by it again', async () => {
		const users: User[] = [{ id: 1, role: 'agent', external_id: person.externalId }];
		const { zendesk, made } = account(users);
		expect(await findOrMakeRequester(zendesk, person)).toEqual({ id: '903' });
		const instead = `${person.externalId}:requester`;
		expect(made.at(-1)).toMatchObject({ external_id: instead, phone: NUMBER });
		users.push({ id: 903, role: 'end-user', external_id: instead });
		expect(await findOrMakeRequester(zendesk, person)).toEqual({ id: '903' });
	});

	it('is the one whom another run has created in between', async () => {
		const users: User[] = [];
		const { zendesk, made } = account(users, () => {
			users.push({ id: 7, role: 'end-user', external_id: person.externalId });
			return true;
		});
		expect(await findOrMakeRequester(zendesk, person)).toEqual({ id: '7' });
		expect(made).toHaveLength(1);
	});

	it.each([
		['was made all the same', true],
		['was not made', false],
	])(
		'is looked for and created again when there was no answer, and it %s',
		async (_what, isMade) => {
			const users: User[] = [];
			const { zendesk, made } = account(
				users,
				() => false,
				[0, 503],
				(user) => {
					if (isMade)
						users.push({ id: 7, role: 'end-user', external_id: String(user.external_id) });
				},
			);
			expect(await findOrMakeRequester(zendesk, person)).toEqual({ id: isMade ? '7' : '903' });
			expect(made).toHaveLength(isMade ? 1 : 3);
		},
	);

	it('is nobody when no answer comes at all', async () => {
		const { zendesk, made } = account([], () => false, [0, 0, 503, 503, 503]);
		await expect(findOrMakeRequester(zendesk, person)).rejects.toThrow(NUMBER);
		expect(made).toHaveLength(3);
	});

	it('is nobody when Zendesk refuses, and the number is named', async () => {
		const { zendesk } = account([], () => true);
		await expect(findOrMakeRequester(zendesk, person)).rejects.toThrow(NUMBER);
	});

	it('is the one with the external id, whoever else has the address', async () => {
		const { zendesk, made } = account([
			{ id: 1, role: 'end-user', email: 'ana@home.co' },
			{ id: 2, role: 'end-user', external_id: person.externalId },
		]);
		expect(await findOrMakeRequester(zendesk, person)).toEqual({ id: '2' });
		expect(made).toEqual([]);
	});
});
