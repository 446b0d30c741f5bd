/** A stranger's text is shown as it was written, with no other effect, and a lot of it does not slow the page down. */
import { zendeskClient } from '../unit/sandbox/bench';
import { count, phoneOf, ticketOf, trafficOf } from './support/console';
import { overflows } from './support/seen';
import { closeBrowser, closeStages, describeInBrowser, openConsole } from './support/stage';

afterEach(closeStages);
afterAll(closeBrowser);

const hostile = [
	'<script>document.title = "taken"</script>',
	'<img src=x onerror="document.title = \'taken\'">',
	'"><svg onload=alert(1)>',
	'javascript:alert(1) and https://good.example/?q="><b>x</b>',
	'{{constructor.constructor("alert(1)")()}} ${alert(1)}',
	'\u202Eright to left\u202C and Z\u0351\u036B\u0343\u036A\u0302\u036B\u033D\u034F',
	`${'W'.repeat(400)}`,
];
const customer = { phone: '+12025550111', firstName: '<b onmouseover=alert(1)>Mal</b>' };

describeInBrowser('The console', () => {
	it('shows hostile messages as text, in every part of the page', async () => {
		const { sandbox, page, complaints } = await openConsole({ sync: true });
		const dialogs: string[] = [];
		page.on('dialog', (dialog) => {
			dialogs.push(dialog.message());
			void dialog.dismiss();
		});
		sandbox.klaviyo.addProfile({ ...customer, email: 'mal@shop.example' });
		for (const body of hostile)
			sandbox.klaviyo.customerWrites({
				from: customer.phone,
				body,
				mediaUrl: 'javascript:alert(1)',
			});
		const agent = sandbox.zendesk.addUser({ name: '<i>Agent</i>', role: 'agent' });
		await sandbox.until('the ticket', () => sandbox.zendesk.tickets()[0]?.comments.length === 7);
		for (const body of hostile)
			sandbox.zendesk.agentComments('101', body, { public: false, agentId: agent.id });
		sandbox.zendesk.agentUpdates('101', { tags: ['<u>tag</u>'] });

		await ticketOf(page, '101').locator('.comment').nth(13).waitFor();
		const shown = ticketOf(page, '101').locator('.comment .words');
		const { comments } = sandbox.zendesk.ticket('101');
		expect(await shown.allTextContents()).toEqual(comments.map(({ body }) => body));
		expect(await phoneOf(page).locator('.bubble .words').allTextContents()).toEqual(hostile);
		await phoneOf(page).getByText(customer.firstName).first().waitFor();
		await page.getByRole('tabpanel').locator('.event summary').first().click();
		await ticketOf(page, '101').getByRole('button', { name: 'History' }).click();
		await trafficOf(page).locator('.entry button').first().click();
		await trafficOf(page).locator('.detail pre').first().waitFor();
		expect(await page.locator('#console :is(script, img, b, u)').count()).toBe(0);
		for (const link of await page.locator('#console a').all())
			expect(await link.getAttribute('href')).toMatch(/^(#panes|https?:)/);
		expect(await page.title()).toBe('Sandbox console');
		expect(await overflows(page)).toBe(false);
		expect(dialogs).toEqual([]);
		expect(complaints).toEqual([]);
	});

	it('runs no script but its own', async () => {
		const { page, sandbox } = await openConsole();
		const answer = await page.request.get(sandbox.controlUrl);
		const policy = answer.headers()['content-security-policy'] ?? '';
		expect(policy).toContain("default-src 'none'");
		expect(policy).not.toContain('unsafe');
		await page.evaluate(
			`document.body.append(Object.assign(document.createElement('script'), {textContent: 'document.title = "taken"'}))`,
		);
		expect(await page.title()).toBe('Sandbox console');
	});

	it('stays quick with 500 tickets and thousands of calls, and pages them', async () => {
		const { sandbox, page } = await openConsole();
		const { zendesk, klaviyo } = sandbox;
		for (let n = 0; n < 500; n += 1) {
			const phone = `+1202555${String(1000 + n)}`;
			klaviyo.addProfile({ firstName: `Customer ${n}`, phone });
			klaviyo.customerWrites({ from: phone, body: `Text ${n}` });
			const requesterId = zendesk.addUser({ name: `Customer ${n}`, phone }).id;
			zendesk.agentCreates({ subject: `Question ${n}`, body: 'Words', requesterId });
		}
		const client = zendeskClient(sandbox);
		for (let n = 0; n < 3000; n += 50)
			await Promise.all(
				Array.from({ length: 50 }, () => client.get('/api/v2/tickets?external_id=none')),
			);
		await page.getByText('3,000').waitFor();
		expect(await count(page.locator('.ticket-row'), 50)).toBe(50);
		expect(await page.locator('.entry').count()).toBe(100);
		await page.getByRole('button', { name: 'Show more (450 more)' }).click();
		expect(await count(page.locator('.ticket-row'), 150)).toBe(150);
		await page.getByRole('button', { name: 'Show earlier (2,900 more)' }).click();
		expect(await count(page.locator('.entry'), 300)).toBe(300);

		const began = Date.now();
		klaviyo.customerWrites({ from: '+12025551000', body: 'Am I seen?' });
		await page.getByRole('button', { name: /Choose another customer/ }).click();
		await page.getByLabel('Search customers').fill('Customer 0');
		await page.locator('.choices').getByText('Am I seen?').click();
		await phoneOf(page).getByText('Am I seen?').last().waitFor();
		expect(Date.now() - began).toBeLessThan(3000);
	});

	it('says when the connection is lost, and continues when it is back', async () => {
		const { sandbox, page } = await openConsole();
		await page.context().setOffline(true);
		await page.reload().catch(() => undefined);
		await page.context().setOffline(false);
		await page.goto(sandbox.controlUrl);
		await page.getByText('Live', { exact: true }).waitFor();
		await sandbox.close();
		await page.getByText('Connection lost').waitFor();
		await page.getByRole('button', { name: 'Move the clock 1 min on' }).click();
		await page.getByText('The sandbox does not answer. Is it still running?').waitFor();
	});
});
