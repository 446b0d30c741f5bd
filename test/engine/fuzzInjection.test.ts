/** Injection through messages, names, numbers and ids: markup, templates, query languages, paths, headers. */
import { type QuickSandbox, startQuickSandbox } from './support/quickTime';
import type { IDataObject } from 'n8n-workflow';
import { CUSTOMER, file, MINUTE, runTicket, textOf } from './support/desk';
import { klaviyoRunner } from './support/klaviyoNode';

const goOn = { onError: 'continueRegularOutput' } as const;
const OTHER = '+12125550124';

const ATTACKS = [
	'{{ticket.id}} {{ticket.requester.email}} {{dc.welcome}} {{current_user.email}}',
	'{% for c in ticket.comments %}{{c}}{% endfor %}',
	'{{{ticket.id}}} { {ticket.id} } {{ticket.id',
	'<script>alert(1)</script><img src=x onerror=alert(1)>',
	'&lt;b&gt; &#123;&#123;ticket.id&#125;&#125; &amp;',
	'[click](javascript:alert(1)) <a href="javascript:alert(1)">x</a>',
	'one\r\ntwo\rthree\nfour',
	'</div><div class="zd-comment">I am an agent</div>',
	'={{ 6 * 7 }} {{ $json.key }} ${6 * 7}',
];

describe('Injection:', () => {
	let sandbox: QuickSandbox;

	beforeEach(async () => {
		sandbox = await startQuickSandbox();
	});
	afterEach(async () => await sandbox.close());

	const rest = async () => await sandbox.clock.advance(5 * MINUTE);
	const onlyTicket = () => {
		const [ticket, ...more] = sandbox.zendesk.tickets();
		if (!ticket || more.length > 0) throw new Error(`${more.length + 1} tickets`);
		return ticket;
	};
	/** As a person reads it, with the line ends that a comment has. */
	const shown = (text: string) => text.replace(/\r\n?/g, '\n');
	/** Paths that Zendesk and Klaviyo were asked for. */
	const paths = () => sandbox.calls().map(({ method, path }) => `${method} ${path}`);

	describe('a message', () => {
		it.each(ATTACKS)(
			'%j is shown as it was typed, in the first comment and in the next',
			async (body) => {
				for (const from of [1, 2]) {
					await file(sandbox, [textOf(sandbox, { body, part: from })]);
					await rest();
				}
				const { comments } = onlyTicket();
				expect(comments.map((comment) => comment.body)).toEqual([shown(body), shown(body)]);
				for (const { htmlBody } of comments) expect(htmlBody).not.toMatch(/<(?!\/?(?:div|br)\b)/);
			},
		);

		it.each(ATTACKS)(
			'%j is shown as it was in notes, which are written in an agent’s name',
			async (body) => {
				await file(sandbox, [
					textOf(sandbox, {
						body: 'Hi',
						history: [
							{
								direction: 'inbound',
								kind: 'campaign',
								body,
								sentAt: new Date(0).toISOString(),
								campaign: { name: body },
							},
						],
					}),
				]);
				await rest();
				const outbound = textOf(sandbox, {
					event: 'delivered',
					kind: 'campaign',
					direction: 'outbound',
					to: CUSTOMER,
					body,
					campaign: { name: body },
				});
				await runTicket(sandbox, 'logOutbound', [outbound]);
				const [, history, note] = onlyTicket().comments;
				for (const comment of [history, note]) {
					expect(comment?.body.split(shown(body)).length).toBeGreaterThan(1);
					expect(comment?.htmlBody).not.toMatch(/<(?!\/?(?:div|br|strong|em)\b)/);
					expect(comment?.body).not.toContain(sandbox.zendesk.account.email);
				}
			},
		);
	});

	describe('a name', () => {
		it.each([
			['{{ticket.requester.email}}', '{ {ticket.requester.email}}'],
			['{% include x %}', '{ % include x %}'],
			['{{{x}}}', '{ { {x}}}'],
			['Ana\r\nBcc: all@example.com', 'Ana Bcc: all@example.com'],
			['Ana\u202egpj.exe', 'Anagpj.exe'],
			['role:admin "type:user"', 'role:admin "type:user"'],
			[`${'A'.repeat(5000)}`, 'A'.repeat(100)],
		])('%j is one plain line, in the subject and for the user', async (name, plain) => {
			await file(sandbox, [textOf(sandbox, { customer: { name } })]);
			const { subject, requesterId } = onlyTicket();
			expect(subject).toBe(`SMS from ${plain} (${CUSTOMER})`);
			const user = sandbox.zendesk.users().find(({ id }) => id === requesterId);
			expect(user).toMatchObject({ name: plain, role: 'end-user' });
		});

		it('that a builder puts into a subject is one line there, too', async () => {
			const parameters = { options: { subject: '={{ $json.body }}' } };
			await file(sandbox, [textOf(sandbox, { body: '{{ticket.id}}\r\nx' })], { parameters });
			expect(onlyTicket().subject).toBe('{ {ticket.id}} x');
		});
	});

	describe('an e-mail address', () => {
		it.each([
			'" role:admin "',
			'*',
			'kim@acme.co" OR role:admin',
			'role:admin',
			'kim@acme',
			'@acme.co',
			'kim@acme.co\r\nBcc: x@y.co',
		])('%j finds only the user who has it', async (email) => {
			sandbox.zendesk.addUser({ name: 'Kim', email: 'kim@acme.co' });
			sandbox.zendesk.addUser({ name: 'Boss', email: 'boss@acme.co', role: 'admin' });
			const before = sandbox.zendesk.users().map(({ id }) => id);
			const { json } = await file(sandbox, [textOf(sandbox, { customer: { email } })], goOn);
			expect(json).toMatchObject([{ outcome: 'created' }]);
			expect(before).not.toContain(onlyTicket().requesterId);
			const counted = await runTicket(sandbox, 'countOpen', [{ email }], {
				parameters: { countBy: 'email' },
			});
			expect(counted.json).toMatchObject([{ openTickets: 0, requesterId: null }]);
			// An invalid address is not searched for: a search may understand more than we do.
			const searched = sandbox.calls().map(({ query }) => query.query ?? '');
			expect(searched.filter((query) => query.startsWith('email:'))).toHaveLength(1);
		});

		it('of an agent does not turn its sender into an agent', async () => {
			const agent = sandbox.zendesk.addUser({ name: 'Kim', email: 'kim@acme.co', role: 'agent' });
			await file(sandbox, [textOf(sandbox, { customer: { email: 'KIM@acme.co' } })]);
			expect(onlyTicket().requesterId).not.toBe(agent.id);
		});
	});

	describe('a scope', () => {
		it.each([
			'브랜드',
			'é',
			'two words',
			'a"b\\c',
			'type:user role:admin',
			'x\r\nX-Evil: 1',
			'a,b&status=closed#x',
			'../../users/1',
			'{{ticket.id}}',
			'📦'.repeat(50),
		])('%j keeps its conversation apart from all others', async (scope) => {
			const scoped = { parameters: { options: { scope } } };
			for (const setup of [scoped, {}, scoped]) {
				const { json } = await file(sandbox, [textOf(sandbox)], { ...setup, ...goOn });
				expect(json[0]).not.toHaveProperty('error');
				await rest();
			}
			const tickets = sandbox.zendesk.tickets();
			expect(tickets.map(({ externalId, comments }) => [externalId, comments.length])).toEqual([
				[`klaviyo:sms:${CUSTOMER}:${scope}`, 2],
				[`klaviyo:sms:${CUSTOMER}`, 1],
			]);
		});
	});

	it('scopes of any script are told apart in the idempotency key', async () => {
		for (const scope of ['브랜드', '도매', 'é', 'è', '']) {
			const { json } = await file(sandbox, [textOf(sandbox)], {
				parameters: { options: { scope } },
			});
			expect(json).toMatchObject([{ outcome: 'created' }]);
		}
		const keys = sandbox.calls().flatMap(({ headers }) => headers['idempotency-key'] ?? []);
		expect(new Set(keys).size).toBe(5);
		for (const key of keys) expect(key).toMatch(/^[\x20-\x7e]{1,255}$/);
	});

	describe('a time', () => {
		const HOUR = 60 * MINUTE;
		const at = (ahead: number) => new Date(sandbox.clock.now() + ahead).toISOString();

		it('in the future keeps the message until then, because it could be added twice before', async () => {
			await file(sandbox, [textOf(sandbox)]);
			const message = textOf(sandbox, { sentAt: at(2 * HOUR), body: 'From the future' });
			for (const _ of [1, 2]) {
				const { json } = await file(sandbox, [message], goOn);
				expect(json[0]?.error).toMatch(/is ahead of Zendesk's clock/);
				await rest();
			}
			await sandbox.clock.advance(2 * HOUR);
			for (const outcome of ['commented', 'duplicate']) {
				expect((await file(sandbox, [message], goOn)).json).toMatchObject([{ outcome }]);
				await rest();
			}
		});

		it('within a minute of Zendesk’s is accepted', async () => {
			const message = textOf(sandbox, { sentAt: at(50_000) });
			for (const outcome of ['created', 'duplicate']) {
				expect((await file(sandbox, [message])).json).toMatchObject([{ outcome }]);
				await sandbox.clock.advance(5000);
			}
		});

		it.each(['1970-01-01T00:00:00.000Z', '0001-01-01T00:00:00Z'])(
			'%s is refused',
			async (sentAt) => {
				const { json } = await file(sandbox, [textOf(sandbox, { sentAt })], goOn);
				expect(json[0]?.error).toMatch(/more than 28 days old/);
			},
		);

		it.each(['+099999-01-01T00:00:00Z', 'tomorrow', '1e999'])('%s is refused', async (sentAt) => {
			const { json } = await file(sandbox, [textOf(sandbox, { sentAt })], goOn);
			expect(json[0]?.error).toMatch(/'Sent At' is not a valid date|ahead of Zendesk's clock/);
			expect(sandbox.zendesk.tickets()).toEqual([]);
		});
	});

	describe('a ticket’s id', () => {
		it.each(['../users/1', '..', '1/../../users', '1?include=users', '1#', '1%2f..', ' '])(
			'%j leads to no other path',
			async (ticketId) => {
				await file(sandbox, [textOf(sandbox)]);
				await rest();
				const before = paths().length;
				for (const operation of ['get', 'addMessage', 'reopen', 'claimReply', 'addInternalNote'])
					await runTicket(
						sandbox,
						operation,
						[{ ...textOf(sandbox), ticketId, commentId: '1', comment: { id: '1' } }],
						operation === 'addInternalNote' ? { ...goOn, parameters: { note: 'x' } } : goOn,
					);
				const asked = paths().slice(before);
				expect(
					asked.filter((path) => !/^GET \/api\/v2\/(?:tickets(?:\/|$)|ticket_fields)/.test(path)),
				).toEqual([]);
				expect(onlyTicket().comments).toHaveLength(1);
			},
		);
	});

	describe('Klaviyo’s filter', () => {
		const get = klaviyoRunner(() => sandbox, 'profile', 'get');
		const values = [
			'x"),equals(id,"y',
			'x"],any(email,["victim@home.co',
			"it's",
			'a\\',
			'a\\"b',
			'(),[]',
			'"',
			'Ünï "quoted" (x)',
		];

		it.each(values)('finds by %j only who has exactly that', async (externalId) => {
			sandbox.klaviyo.addProfile({ email: 'victim@home.co', phone: OTHER });
			const upsert = klaviyoRunner(() => sandbox, 'profile', 'upsert');
			expect((await get([{}], { externalId }, goOn)).json[0]).not.toHaveProperty('profileId');
			await upsert([{}], { email: 'own@home.co', externalId });
			const { json } = await get([{}], { externalId }, goOn);
			expect(json).toMatchObject([{ email: 'own@home.co', externalId }]);
		});

		it.each([...values, 'victim@home.co" '])(
			'finds nobody by %j as an id or an address',
			async (value) => {
				sandbox.klaviyo.addProfile({ email: 'victim@home.co', phone: OTHER });
				const items: IDataObject[] = [{ profileId: value }, { email: value }];
				const { json } = await get(items, { email: '={{ $json.email }}' }, goOn);
				for (const found of json) expect(found.phone).not.toBe(OTHER);
			},
		);
	});
});
