/** The scene of the pictures in the documents can be played, and looks otherwise in the light and the dark. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { screenshotConsole } from '../../sandbox/console/scene';
import { closeBrowser, closeStages, describeInBrowser, openConsole } from './support/stage';

afterEach(closeStages);
afterAll(closeBrowser);

describeInBrowser('The console', () => {
	it('has its pictures taken in light and dark', async () => {
		const { page, sandbox } = await openConsole({
			sync: true,
			sandbox: { switches: { whatsAppFromStart: true } },
		});
		const folder = mkdtempSync(join(tmpdir(), 'console-'));
		try {
			const { ticketId } = await screenshotConsole(page, folder);
			expect(
				sandbox.zendesk.ticket(ticketId).comments.map(({ public: isPublic }) => isPublic),
			).toEqual([true, false, true, true]);
			const [light, dark] = ['light', 'dark'].map((theme) =>
				readFileSync(join(folder, `console-${theme}.png`)),
			);
			expect(light?.length).toBeGreaterThan(50_000);
			expect(dark?.length).toBeGreaterThan(50_000);
			expect(light?.equals(dark ?? Buffer.of())).toBe(false);
		} finally {
			rmSync(folder, { recursive: true });
		}
	});
});
