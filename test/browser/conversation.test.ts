/** A whole conversation played by clicking, with a minimal sync instead of n8n. */
import axios from 'axios';
import { klaviyoClient, zendeskClient } from '../unit/sandbox/bench';
import {
	count,
	createCustomer,
	storeOf,
	phoneOf,
	text,
	ticketOf,
	trafficOf,
} from './support/console';
import { background } from './support/seen';
import { closeBrowser, closeStages, describeInBrowser, openConsole } from './support/stage';

afterEach(closeStages);
afterAll(closeBrowser);

describeInBrowser('The console', () => {
	it('plays a conversation from the first message to the closed ticket', async () => {
		const { sandbox, page, complaints } = await openConsole({ sync: true });
		await createCustomer(page, 'Ana');
		expect(sandbox.klaviyo.profiles()).toMatchObject([{ firstName: 'Ana', smsMarketing: true }]);

		await text(page, 'Where is my order?');
		const ticket = ticketOf(page, '101');
		await ticket.getByText('Where is my order?').waitFor();
		expect(await storeOf(page).locator('.ticket-row .pill').allTextContents()).toEqual(['New']);

		await ticket.getByRole('textbox', { name: 'Public reply' }).fill('It arrives tomorrow.');
		await ticket.getByLabel('Status after sending').selectOption('pending');
		await ticket.getByRole('button', { name: 'Send' }).click();
		await phoneOf(page).getByText('It arrives tomorrow.').waitFor();
		expect(sandbox.zendesk.ticket('101').status).toBe('pending');

		await ticket.getByRole('button', { name: 'Internal note' }).click();
		await ticket.getByRole('textbox', { name: 'Internal note' }).fill('She sounds cross');
		await ticket.getByRole('button', { name: 'Add note' }).click();
		const note = ticket.locator('.comment', { hasText: 'She sounds cross' });
		await note.getByText('Internal note').waitFor();
		expect(await background(page, '.comment.is-note')).not.toBe(
			await background(page, '.comment.is-staff'),
		);
		expect(await phoneOf(page).getByText('She sounds cross').count()).toBe(0);

		await text(page, 'Thank you');
		await ticket.getByText('Thank you').waitFor();
		await ticket.getByLabel('Status', { exact: true }).selectOption('Solved');
		await page.getByRole('tabpanel').getByText('Solved Ticket').waitFor();

		// The automation runs at full hours, on what has been solved for 24 of them.
		await page.getByRole('button', { name: 'Move the clock 1 day on' }).click();
		await page.getByText('1 day ahead').waitFor();
		await page.getByRole('button', { name: 'Move the clock 1 h on' }).click();
		await ticket.getByText('This ticket is closed for good.').waitFor();
		expect(sandbox.zendesk.ticket('101').status).toBe('closed');
		await page.getByText('1 day 1 h ahead').waitFor();
		await page.getByRole('tabpanel').getByText('Resolved Ticket').waitFor();

		await ticket.getByRole('button', { name: 'History' }).click();
		await ticket.getByText('by automation').waitFor();
		expect(await ticket.getByText('key: message:').count()).toBe(2);
		expect(complaints).toEqual([]);
	});

	it('lists requests and webhooks with their answers, filtered and paused', async () => {
		const { sandbox, page } = await openConsole({ sync: true });
		await createCustomer(page, 'Ben');
		await text(page, 'Hello');
		await ticketOf(page, '101').waitFor();
		await sandbox.deliveriesSettled();
		const traffic = trafficOf(page);
		const posted = traffic.getByRole('button', {
			name: /n8n → Zendesk POST \/api\/v2\/tickets 201/,
		});
		await posted.click();
		const entry = traffic.getByRole('listitem').filter({ hasText: 'POST/api/v2/tickets201' });
		await entry.getByText('"subject": "SMS from Ben"').first().waitFor();
		await entry.getByText('"authorization": "Basic ***"').waitFor();

		const webhook = traffic.getByRole('button', { name: /Klaviyo → n8n POST \/klaviyo 200/ });
		await webhook.click();
		await traffic.getByText('"message": "Workflow was started"').waitFor();
		await traffic.getByRole('button', { name: 'Webhooks', exact: true }).click();
		await posted.waitFor({ state: 'detached' });
		await traffic.getByRole('button', { name: 'Zendesk', exact: true }).click();
		await webhook.waitFor({ state: 'detached' });
		await traffic.getByRole('button', { name: 'All', exact: true }).click();
		await traffic.getByRole('button', { name: 'Both' }).click();

		await traffic.getByRole('button', { name: 'Pause' }).click();
		const shown = await traffic.locator('.entry').count();
		await text(page, 'Still there?');
		await traffic.getByRole('button', { name: /Go on \(\d+ new\)/ }).waitFor();
		expect(await traffic.locator('.entry').count()).toBe(shown);
		await traffic.getByRole('button', { name: /Go on/ }).click();
		await traffic.getByRole('button', { name: 'Pause' }).waitFor();
		await traffic.locator('.entry').nth(shown).waitFor();
	});

	it('leaves polls out of the traffic until they are asked for, but not those that fail', async () => {
		const { sandbox, page } = await openConsole();
		const { data: metrics } = await klaviyoClient(sandbox).get('/api/metrics');
		const filter = `and(equals(metric_id,"${metrics.data[0].id}"),greater-than(datetime,2026-01-01T00:00:00Z))`;
		const poll = async (): Promise<void> => {
			const start_time = Math.floor(Date.now() / 1000) - 3600;
			await zendeskClient(sandbox).get('/api/v2/incremental/ticket_events', {
				params: { start_time },
			});
			await klaviyoClient(sandbox).get('/api/events', { params: { filter } });
		};
		const traffic = trafficOf(page);
		const polls = traffic.getByRole('button', { name: /incremental|greater-than/ });
		await poll();
		await klaviyoClient(sandbox).get('/api/webhooks');
		await traffic.getByRole('button', { name: /webhooks/ }).waitFor();
		await traffic.getByText('Polls 2').waitFor();
		expect(await polls.count()).toBe(0);
		await traffic.getByRole('checkbox', { name: 'Polls' }).check();
		expect(await count(polls, 2)).toBe(2);
		await traffic.getByRole('checkbox', { name: 'Polls' }).uncheck();
		expect(await count(polls, 0)).toBe(0);
		await axios.patch(`${sandbox.controlUrl}/switches`, { faults: { serverError: 1 } });
		await poll();
		expect(await count(polls, 2)).toBe(2);
	});

	it('makes calls fail by a fault, shows it in the log, and resets everything', async () => {
		const { sandbox, page } = await openConsole({ sync: true });
		await createCustomer(page, 'Cleo');
		await page.getByRole('tab', { name: /Faults/ }).click();
		const rate = page.getByLabel('Server errors, %');
		await rate.fill('100');
		await rate.press('Enter');
		await page.getByRole('tab', { name: /Faults 1 changed/ }).waitFor();
		expect(sandbox.switches.faults.serverError).toBe(1);

		await text(page, 'Anybody there?');
		await trafficOf(page).getByRole('button', { name: 'Problems' }).click();
		await trafficOf(page)
			.getByRole('button', { name: /n8n → Zendesk GET .* 50[03]/ })
			.first()
			.waitFor();
		expect(sandbox.zendesk.tickets()).toEqual([]);

		await page.getByRole('switch', { name: 'Webhooks are sent' }).click();
		await page.getByLabel('Language of errors').selectOption('xx');
		await page.getByLabel('The key’s scopes'.replace('’', "'")).fill('events:read\nprofiles:read');
		await page.getByLabel('Search switches').fill('');
		await page.getByRole('tab', { name: /Faults 4 changed/ }).waitFor();
		expect(sandbox.switches).toMatchObject({
			webhooks: false,
			errorLanguage: 'xx',
			keyScopes: ['events:read', 'profiles:read'],
		});
		await page.getByRole('button', { name: 'Reset all' }).click();
		await page.getByRole('tab', { name: 'Faults', exact: true }).waitFor();
		expect(sandbox.switches).toMatchObject({
			webhooks: true,
			errorLanguage: 'en',
			keyScopes: 'all',
			faults: { serverError: 0 },
		});
	});

	it('shows consent, properties and the messages of a campaign, a flow and the Inbox', async () => {
		const { sandbox, page } = await openConsole();
		await createCustomer(page, 'Dan');
		const side = page.getByRole('tabpanel');
		await side.getByText('Text as the brand').click();
		for (const kind of ['Campaign', 'Flow', 'Inbox']) {
			await side.getByRole('button', { name: kind }).click();
			await side.getByRole('textbox', { name: 'Text Dan as the brand' }).fill(`A ${kind} text`);
			await side.getByRole('button', { name: 'Send' }).click();
			await phoneOf(page).getByText(`A ${kind} text`).waitFor();
		}
		expect(await count(side.getByText('Received Text Message'), 3)).toBe(3);
		expect(sandbox.klaviyo.phone('+12025550111').map(({ kind }) => kind)).toEqual([
			'campaign',
			'flow',
			'inbox',
		]);

		await side.getByRole('switch', { name: 'SMS marketing' }).click();
		await side.getByText('Unsubscribed from Text Messaging Marketing').waitFor();
		await phoneOf(page).getByText('Not subscribed to SMS').waitFor();
		await side.getByRole('textbox', { name: 'Text Dan as the brand' }).fill('Another');
		await side.getByRole('button', { name: 'Send' }).click();
		await side.getByRole('alert').getByText('+12025550111 is not subscribed to SMS').waitFor();
		await text(page, 'START');
		await side.getByText('Subscribed to Text Messaging Marketing', { exact: true }).waitFor();
	});

	it('has SMS, RCS and WhatsApp as apps of their own on one phone, and lets the 24 hours run out', async () => {
		const { sandbox, page, complaints } = await openConsole({
			sync: true,
			sandbox: { switches: { whatsAppFromStart: true } },
		});
		await createCustomer(page, 'Ida');
		await text(page, 'By SMS');
		await ticketOf(page, '101').waitFor();
		const phone = phoneOf(page);
		const open = async (app: string): Promise<void> =>
			await phone.getByRole('button', { name: app }).click();
		await open('WhatsApp');
		await phone.getByText('Can be answered for 24 hours after Ida writes').waitFor();
		expect(await phone.getByText('By SMS').count()).toBe(0);
		await phone.getByLabel('Name on WhatsApp').fill('Ida 🌻');
		await text(page, 'By WhatsApp');
		await phone.getByText(/Can be answered for 23:59:\d\d/).waitFor();
		await phone.getByRole('button', { name: 'Send something without words' }).click();
		await phone.getByText('Without words').waitFor();
		const ticket = ticketOf(page, '102');
		await ticket.getByText('Something without words').waitFor();
		await open('RCS');
		await text(page, 'By RCS');

		// What comes by an app that is not looked at is marked.
		await ticket.getByRole('textbox', { name: 'Public reply' }).fill('On WhatsApp, too');
		await ticket.getByRole('textbox', { name: 'Public reply' }).press('Enter');
		await phone.getByRole('button', { name: 'WhatsApp new messages' }).click();
		await phone.getByText('On WhatsApp, too').waitFor();
		await phone.getByRole('button', { name: 'WhatsApp', exact: true }).waitFor();
		const [{ id } = { id: '' }] = sandbox.klaviyo.profiles();
		expect(
			sandbox.klaviyo.timeline(id).flatMap(({ properties }) => {
				return properties['WhatsApp Display Name'] ?? [];
			}),
		).toEqual(['Ida 🌻', 'Ida 🌻']);

		const side = page.getByRole('tabpanel');
		await side.getByText(/Until .*, as Ida/).waitFor();
		await phone.getByRole('button', { name: 'Let it run out' }).click();
		await phone.getByText('The 24 hours are over').waitFor();
		await side.getByText(/Ended .*, as Ida/).waitFor();
		await side.getByRole('switch', { name: 'WhatsApp marketing' }).click();
		await side.getByText('Subscribed to WhatsApp Marketing').waitFor();
		await side.getByText('Text as the brand').click();
		await side.getByRole('textbox', { name: 'Text Ida as the brand' }).fill('Spring sale');
		await side.getByRole('button', { name: 'Send' }).click();
		await phone.getByText('Spring sale').waitFor();
		const seen = sandbox.klaviyo.phone('+12025550111').map(({ channel }) => channel);
		expect(seen).toEqual(['sms', 'whatsapp', 'whatsapp', 'rcs', 'whatsapp', 'whatsapp']);
		expect(complaints).toEqual([]);
	});

	it('handles several customers and tickets: search, filters, tags, assignee, merge, delete', async () => {
		const { sandbox, page } = await openConsole({ sync: true });
		for (const name of ['Eva', 'Finn']) {
			await createCustomer(page, name);
			await text(page, `It is ${name}`);
			await storeOf(page)
				.getByRole('heading', { name: `SMS from ${name}` })
				.waitFor();
		}
		await page.getByRole('button', { name: /Choose another customer/ }).click();
		await page.getByLabel('Search customers').fill('ev');
		await page.locator('.choices').getByRole('button', { name: /Eva/ }).click();
		await phoneOf(page).getByText('It is Eva').waitFor();
		await storeOf(page).getByRole('button', { name: 'Show this customer' }).waitFor();

		await page.getByLabel('Only Eva').check();
		expect(await count(page.locator('.ticket-row'), 1)).toBe(1);
		await page.getByLabel('Only Eva').uncheck();
		await page.getByLabel('Search tickets').fill('finn');
		expect(await count(page.locator('.ticket-row'), 1)).toBe(1);
		await page.getByLabel('Search tickets').fill('');
		await page.getByLabel('Status of the listed tickets').selectOption('Solved');
		await storeOf(page).getByText('No ticket matches.').waitFor();
		await page.getByLabel('Status of the listed tickets').selectOption('All statuses');

		const ticket = ticketOf(page, '102');
		await ticket.getByLabel('Add tags').fill('vip urgent');
		await ticket.getByLabel('Add tags').press('Enter');
		// A removal sends all the others that the page shows: it is to know of these by then.
		await ticket.getByRole('button', { name: 'Remove the tag urgent' }).waitFor();
		await ticket.getByRole('button', { name: 'Remove the tag sms' }).click();
		await ticket.getByRole('button', { name: 'Remove the tag sms' }).waitFor({ state: 'detached' });
		await ticket.getByLabel('Assignee').selectOption('Mia');
		await sandbox.until('the changes', () => sandbox.zendesk.ticket('102').assigneeId);
		expect(sandbox.zendesk.ticket('102').tags.sort()).toEqual(['urgent', 'vip']);
		expect(sandbox.zendesk.ticket('102').status).toBe('open');

		await ticket.getByRole('button', { name: 'More actions' }).click();
		await ticket.getByRole('button', { name: /Merge/ }).click();
		await ticket.getByText('This ticket is closed for good.').waitFor();
		await ticket.getByText(/closed and merged into request #101/).waitFor();
		await ticket.getByRole('button', { name: 'More actions' }).click();
		await ticket.getByRole('button', { name: 'Delete ticket' }).click();
		await ticket.waitFor({ state: 'detached' });
		expect(sandbox.zendesk.tickets().map(({ id }) => id)).toEqual(['101']);
	});

	it('opens a ticket by hand, and sends a picture', async () => {
		const { sandbox, page } = await openConsole();
		await createCustomer(page, 'Gus');
		await page.getByRole('button', { name: 'Open a ticket by hand' }).click();
		const dialog = page.getByRole('dialog');
		await dialog.getByLabel('Subject').fill('He rang us');
		await dialog.getByLabel('First comment').fill('Wants his money back');
		await dialog.getByRole('button', { name: 'Open ticket' }).click();
		await ticketOf(page, '101').getByText('Wants his money back').waitFor();

		await phoneOf(page).getByRole('button', { name: 'Add a picture' }).click();
		await page.getByLabel('Link to the picture').fill('https://pictures.example/box.jpg');
		await text(page, 'It came like this');
		const link = phoneOf(page).getByRole('link', { name: 'Picture' });
		expect(await link.getAttribute('href')).toBe('https://pictures.example/box.jpg');
		expect(sandbox.klaviyo.timeline(sandbox.klaviyo.profiles()[0]?.id ?? '')).toMatchObject([
			{ properties: { 'Media URL': 'https://pictures.example/box.jpg' } },
		]);
	});
});
