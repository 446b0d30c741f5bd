/** Every template in a real n8n: complete, without an issue in the editor, and at work. */
import { describeTemplatesInEditor } from './support/editorChecks';
import { until } from '../../scripts/n8n/until';
import { play, reaches } from './support/plays';
import {
	addCustomer,
	failures,
	addedMessages,
	notesOf,
	quiet,
	receivedBy,
	TEST_LIMIT,
	ticketsOf,
	useStage,
} from './support/stage';

jest.setTimeout(TEST_LIMIT);

const stage = useStage({ publish: [], sandbox: { limits: 10 }, n8n: { editor: true } });

describeTemplatesInEditor(stage);

const ANA = '+12125550151';
const BEN = '+12125550152';
const CLEO = '+12125550153';
const DAN = '+12125550154';
const EVA = '+12125550155';
const FAY = '+12125550156';
const GUS = '+12125550157';
const IDA = '+12125550158';
const JAN = '+12125550159';

const texts = (from: string, body: string) => () =>
	stage().sandbox.klaviyo.customerWrites({ from, body });
const outcomes = (items: Array<Record<string, unknown>>) => items.map(({ outcome }) => outcome);
const newestTicket = (phone: string): string => ticketsOf(stage(), phone).at(-1)?.id ?? '';

describe('the templates that events start', () => {
	beforeAll(async () => {
		for (const template of ['01', '02', '03', '04'] as const)
			await stage().n8n.publish(stage().workflow(template).id);
		addCustomer(stage(), ANA, 'ana@home.test-shop.dev');
		addCustomer(stage(), BEN);
		addCustomer(stage(), EVA);
		stage().sandbox.klaviyo.addProfile({
			phone: CLEO,
			smsMarketing: false,
			smsTransactional: false,
		});
	}, TEST_LIMIT);

	it.each([
		[BEN, 'STOP', 'Ignored: opted out', 'optOutKeyword'],
		[BEN, 'JOIN', 'Ignored: keyword', 'subscribeKeyword'],
		[CLEO, 'Hello?', 'Ignored: no consent', 'noConsent'],
	])('01 ends %s’s "%s" in "%s"', async (from, body, node, reason) => {
		const output = await reaches(stage(), '01', node, texts(from, body));
		expect(output(node)).toEqual([expect.objectContaining({ reason, opensTicket: false })]);
		expect(output('Create or reopen ticket')).toEqual([]);
	});

	it('01 opens a ticket for an opt-out word in a longer message, with a warning', async () => {
		const output = await reaches(
			stage(),
			'01',
			'New ticket',
			texts(EVA, 'I want to cancel my order'),
		);
		expect(output('New ticket')).toEqual([
			expect.objectContaining({ outcome: 'created', reason: 'optOutInMessage' }),
		]);
		await quiet(stage());
		const warning = 'A reply by SMS may not reach them';
		expect(notesOf(stage(), EVA)).toContainEqual(expect.stringContaining(warning));
	});

	it('01 opens a ticket, reopens it, and adds to it', async () => {
		await reaches(stage(), '01', 'New ticket', texts(ANA, 'Where is my order?'));
		await quiet(stage());
		stage().sandbox.zendesk.agentUpdates(newestTicket(ANA), { status: 'solved' });
		await reaches(stage(), '01', 'Ticket reopened', texts(ANA, 'Are you there?'));
		await reaches(stage(), '01', 'Comment added', texts(ANA, 'Hello?'));
		expect(ticketsOf(stage(), ANA)).toHaveLength(1);
	});

	it('03 records and counts what 01 has opened', async () => {
		const { klaviyo } = stage().sandbox;
		const output = await reaches(stage(), '03', 'Tracked', () =>
			stage().sandbox.zendesk.agentUpdates(newestTicket(ANA), { status: 'solved' }),
		);
		expect(output('Tracked')).toEqual([expect.objectContaining({ metric: 'Solved Ticket' })]);
		expect(output('Count open tickets')).toEqual([expect.objectContaining({ openTickets: 0 })]);
		const { id = '', properties } = klaviyo.profiles().find(({ phone }) => phone === ANA) ?? {};
		expect(properties).toMatchObject({ 'Open Ticket Count': 0 });
		expect(klaviyo.timeline(id).map(({ metric }) => metric)).toContain('Opened Ticket');
	});

	it('02 sends a reply, and tells the agent why another cannot be sent', async () => {
		const { zendesk } = stage().sandbox;
		const reply = (body: string) => () => zendesk.agentComments(newestTicket(ANA), body);
		const sent = await reaches(stage(), '02', 'Reply sent', reply('It is on its way.'));
		expect(sent('Reply sent')).toEqual([expect.objectContaining({ outcome: 'sent' })]);
		expect(receivedBy(stage(), ANA)).toContain('It is on its way.');

		stage().sandbox.switches.conversationsEnabled = false;
		const refused = await reaches(stage(), '02', 'Tell the agent', reply('It is late.'));
		stage().sandbox.switches.conversationsEnabled = true;
		expect(outcomes(refused('Tell the agent'))).toEqual(['added']);
		expect(notesOf(stage(), ANA)).toContainEqual(expect.stringContaining('was not sent'));
		expect(receivedBy(stage(), ANA)).not.toContain('It is late.');
	});

	it('04 notes a campaign on the open ticket, and nothing if there is none', async () => {
		const { klaviyo } = stage().sandbox;
		const campaign = (to: string) => () =>
			klaviyo.brandWrites({ to, body: 'Everything must go', kind: 'campaign' });
		addCustomer(stage(), FAY);
		stage().sandbox.zendesk.agentUpdates(newestTicket(ANA), { status: 'open' });
		await reaches(stage(), '04', 'Noted on the ticket', campaign(ANA));
		expect(notesOf(stage(), ANA)).toContainEqual(expect.stringContaining('Everything must go'));
		await reaches(stage(), '04', 'No open ticket', campaign(FAY));
	});

	it('04 brings a reply that was not delivered back to the agent', async () => {
		const { zendesk, switches } = stage().sandbox;
		await quiet(stage());
		switches.undeliverablePhones = [ANA];
		const failed = await reaches(stage(), '04', 'Reopen for the agent', () => {
			zendesk.agentComments(newestTicket(ANA), 'Solved, I hope.', { status: 'solved' });
		});
		switches.undeliverablePhones = [];
		expect(outcomes(failed('Reopen for the agent'))).toEqual(['reopened']);
		expect(zendesk.ticket(newestTicket(ANA)).status).toBe('open');
	});

	it('10 asks for a rating, and 01 files the answer, once its node is enabled', async () => {
		const { n8n, workflow, sandbox } = stage();
		const { id } = workflow('01');
		const { nodes } = await n8n.workflow(id);
		const withNodes = async (changed: typeof nodes): Promise<void> => {
			await n8n.unpublish(id);
			await n8n.updateWorkflow(id, () => ({ nodes: changed }));
			await n8n.publish(id);
		};
		await withNodes(nodes.map((node) => ({ ...node, disabled: false })));
		await n8n.publish(workflow('10').id);
		addCustomer(stage(), GUS);
		await reaches(stage(), '01', 'New ticket', texts(GUS, 'Where is it?'));
		await reaches(stage(), '10', 'Asked', () => {
			sandbox.zendesk.agentUpdates(newestTicket(GUS), { status: 'solved' });
		});
		expect(notesOf(stage(), GUS)).toContainEqual(expect.stringContaining('was asked by text'));
		// Zendesk's and Klaviyo's times are seconds: an answer in the second of the question is not known to come after it.
		const asked = Date.now();
		await until('the next second', () => Math.floor(Date.now() / 1000) > Math.ceil(asked / 1000));
		const filed = await reaches(stage(), '01', 'Already there', texts(GUS, '5'));
		expect(filed('File rating')).toContainEqual(
			expect.objectContaining({ isRating: true, rating: { score: 'good', stars: 5 } }),
		);
		expect(sandbox.zendesk.ticket(newestTicket(GUS))).toMatchObject({
			...{ status: 'solved', tags: ['sms', 'rated_good'] },
		});
		await withNodes(nodes);
	});

	it('11 texts a customer first, and 01 adds the answer to the ticket of the agent', async () => {
		const { n8n, workflow, sandbox } = stage();
		addCustomer(stage(), IDA);
		sandbox.klaviyo.addMessageFlow({ metric: 'Zendesk Reply', body: '{{ event.body }}' });
		const { id: requesterId } = sandbox.zendesk.addUser({ name: 'Ida', phone: IDA });
		await n8n.publish(workflow('11').id);
		const body = 'Your repair is done. When can you come?';
		const sent = await reaches(stage(), '11', 'Reply sent', () =>
			sandbox.zendesk.agentCreates({
				...{ subject: 'Repair', body, requesterId, tags: ['text_customer'] },
			}),
		);
		expect(outcomes(sent('Start conversation'))).toEqual(['started']);
		expect(receivedBy(stage(), IDA)).toEqual([body]);
		await reaches(stage(), '01', 'Comment added', texts(IDA, 'At five?'));
		expect(ticketsOf(stage(), IDA)).toHaveLength(1);
	});

	it('01b does the same step by step', async () => {
		const { n8n, workflow, sandbox } = stage();
		await n8n.unpublish(workflow('01').id);
		await n8n.publish(workflow('01b').id);
		addCustomer(stage(), DAN);
		const brings = async (body: string, node: string) =>
			await reaches(stage(), '01b', node, texts(DAN, body));
		await brings('One', 'New ticket');
		await brings('Two', 'Comment added');
		const first = newestTicket(DAN);
		sandbox.zendesk.agentUpdates(first, { status: 'solved' });
		await brings('Three', 'Ticket reopened');
		expect(sandbox.zendesk.ticket(first).status).toBe('open');
		sandbox.zendesk.agentUpdates(first, { status: 'closed' }, { via: 'automation' });
		sandbox.switches.faults.duplicateDelivery = 1;
		await brings('Four', 'Already there');
		sandbox.switches.faults.duplicateDelivery = 0;
		await brings('STOP', 'Ignored: see reason');
		expect(addedMessages(stage(), DAN)).toEqual(['One', 'Two', 'Three', 'Four']);
		expect(ticketsOf(stage(), DAN)).toHaveLength(2);
	});

	it('12 puts on a ticket what the Customer Agent hands to a person', async () => {
		const { n8n, workflow, sandbox } = stage();
		const { klaviyo } = sandbox;
		await n8n.unpublish(workflow('01b').id);
		await n8n.publish(workflow('12').id);
		const { id } = klaviyo.addProfile({ phone: JAN, smsMarketing: true });
		// Klaviyo's poll brings it, within a minute.
		const handed = await reaches(stage(), '12', 'On the ticket', () => {
			texts(JAN, 'Where is my parcel?')();
			klaviyo.marketing.agent(id, 'started');
			klaviyo.marketing.agent(id, 'escalated');
		});
		expect(outcomes(handed('Create or reopen ticket'))).toEqual(['created']);
		expect(addedMessages(stage(), JAN)).toEqual(['Where is my parcel?']);
	});

	it('have no failed execution', async () => {
		await quiet(stage());
		expect(await failures(stage())).toEqual([]);
	});
});

describe('the templates that a person starts', () => {
	beforeAll(async () => await stage().n8n.unpublish(stage().workflow('03').id), TEST_LIMIT);

	it('00 says whether both accounts are ready, what is missing, and how to fix it', async () => {
		const { switches } = stage().sandbox;
		switches.systemWebhooksAllowed = false;
		const output = await play(stage(), '00');
		switches.systemWebhooksAllowed = true;
		expect(output('Check Zendesk')[0]).toMatchObject({ status: 'ready' });
		const [klaviyo, ...items] = output('Check Klaviyo');
		expect(klaviyo).toMatchObject({ status: 'missing' });
		const missing = items.filter(({ status }) => status === 'missing');
		expect(new Set(missing.map(({ neededFor }) => neededFor))).toEqual(
			new Set([expect.stringContaining('System Webhook and Polling')]),
		);
		expect(missing).toContainEqual(
			expect.objectContaining({ howToFix: expect.stringContaining('KDP') }),
		);
		expect(output('Ready')).toEqual([]);
	});

	it('05 says what could not be created, and creates the rest', async () => {
		const { switches } = stage().sandbox;
		switches.zendeskForbids = ['views'];
		const output = await play(stage(), '05');
		switches.zendeskForbids = [];
		expect(output('View not created')).toEqual([
			expect.objectContaining({ error: expect.stringMatching(/view/i) }),
		]);
		expect(output('Automation ready')).toHaveLength(1);
		expect(output('Segment ready')).toHaveLength(1);
	});

	it('05 creates what is missing, once', async () => {
		for (const outcome of ['created', 'exists']) {
			const output = await play(stage(), '05');
			expect(outcomes(output('View ready'))).toEqual([outcome]);
			expect(outcomes(output('Automation ready'))).toEqual(['exists']);
			expect(outcomes(output('Segment ready'))).toEqual(['exists']);
			expect(outcomes(output('Fields ready'))).toEqual(['exists']);
		}
	});

	it('06 records past tickets once, and counts those that are open', async () => {
		const { zendesk, klaviyo } = stage().sandbox;
		const people = ['dora@home.test-shop.dev', 'emil@home.test-shop.dev'].map((email) =>
			zendesk.addUser({ name: email, email }),
		);
		const [dora, emil] = people.map(({ id }) =>
			zendesk.agentCreates({ subject: 'Late', body: 'Where is it?', requesterId: id }),
		);
		const nobody = zendesk.addUser({ name: 'Nobody' });
		zendesk.agentCreates({ subject: 'Who?', body: 'Hi', requesterId: nobody.id });
		// Events of one second are shown in the order in which they arrived, and they are sent in parallel.
		await stage().sandbox.clock.advance(60_000);
		zendesk.agentUpdates(emil?.id ?? '', { status: 'solved' });
		zendesk.agentUpdates(emil?.id ?? '', { status: 'closed' }, { via: 'automation' });
		// Zendesk's export never gives the last minute.
		await stage().sandbox.clock.advance(2 * 60_000);

		const first = await play(stage(), '06');
		expect(first('Recorded').map(({ key }) => key)).toEqual(
			expect.arrayContaining([`opened:${dora?.id}`, `opened:${emil?.id}`, `closed:${emil?.id}`]),
		);
		expect(first('No profile')).toHaveLength(1);
		expect(first('Count written').length).toBeGreaterThan(1);
		const openOf = (name: string) =>
			klaviyo.profiles().find(({ email }) => email?.startsWith(name))?.properties[
				'Open Ticket Count'
			];
		expect([openOf('dora'), openOf('emil')]).toEqual([1, 0]);
		await play(stage(), '06');
		const emils = klaviyo.profiles().find(({ email }) => email?.startsWith('emil'));
		expect(klaviyo.timeline(emils?.id ?? '').map(({ metric }) => metric)).toEqual([
			'Opened Ticket',
			'Resolved Ticket',
		]);
	});
});

describe('08, the customer card', () => {
	const email = 'gil@home.test-shop.dev';
	beforeAll(async () => await stage().n8n.publish(stage().workflow('08').id), TEST_LIMIT);

	it('is one note for agents alone on a ticket by email, again only if it matters, and in fields', async () => {
		const { klaviyo, zendesk } = stage().sandbox;
		const { id: profileId } = klaviyo.addProfile({ email });
		klaviyo.marketing.order(profileId, { orderId: '#501', value: 49.9, currency: 'EUR' });
		klaviyo.marketing.join('segments', 'VIP', profileId);
		const { id: requesterId } = zendesk.addUser({ name: 'Gil', email });
		let ticketId = '';
		const added = await reaches(stage(), '08', 'Card is there', () => {
			const ticket = { subject: 'Late', body: 'Where is it?', requesterId };
			ticketId = zendesk.agentCreates({ ...ticket, channel: 'email' }).id;
		});
		expect(outcomes(added('Add card'))).toEqual(['added']);
		expect(added('Update customer')).toEqual([
			expect.objectContaining({ outcome: 'updated', missingFields: [] }),
		]);
		const cards = () =>
			zendesk.ticket(ticketId).comments.filter(({ body }) => body.includes('Customer card'));
		expect(cards().map((one) => one.public)).toEqual([false]);
		for (const words of ['49.90 EUR', 'Segments: VIP', 'Open tickets: 1'])
			expect(cards()[0]?.plainBody).toContain(words);
		expect(cards()[0]?.plainBody).not.toContain('Predicted');

		const reopened = async () =>
			await reaches(stage(), '08', 'Card is there', async () => {
				zendesk.agentUpdates(ticketId, { status: 'solved' });
				await quiet(stage());
				zendesk.agentUpdates(ticketId, { status: 'open' });
			});
		expect(outcomes((await reopened())('Add card'))).toEqual(['duplicate']);
		klaviyo.marketing.setEmailConsent(profileId, false);
		expect(outcomes((await reopened())('Add card'))).toEqual(['added']);
		expect(cards().map((one) => one.public)).toEqual([false, false]);
		// What a customer can read of the ticket is what they wrote.
		expect(zendesk.ticket(ticketId).comments.filter((one) => one.public)).toHaveLength(1);
	});

	it('is of nobody, if Klaviyo does not know the customer', async () => {
		const { zendesk } = stage().sandbox;
		const { id: requesterId } = zendesk.addUser({ name: 'Hal', email: 'hal@home.test-shop.dev' });
		const output = await reaches(stage(), '08', 'No profile, or several', () =>
			zendesk.agentCreates({ subject: 'Hi', body: 'Hello', requesterId, channel: 'email' }),
		);
		expect(outcomes(output('Get customer card'))).toEqual(['notFound']);
		expect(output('Add card')).toEqual([]);
	});

	it('has no failed execution', async () => {
		await quiet(stage());
		const { n8n, workflow } = stage();
		const workflowId = workflow('08').id;
		expect(await n8n.executions({ workflowId, status: ['error', 'crashed'] })).toEqual([]);
	});
});
