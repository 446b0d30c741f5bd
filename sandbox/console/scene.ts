import { join } from 'node:path';
import type { Page } from 'playwright-core';

const size = { width: 1440, height: 900 };
/** The sync may be a real n8n on a busy machine. */
const retryForMs = 60_000;

/** What a scene has led to. */
interface Scene {
	/** The ticket that was opened. */
	ticketId: string;
}

/**
 * Plays a customer and an agent on the console by clicking, until every part of the page shows something. n8n, or a
 * stand-in, has to sync meanwhile: a message must become a ticket, and a public answer a message. Needs a sandbox in which
 * nothing has happened yet, with the switch `whatsAppFromStart`.
 */
export async function playScene(page: Page): Promise<Scene> {
	const phone = page.getByRole('region', { name: 'Customer' });
	const create = async (name: string, email: string): Promise<void> => {
		await page.getByRole('button', { name: 'New customer' }).first().click();
		const dialog = page.getByRole('dialog', { name: 'New customer' });
		await dialog.getByLabel('First name').fill(name);
		await dialog.getByLabel('E-mail').fill(email);
		await dialog.getByRole('button', { name: 'Create' }).click();
		await dialog.waitFor({ state: 'detached' });
		await phone.getByText('No messages yet').waitFor();
	};
	const text = async (words: string): Promise<void> => {
		await phone.getByRole('textbox', { name: /^Text as/ }).fill(words);
		await phone.getByRole('button', { name: 'Send', exact: true }).click();
		await page.locator('.comment', { hasText: words }).first().waitFor({ timeout: retryForMs });
	};
	await create('Ben', 'ben@customer.example');
	await text('Do you deliver on Saturdays?');
	await create('Ana', 'ana@customer.example');
	await phone.getByRole('button', { name: 'WhatsApp' }).click();
	await text('Hi! Where is my order 10482? It was due on Monday.');

	const ticket = page.getByRole('article', { name: /^Ticket / });
	const ticketId = (await ticket.getAttribute('aria-label'))?.replace(/\D/g, '') ?? '';
	await ticket.getByRole('button', { name: 'Internal note' }).click();
	await ticket
		.getByRole('textbox', { name: 'Internal note' })
		.fill('Carrier says: out for delivery');
	await ticket.getByRole('button', { name: 'Add note' }).click();
	await ticket.getByRole('button', { name: 'Public reply' }).click();
	const reply = 'Hi Ana, it is on the van and should be with you before six today.';
	await ticket.getByRole('textbox', { name: 'Public reply' }).fill(reply);
	await ticket.getByLabel('Status after sending').selectOption('pending');
	await ticket.getByRole('button', { name: 'Send' }).click();
	await phone.getByText(reply).waitFor({ timeout: retryForMs });
	await text('Great, thank you so much!');
	return { ticketId };
}

/** Plays the scene and takes its pictures: `console-light.png` and `console-dark.png` in `folder`. */
export async function screenshotConsole(page: Page, folder: string): Promise<Scene> {
	await page.setViewportSize(size);
	await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
	const scene = await playScene(page);
	// Nothing has the focus, and everything under way has arrived.
	await page.keyboard.press('Escape');
	await page.waitForTimeout(3000);
	await page.screenshot({ path: join(folder, 'console-light.png') });
	await page.emulateMedia({ colorScheme: 'dark' });
	await page.screenshot({ path: join(folder, 'console-dark.png') });
	return scene;
}
