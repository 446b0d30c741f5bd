import { startSandbox } from '../../../sandbox';
import type { Sandbox } from '../../../sandbox/types';

describe("The sandbox Zendesk's uploads", () => {
	let sandbox: Sandbox;

	beforeEach(async () => {
		sandbox = await startSandbox();
	});
	afterEach(async () => await sandbox.close());

	const send = async (path: string, type: string, body: string | object) => {
		const { email, apiToken } = sandbox.zendesk.account;
		const response = await fetch(`${sandbox.zendesk.url}/api/v2/${path}`, {
			method: 'POST',
			headers: {
				authorization: `Basic ${Buffer.from(`${email}/token:${apiToken}`).toString('base64')}`,
				'content-type': type,
			},
			body: typeof body === 'string' ? body : JSON.stringify(body),
		});
		return {
			status: response.status,
			body: (await response.json()) as { upload?: { token: string } },
		};
	};
	const upload = async (filename = 'a.jpg', body = 'bytes') =>
		await send(`uploads?filename=${filename}`, 'image/jpeg', body);
	const attach = async (token: string | undefined) =>
		await send('tickets', 'application/json', {
			ticket: { comment: { html_body: 'x', uploads: [token] } },
		});

	it('are attached by their token, once', async () => {
		const made = await upload();
		expect(made.status).toBe(201);
		expect((await attach(made.body.upload?.token)).status).toBe(201);
		expect((await attach(made.body.upload?.token)).status).toBe(422);
		expect(sandbox.zendesk.tickets()[0]?.comments[0]?.attachments).toMatchObject([
			{ fileName: 'a.jpg', contentType: 'image/jpeg', size: 5 },
		]);
	});

	it('are gone after an hour', async () => {
		const { body } = await upload();
		await sandbox.clock.advance(61 * 60_000);
		expect((await attach(body.upload?.token)).status).toBe(422);
	});

	it('are refused if the ending does not fit, or if empty or too large', async () => {
		expect((await upload('a.png')).status).toBe(422);
		expect((await upload('a.jpg', '')).status).toBe(422);
		sandbox.switches.attachmentSize = 4;
		expect((await upload()).status).toBe(413);
	});
});
