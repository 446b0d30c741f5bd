/** What a builder sees who creates a credential. */
import type { Locator } from 'playwright-core';
import { Panel } from './panel';
import type { Scene } from './scene';

/** n8n's window for a credential. */
class CredentialWindow {
	constructor(private readonly panel: Panel) {}

	/** Opens it for a new credential. */
	async open(url: string, type: string): Promise<void> {
		const { panel } = this;
		await panel.page.goto(`${url}/home/credentials`);
		await panel.byTestId('add-resource-credential').click();
		const search = panel.byTestId('new-credential-type-select').locator('input').first();
		await search.click();
		await search.fill(type);
		const option = panel.byTestId('new-credential-type-select-option');
		await option.filter({ hasText: type }).first().click();
		await panel.byTestId('new-credential-type-button').click();
		await this.dialog.waitFor();
	}

	get dialog(): Locator {
		return this.panel.byTestId('credential-edit-dialog');
	}

	async suggestedName(): Promise<string> {
		return (await this.panel.byTestId('credential-name').innerText()).trim();
	}

	field(name: string): Locator {
		return this.panel.byTestId(`parameter-input-${name}`).locator('input').first();
	}

	/** @returns what n8n says when it has tested it */
	async save(values: Record<string, string>): Promise<string> {
		for (const [name, value] of Object.entries(values)) await this.field(name).fill(value);
		await this.panel.byTestId('credential-save-button').click();
		const details = this.dialog.getByText('More details');
		const success = this.dialog.getByText('Connection tested successfully');
		await details.or(success).filter({ visible: true }).first().waitFor();
		if (await success.isVisible()) return (await success.innerText()).trim();
		await details.click();
		return await this.dialog.innerText();
	}
}

export const describeCredentials = ({ stage, canvas }: Scene): void =>
	describe('A new credential', () => {
		const opened = async (type: string): Promise<CredentialWindow> => {
			const window = new CredentialWindow(new Panel(canvas().page, stage().n8n.url));
			await canvas().page.setViewportSize({ width: 1440, height: 900 });
			await window.open(stage().n8n.url, type);
			return window;
		};

		afterEach(async () => {
			const { rest } = stage().n8n;
			const all = await rest.request<Array<{ id: string; name: string }>>('GET', '/credentials');
			for (const { id, name } of all)
				if (name.endsWith(' 2')) await rest.request('DELETE', `/credentials/${id}`);
		});

		it('for Klaviyo says what is wrong with its key', async () => {
			const window = await opened('Klaviyo API');
			// The templates name the first one.
			expect(await window.suggestedName()).toBe('Klaviyo account 2');
			expect(await window.dialog.innerText()).toContain('Make up at least 16 characters');
			const baseUrl = stage().sandbox.klaviyo.url;
			expect(await window.save({ apiKey: 'pk_wrong', baseUrl })).toContain(
				'Klaviyo does not know this key.',
			);
		});

		it('for Zendesk shows its address, and tests the OAuth client', async () => {
			const { oauthClientId: clientId, oauthClientSecret } = stage().sandbox.zendesk.account;
			const window = await opened('Zendesk Sync OAuth2 API');
			expect(await window.suggestedName()).toBe('Zendesk Sync account 2');
			const address = await window.field('zendeskUrl').boundingBox();
			const dialog = await window.dialog.boundingBox();
			expect((address?.y ?? Infinity) + (address?.height ?? 0)).toBeLessThan(
				(dialog?.y ?? 0) + (dialog?.height ?? 0),
			);
			const zendeskUrl = stage().sandbox.zendesk.url;
			expect(await window.save({ clientId, clientSecret: 'wrong', zendeskUrl })).toContain(
				'Client authentication failed',
			);
			expect(await window.save({ clientSecret: oauthClientSecret })).toBe(
				'Connection tested successfully',
			);
		});
	});
