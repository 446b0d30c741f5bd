/** Setup: Create Customer Fields, and User: Update Customer Fields. */
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { fieldsOf, partsWithFields } from '../../domain/customerFields';
import { ZendeskSync } from '../../nodes/ZendeskSync/ZendeskSync.node';
import { ask, zendeskCredentials } from './support/desk';
import { type NodeRun, type NodeSetup, runNode } from './support/engine';
import { type QuickSandbox, startQuickSandbox } from './support/quickTime';

const goOn = { onError: 'continueRegularOutput' } as const;
const parts = [...partsWithFields];
const KEYS = fieldsOf(parts).map(({ key }) => key);

let sandbox: QuickSandbox;
beforeEach(async () => {
	sandbox = await startQuickSandbox();
});
afterEach(async () => await sandbox.close());

const run =
	(resource: string, operation: string) =>
	async (
		parameters: INodeParameters = {},
		items: IDataObject[] = [{}],
		setup: NodeSetup = {},
	): Promise<NodeRun> =>
		await runNode(ZendeskSync, {
			credentials: zendeskCredentials(sandbox),
			...setup,
			parameters: { authentication: 'apiToken', resource, operation, ...parameters },
			items,
		});
const create = run('setup', 'createCustomerFields');
const update = run('user', 'updateCustomerFields');

interface WireField {
	key: string;
	type: string;
	title: string;
	custom_field_options?: Array<{ value: string }>;
}
const listed = async (): Promise<WireField[]> =>
	(
		(await ask(sandbox, 'GET', '/api/v2/user_fields?page[size]=100')) as {
			user_fields: WireField[];
		}
	).user_fields;
const make = async (field: object): Promise<void> =>
	void (await ask(sandbox, 'POST', '/api/v2/user_fields', { user_field: field }));
const fieldsOfUser = async (id: string): Promise<unknown> =>
	((await ask(sandbox, 'GET', `/api/v2/users/${id}`)) as { user: { user_fields: unknown } }).user
		.user_fields;

describe('Create Customer Fields', () => {
	it('creates the fields of the chosen parts, and finds them from then on', async () => {
		const { json, items } = await create({ parts }, [{}, {}]);
		expect(json).toMatchObject([
			{ outcome: 'created', created: KEYS, existing: [], warnings: [] },
			{ outcome: 'exists', created: [], existing: KEYS, warnings: [] },
		]);
		expect(items.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 1 }]);
		const fields = await listed();
		expect(fields.map(({ key }) => key)).toEqual(KEYS);
		// Zendesk adds an option's value to the user's tags: no two may be alike.
		const values = fields.flatMap(({ custom_field_options: options = [] }) =>
			options.map(({ value }) => value),
		);
		expect(values).toHaveLength(6);
		expect(new Set(values).size).toBe(6);
	});

	it('creates none of a part that was not chosen', async () => {
		await create({ parts: ['orders'] });
		expect((await listed()).map(({ key }) => key)).toEqual([
			'klaviyo_order_count',
			'klaviyo_last_order',
		]);
	});

	it('makes what is missing, and leaves as it is what is there, with a warning', async () => {
		await make({ key: 'klaviyo_order_count', title: 'Our own', type: 'text' });
		await make({ key: 'klaviyo_last_order', title: 'Off', type: 'date', active: false });
		const before = await listed();
		const { json } = await create({ parts });
		expect(json).toMatchObject([
			{
				outcome: 'created',
				existing: ['klaviyo_order_count', 'klaviyo_last_order'],
				warnings: [
					expect.stringContaining("has the type 'text', not 'integer'"),
					expect.stringContaining('is inactive'),
				],
			},
		]);
		expect((await listed()).slice(0, 2)).toEqual(before);
	});

	it('creates none twice when an answer is lost', async () => {
		sandbox.switches.faults.lostAnswer = 0.3;
		await create({ parts }, [{}], { retryOnFail: true, maxTries: 5 } as NodeSetup);
		sandbox.switches.faults.lostAnswer = 0;
		await create({ parts });
		expect((await listed()).map(({ key }) => key).sort()).toEqual([...KEYS].sort());
	});

	it('says what is missing to a credential that is not an administrator’s', async () => {
		sandbox.switches.zendeskForbids = ['userFields'];
		const { json } = await create({ parts: ['value'] }, [{}], goOn);
		expect(json[0]?.error).toContain("'Klaviyo: total spent' could not be created (status 403)");
	});
});

describe('Update Customer Fields', () => {
	const customer = (name = 'Ana'): string => sandbox.zendesk.addUser({ name }).id;
	const userFields = {
		klaviyo_order_count: 4,
		klaviyo_last_order: '2026-10-04',
		klaviyo_sms_marketing: 'klaviyo_sms_marketing_yes',
		klaviyo_total_spent: 231.2,
	};

	it('writes the card into the fields, and null empties one', async () => {
		await create({ parts });
		const requesterId = customer();
		expect((await update({}, [{ requesterId, userFields }])).json).toMatchObject([
			{ outcome: 'updated', userId: requesterId, missingFields: [] },
		]);
		expect(await fieldsOfUser(requesterId)).toMatchObject(userFields);
		await update({}, [{ requesterId, userFields: { klaviyo_order_count: null } }]);
		expect(await fieldsOfUser(requesterId)).toMatchObject({
			...userFields,
			klaviyo_order_count: null,
		});
	});

	it('says which fields the account does not have', async () => {
		await create({ parts: ['orders'] });
		const requesterId = customer();
		expect((await update({}, [{ requesterId, userFields }])).json).toMatchObject([
			{
				outcome: 'updated',
				missingFields: ['klaviyo_sms_marketing', 'klaviyo_total_spent'],
			},
		]);
		const other = { klaviyo_total_spent: 1 };
		expect((await update({}, [{ requesterId, userFields: other }])).json).toMatchObject([
			{ outcome: 'noFields' },
		]);
	});

	it('says what is wrong with an item, and writes the others', async () => {
		await create({ parts });
		const requesterId = customer();
		const { json } = await update(
			{},
			[
				{ userFields },
				{ requesterId: 'ana', userFields },
				{ requesterId, userFields: { klaviyo_order_count: [1] } },
				{ requesterId, userFields: { klaviyo_sms_marketing: 'perhaps' } },
				{ requesterId: '999', userFields },
				{ requesterId, userFields },
			],
			goOn,
		);
		expect(json.map(({ error, outcome }) => error ?? outcome)).toEqual([
			"'User ID' is empty",
			"'User ID' is not a valid user ID: 'ana'",
			"'Fields' has a value that no field can have",
			`The fields of user ${requesterId} could not be written (status 422)`,
			'The fields of user 999 could not be written (status 404)',
			'updated',
		]);
		expect(await fieldsOfUser(requesterId)).toMatchObject(userFields);
	});

	it('writes the last of several items of one user last', async () => {
		await create({ parts });
		const requesterId = customer();
		await update(
			{},
			[1, 2, 3].map((count) => ({ requesterId, userFields: { klaviyo_order_count: count } })),
		);
		expect(await fieldsOfUser(requesterId)).toMatchObject({ klaviyo_order_count: 3 });
	});
});
