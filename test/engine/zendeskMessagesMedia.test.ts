/** Pictures, the history and a warning that are added to a message's ticket. */
import { type QuickSandbox, startQuickSandbox } from './support/quickTime';
import { createHash, randomBytes } from 'node:crypto';
import type { IDataObject } from 'n8n-workflow';
import type { SandboxTicket } from '../../sandbox/types';
import { file, HOUR, MINUTE, pathsOf, SECOND, textOf } from './support/desk';
import { type MediaHost, startMediaHost } from './support/mediaHost';

const CARD = Buffer.from('BEGIN:VCARD\r\nEND:VCARD\r\n');

describe('Ticket: Create or Reopen From Message, with pictures and notes of a message,', () => {
	let sandbox: QuickSandbox;
	let host: MediaHost;

	beforeEach(async () => {
		[sandbox, host] = await Promise.all([startQuickSandbox(), startMediaHost()]);
	});
	afterEach(async () => {
		await Promise.all([sandbox.close(), host.close()]);
	});

	const onlyTicket = (): SandboxTicket => {
		const [ticket, ...more] = sandbox.zendesk.tickets();
		if (!ticket || more.length > 0) throw new Error(`${more.length + 1} tickets`);
		return ticket;
	};
	const rest = async () => await sandbox.clock.advance(5 * MINUTE);
	const keys = () => onlyTicket().audits.map(({ custom }) => custom.key);
	const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

	describe('pictures:', () => {
		const jpeg = Buffer.concat([Buffer.from('ffd8ffe0', 'hex'), randomBytes(69_996)]);
		const withPictures = (...paths: string[]): IDataObject =>
			textOf(sandbox, { mediaUrls: paths.map((path) => `${host.url}${path}`) });

		beforeEach(() => {
			host.pictures['/1.jpg'] = { body: jpeg };
		});

		it('are attached whole, in a comment of the customer, and stay links in the message', async () => {
			host.pictures['/card'] = { type: 'text/vcard; charset=utf-8', body: CARD };
			const message = withPictures('/1.jpg?key=secret', '/card');
			const { json } = await file(sandbox, [message]);
			expect(json).toMatchObject([{ outcome: 'created' }]);
			expect(json[0]).not.toHaveProperty('mediaErrors');
			const { comments, requesterId, status } = onlyTicket();
			expect(comments).toMatchObject([
				{ body: `Where is my order?\n${host.url}/1.jpg?key=secret\n${host.url}/card` },
				{ public: true, authorId: requesterId, body: expect.stringContaining('Sent with') },
			]);
			expect(comments[1]?.attachments).toEqual([
				{ fileName: 'sms-1.jpg', contentType: 'image/jpeg', size: 70_000, sha256: sha256(jpeg) },
				{
					fileName: 'sms-2.vcf',
					contentType: 'text/vcard',
					size: CARD.length,
					sha256: sha256(CARD),
				},
			]);
			expect(keys()).toEqual([message.key, `${message.key}/media`]);
			expect(status).toBe('new');
		});

		it('are attached once, however often the message arrives', async () => {
			const message = withPictures('/1.jpg');
			await file(sandbox, [message, message]);
			await rest();
			const { json } = await file(sandbox, [message]);
			expect(json).toMatchObject([{ outcome: 'duplicate' }]);
			expect(onlyTicket().comments).toHaveLength(2);
			expect(host.asked).toHaveLength(1);
		});

		it('are ten at most; ticket and item name the others, whose links stay in the message', async () => {
			const paths = Array.from({ length: 14 }, (_, n) => `/1.jpg?n=${n}`);
			const { json } = await file(sandbox, [withPictures(...paths)]);
			expect(host.asked).toHaveLength(10);
			expect(json[0]?.mediaErrors).toEqual([
				'4 more files are not attached: a message may have 10',
			]);
			const [message, pictures] = onlyTicket().comments;
			for (const path of paths) expect(message?.body).toContain(`${host.url}${path}`);
			expect(pictures?.attachments).toHaveLength(10);
			expect(pictures?.body).toContain('4 more files are not attached');
		});

		it('are fetched without any credential', async () => {
			await file(sandbox, [withPictures('/1.jpg')]);
			expect(host.asked).toHaveLength(1);
			const { headers } = host.asked[0] ?? {};
			expect(Object.keys(headers ?? {})).not.toContain('authorization');
			expect(JSON.stringify(headers)).not.toContain(sandbox.zendesk.account.apiToken);
		});

		it('are tried again by catch-up when they could not be fetched; the message is added', async () => {
			host.pictures['/2.jpg'] = { status: 503 };
			const message = withPictures('/1.jpg', '/2.jpg?key=secret');
			const first = await file(sandbox, [message]);
			expect(first.json).toMatchObject([
				{ outcome: 'created', mediaErrors: [`${host.url}/2.jpg answered 503`] },
			]);
			expect(keys()).toEqual([message.key]);
			host.pictures['/2.jpg'] = { body: jpeg };
			await rest();
			const again = await file(sandbox, [message]);
			expect(again.json).toMatchObject([{ outcome: 'duplicate' }]);
			expect(again.json[0]).not.toHaveProperty('mediaErrors');
			expect(onlyTicket().comments[1]?.attachments).toHaveLength(2);
		});

		it('are attached without those that are gone for good, which are named', async () => {
			host.pictures['/page'] = { type: 'text/html', body: Buffer.from('<html>') };
			host.pictures['/drawing'] = { type: 'image/svg+xml', body: Buffer.from('<svg>') };
			host.pictures['/empty'] = { body: Buffer.from('') };
			host.pictures['/huge'] = { body: Buffer.alloc(21 * 1024 * 1024) };
			const unsized = { 'transfer-encoding': 'chunked' };
			host.pictures['/endless'] = { body: Buffer.alloc(21 * 1024 * 1024), headers: unsized };
			host.pictures['/inside'] = { status: 302, headers: { location: 'https://10.0.0.1/x' } };
			host.pictures['/round'] = { status: 301, headers: { location: '/round' } };
			host.pictures['/moved'] = { status: 307, headers: { location: '/1.jpg' } };
			const wrong = [
				'/gone',
				'/page',
				'/drawing',
				'/empty',
				'/huge',
				'/endless',
				'/inside',
				'/round',
			];
			const message = withPictures('/moved', ...wrong);
			(message.mediaUrls as string[]).push('https://192.168.0.1/router');
			const { json } = await file(sandbox, [message]);
			expect(json[0]?.mediaErrors).toEqual([
				`${host.url}/gone answered 404`,
				`${host.url}/page is not a picture, a video, a sound or a contact card (text/html)`,
				`${host.url}/drawing is not a picture, a video, a sound or a contact card (image/svg+xml)`,
				`${host.url}/empty is empty`,
				`${host.url}/huge is larger than 20 MB`,
				`${host.url}/endless is larger than 20 MB`,
				`${host.url}/inside is in a private network`,
				`${host.url}/round leads from one address to the next`,
				'https://192.168.0.1/router is in a private network',
			]);
			expect(onlyTicket().comments[1]?.attachments).toMatchObject([{ sha256: sha256(jpeg) }]);
		});

		it('are attached without files that only claim to be pictures', async () => {
			host.pictures['/program'] = { type: 'video/exe', body: Buffer.from('MZ') };
			host.pictures['/lie'] = { type: 'image/png', body: Buffer.from('<svg onload="x()">') };
			const message = withPictures('/program', '/1.jpg', '/lie');
			(message.mediaUrls as string[]).push('ftp://files.example/x');
			const { json } = await file(sandbox, [message]);
			expect(json[0]?.mediaErrors).toEqual([
				`${host.url}/program is not a picture, a video, a sound or a contact card (video/exe)`,
				`${host.url}/lie is not a picture, a video, a sound or a contact card (image/png)`,
				'ftp://files.example/x is not https',
			]);
			expect(onlyTicket().comments[1]?.attachments).toMatchObject([{ sha256: sha256(jpeg) }]);
		});

		it('that Zendesk does not accept are named, with its words', async () => {
			sandbox.switches.attachmentSize = 1000;
			const { json } = await file(sandbox, [withPictures('/1.jpg')]);
			expect(json).toMatchObject([{ outcome: 'created' }]);
			expect(json[0]?.mediaErrors).toEqual([
				`${host.url}/1.jpg was refused by Zendesk (status 413). The file is too large`,
			]);
		});

		it('are left alone if they should not be attached', async () => {
			const parameters = { options: { attachMedia: false } };
			await file(sandbox, [withPictures('/1.jpg')], { parameters });
			expect(host.asked).toEqual([]);
			expect(onlyTicket().comments).toHaveLength(1);
		});

		it('are added to the ticket that has the message, and nowhere if that is closed', async () => {
			const message = withPictures('/1.jpg');
			host.pictures['/1.jpg'] = { status: 500 };
			await file(sandbox, [message]);
			sandbox.zendesk.agentUpdates(onlyTicket().id, { status: 'closed' });
			host.pictures['/1.jpg'] = { body: jpeg };
			await rest();
			const { json } = await file(sandbox, [message]);
			expect(json).toMatchObject([{ outcome: 'duplicate', ticketId: onlyTicket().id }]);
			expect(onlyTicket().comments).toHaveLength(1);
		});

		it('leave a ticket solved that was solved after the message', async () => {
			const message = withPictures('/1.jpg');
			host.pictures['/1.jpg'] = { status: 500 };
			await file(sandbox, [message]);
			sandbox.zendesk.agentUpdates(onlyTicket().id, { status: 'solved' });
			host.pictures['/1.jpg'] = { body: jpeg };
			await rest();
			await file(sandbox, [message]);
			expect(onlyTicket()).toMatchObject({ status: 'solved', comments: { length: 2 } });
		});
	});

	describe('the history:', () => {
		const history = () => [
			{
				direction: 'outbound',
				kind: 'campaign',
				body: '20% off',
				sentAt: new Date(sandbox.clock.now() - HOUR).toISOString(),
			},
		];
		const notes = () => onlyTicket().comments.filter(({ public: isPublic }) => !isPublic);

		it('is an internal note on a ticket that the message opens, once', async () => {
			const message = textOf(sandbox, { history: history() });
			const { json } = await file(sandbox, [message]);
			expect(json).toMatchObject([{ outcome: 'created' }]);
			expect(notes()).toMatchObject([{ body: expect.stringContaining('→ **Campaign:** 20% off') }]);
			await rest();
			await file(sandbox, [message]);
			expect(notes()).toHaveLength(1);
		});

		it('is not added to an existing ticket, and costs nothing at rest', async () => {
			await file(sandbox, [textOf(sandbox)]);
			await rest();
			await file(sandbox, [textOf(sandbox, { history: history() })]);
			expect(notes()).toEqual([]);
			expect(onlyTicket().comments).toHaveLength(2);
			await rest();
			const before = pathsOf(sandbox).length;
			await file(sandbox, [textOf(sandbox, { history: [] })]);
			expect(pathsOf(sandbox).slice(before)).toHaveLength(2);
		});

		it('is added by catch-up when the run that opened the ticket has died', async () => {
			const message = textOf(sandbox);
			await file(sandbox, [message]);
			await rest();
			await file(sandbox, [{ ...message, history: history() }]);
			expect(notes()).toHaveLength(1);
		});

		it('does not keep the message from being added when it is not a list of messages', async () => {
			const { json } = await file(sandbox, [
				textOf(sandbox, { history: 'none' }),
				textOf(sandbox, { history: [{ body: 1 }], from: '+12125550124' }),
			]);
			expect(json).toMatchObject([{ outcome: 'created' }, { outcome: 'created' }]);
		});
	});

	describe('a warning:', () => {
		const optedOut = (): IDataObject => textOf(sandbox, { reason: 'optOutInMessage' });

		it('tells agents once that the message has unsubscribed the customer', async () => {
			const message = optedOut();
			await file(sandbox, [message]);
			await rest();
			await file(sandbox, [message]);
			expect(onlyTicket().comments).toMatchObject([
				{ public: true },
				{ public: false, body: expect.stringContaining('may not reach them') },
			]);
		});

		it('blames no word, because Klaviyo also goes by what a message means', async () => {
			await file(sandbox, [{ ...optedOut(), body: 'Please no more messages' }]);
			expect(onlyTicket().comments.at(-1)?.body).not.toContain('word');
		});

		it('is left out where it is not wanted', async () => {
			await file(sandbox, [optedOut()], { parameters: { options: { warnOnOptOut: false } } });
			expect(onlyTicket().comments).toHaveLength(1);
		});

		it('that cannot be written is named, and the message is added', async () => {
			sandbox.switches.ticketListLag = 60 * SECOND;
			const message = optedOut();
			const { json } = await file(sandbox, [message]);
			expect(json).toMatchObject([
				{ outcome: 'created', noteErrors: [expect.stringContaining('is not listed yet')] },
			]);
			await rest();
			expect((await file(sandbox, [message])).json[0]).not.toHaveProperty('noteErrors');
			expect(onlyTicket().comments).toHaveLength(2);
		});
	});
});
