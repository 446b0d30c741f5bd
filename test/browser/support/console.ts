/** Uses the console like a person: by the names on the page. */
import type { Locator, Page } from 'playwright-core';

export const phoneOf = (page: Page): Locator => page.getByRole('region', { name: 'Customer' });
export const storeOf = (page: Page): Locator =>
	page.getByRole('region', { name: 'Agent’s Zendesk' });
export const ticketOf = (page: Page, id: string): Locator =>
	page.getByRole('article', { name: `Ticket ${id}` });
export const trafficOf = (page: Page): Locator => page.getByRole('region', { name: /^Traffic/ });

export async function createCustomer(page: Page, firstName: string): Promise<void> {
	await page.getByRole('button', { name: 'New customer' }).first().click();
	const dialog = page.getByRole('dialog', { name: 'New customer' });
	await dialog.getByLabel('First name').fill(firstName);
	await dialog.getByRole('button', { name: 'Create' }).click();
	await dialog.waitFor({ state: 'detached' });
	await phoneOf(page)
		.getByRole('button', { name: new RegExp(`${firstName}.*Choose another`) })
		.waitFor();
}

export async function text(page: Page, words: string): Promise<void> {
	const field = phoneOf(page).getByRole('textbox', { name: /^Text as/ });
	await field.fill(words);
	await field.press('Enter');
	await phoneOf(page).getByText(words, { exact: true }).last().waitFor();
}

/** Counts on the page, once it has become what was expected or the time is over. */
export async function count(of: Locator, expected: number): Promise<number> {
	const until = Date.now() + 15_000;
	for (;;) {
		const seen = await of.count();
		if (seen === expected || Date.now() > until) return seen;
		await of.page().waitForTimeout(50);
	}
}
