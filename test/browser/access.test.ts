/** Accessibility of the console: by keyboard alone, in light and dark, on a small screen, read aloud. */
import type { Page } from 'playwright-core';
import { createCustomer, phoneOf, text, ticketOf, trafficOf } from './support/console';
import { background, focused, overflows, seenList, showsFocus } from './support/seen';
import { closeBrowser, closeStages, describeInBrowser, openConsole } from './support/stage';

afterEach(closeStages);
afterAll(closeBrowser);

/** Something in each part of the page. */
async function fill(page: Page): Promise<void> {
	await createCustomer(page, 'Ana');
	await text(page, 'Where is my order?');
	const ticket = ticketOf(page, '101');
	await ticket.getByRole('textbox', { name: 'Public reply' }).fill('On its way');
	await ticket.getByRole('textbox', { name: 'Public reply' }).press('Enter');
	await phoneOf(page).getByText('On its way').waitFor();
	await page.keyboard.press('Escape');
	await page.keyboard.press('n');
	await page.keyboard.type('A note');
	await page.keyboard.press('Enter');
	await ticket.getByText('A note').waitFor();
	await page.getByRole('button', { name: 'Move the clock 1 h on' }).click();
	await page.getByText('1 h ahead').waitFor();
}

/** Each view of the page in turn. */
async function eachView(page: Page, look: (name: string) => Promise<void>): Promise<void> {
	await look('conversation');
	await ticketOf(page, '101').getByRole('button', { name: 'History' }).click();
	await trafficOf(page).locator('.entry button').first().click();
	await trafficOf(page).locator('.detail pre').first().waitFor();
	await page.getByRole('tabpanel').locator('.event summary').first().click();
	await page.getByText('Text as the brand').click();
	await look('history and details');
	await page.getByRole('tab', { name: /Faults/ }).click();
	await page.getByLabel('Lost answers, %').fill('5');
	await page.getByLabel('Lost answers, %').press('Enter');
	await look('faults');
	await page.getByRole('tab', { name: /Connect/ }).click();
	await look('connect');
	await page.getByRole('button', { name: /Choose another customer/ }).click();
	await look('customers');
	await page.keyboard.press('Escape');
	await page.getByRole('button', { name: 'Help and shortcuts' }).click();
	await look('help');
	await page.keyboard.press('Escape');
	await phoneOf(page).getByRole('button', { name: 'WhatsApp' }).click();
	await look('WhatsApp');
	await text(page, 'Is it there yet?');
	await phoneOf(page).getByRole('timer').waitFor();
	await look('WhatsApp, while it can be answered');
	await phoneOf(page).getByRole('button', { name: 'Let it run out' }).click();
	await phoneOf(page).getByText('The 24 hours are over').waitFor();
	await look('WhatsApp, after that');
	for (const status of ['open', 'pending', 'hold', 'solved']) {
		await ticketOf(page, '101').getByLabel('Status', { exact: true }).selectOption(status);
		await page.locator(`.ticket-row .status-${status}`).waitFor();
		await look(`status ${status}`);
	}
}

describeInBrowser('The console', () => {
	it('can be used by keyboard alone, and always shows the focus', async () => {
		const { sandbox, page, complaints } = await openConsole({ sync: true });
		const press = async (...keys: string[]): Promise<void> => {
			for (const key of keys) {
				await page.keyboard.press(key);
				expect(await showsFocus(page)).toBe(true);
			}
		};
		await page.keyboard.press('c');
		await press('Enter');
		expect(await focused(page)).toBe('First name');
		await page.keyboard.type('Kim');
		await press('Tab', 'Tab', 'Tab', 'Tab', 'Tab');
		expect(await focused(page)).toBe('Create');
		await page.keyboard.press('Enter');
		await phoneOf(page).getByText('No messages yet').waitFor();

		expect(await focused(page)).toBe('compose');
		await page.keyboard.type('First line');
		await page.keyboard.press('Shift+Enter');
		await page.keyboard.type('second line');
		await press('Enter');
		await ticketOf(page, '101').getByText('First line').waitFor();
		expect(sandbox.klaviyo.phone('+12025550111')[0]?.body).toBe('First line\nsecond line');
		expect(await focused(page)).toBe('compose');

		await page.keyboard.press('Escape');
		await press('r');
		await page.keyboard.type('An answer');
		await press('Enter');
		await phoneOf(page).getByText('An answer').waitFor();
		await page.keyboard.press('Escape');
		await press('n');
		await page.keyboard.type('A note');
		await press('Enter');
		await ticketOf(page, '101').getByText('Internal note', { exact: true }).last().waitFor();
		await page.keyboard.press('Escape');

		await press('l', 'ArrowDown', 'ArrowUp', 'End', 'Home', 'Enter');
		await trafficOf(page).locator('.detail').waitFor();
		await press('s', 'ArrowRight', 'ArrowLeft', 'ArrowLeft');
		expect(await focused(page)).toBe('profile');
		await press('t');
		await press('k', 'Enter');
		await page.getByText('1 min ahead').waitFor();
		await press('v', 'Enter');
		expect(await focused(page)).toBe('Search customers');
		await press('Tab', 'Escape');
		expect(await focused(page)).toBe('customers');

		await page.keyboard.press('?');
		await page.getByRole('switch', { name: 'Single-key shortcuts' }).click();
		await page.keyboard.press('Escape');
		await page.keyboard.press('?');
		expect(await page.getByRole('dialog').count()).toBe(0);
		await page.reload();
		await page.getByRole('main').waitFor();
		await page.keyboard.press('?');
		expect(await page.getByRole('dialog').count()).toBe(0);
		expect(complaints).toEqual([]);
	});

	it('reaches everything with the Tab key, in order, and lists as one stop', async () => {
		const { page } = await openConsole({ sync: true });
		await fill(page);
		await page.reload();
		await ticketOf(page, '101').waitFor();
		const stops: string[] = [];
		for (let presses = 0; presses < 60; presses += 1) {
			await page.keyboard.press('Tab');
			stops.push(await focused(page));
			expect(await showsFocus(page)).toBe(true);
			if (stops.at(-1)?.includes('log') && stops.length > 10) break;
		}
		const inOrder = [
			'Skip to the conversation',
			'clock',
			'Help and shortcuts',
			'customers',
			'compose',
			'Search tickets',
			'tickets',
			'Status',
			'reply note',
			'profile',
			'SMS marketing',
			'log-fold',
		];
		expect(stops.filter((stop) => inOrder.includes(stop))).toEqual(inOrder);
	});

	it.each(['light', 'dark'] as const)(
		'is readable in the %s: enough contrast, a name for everything, targets large enough',
		async (colorScheme) => {
			const { page } = await openConsole({ sync: true, browser: { colorScheme } });
			expect(await seenList(page, 'contrastFaults')).toEqual([]);
			await fill(page);
			const faults: Record<string, string[]> = {};
			await eachView(page, async (name) => {
				// What comes in is faded in.
				await page.waitForTimeout(250);
				const found = [
					...(await seenList(page, 'contrastFaults')),
					...(await seenList(page, 'namelessControls')),
					...(await seenList(page, 'smallTargets')),
				];
				if (found.length > 0) faults[name] = found;
			});
			expect(faults).toEqual({});
		},
	);

	it('follows the system from light to dark, and remembers another choice', async () => {
		const { page } = await openConsole({ browser: { colorScheme: 'light' } });
		const light = await background(page, 'body');
		await page.emulateMedia({ colorScheme: 'dark' });
		const dark = await background(page, 'body');
		expect(dark).not.toBe(light);
		await page.getByRole('button', { name: /Colours: as the system/ }).click();
		expect(await background(page, 'body')).toBe(light);
		await page.reload();
		await page.getByRole('main').waitFor();
		expect(await background(page, 'body')).toBe(light);
		await page.getByRole('button', { name: /Colours: light/ }).click();
		await page.emulateMedia({ colorScheme: 'light' });
		expect(await background(page, 'body')).toBe(dark);
	});

	it('tells a screen reader what is new', async () => {
		const { page } = await openConsole({ sync: true });
		await createCustomer(page, 'Ana');
		await text(page, 'Hello');
		const news = page.locator('[aria-live="polite"]');
		await news.getByText('New ticket 101: SMS from Ana').waitFor();
		await ticketOf(page, '101').getByLabel('Status', { exact: true }).selectOption('hold');
		await news.getByText('Ticket 101 is now on hold').waitFor();
	});

	it.each([380, 600, 1280])('shows everything in a window %i wide, side by side', async (width) => {
		const { page } = await openConsole({
			sync: true,
			browser: { viewport: { width, height: 800 }, reducedMotion: 'reduce' },
		});
		await fill(page);
		await page.getByRole('button', { name: 'Move the clock 1 day on' }).click();
		await page.getByText('1 day 1 h ahead of n8n').waitFor();
		const faults: Record<string, string[]> = {};
		await eachView(page, async (name) => {
			// A dialog and an open list lie over the page on purpose.
			const isOver = (await page.locator('dialog[open], .popover-body').count()) > 0;
			const found = [
				...((await overflows(page)) ? ['the page'] : []),
				...(await seenList(page, 'sideways')),
				...(isOver ? [] : await seenList(page, 'overlaps')),
			];
			if (found.length > 0) faults[name] = found;
		});
		expect(faults).toEqual({});
	});

	it.each([
		[1280, 720],
		[800, 900],
		[1920, 1080],
	])('fits a window of %i by %i', async (width, height) => {
		const { page } = await openConsole({ sync: true, browser: { viewport: { width, height } } });
		await fill(page);
		await eachView(page, async () => expect(await overflows(page)).toBe(false));
		await ticketOf(page, '101').getByRole('button', { name: 'Conversation' }).click();
		await ticketOf(page, '101').getByRole('textbox', { name: 'Internal note' }).fill('Still here');
	});
});
