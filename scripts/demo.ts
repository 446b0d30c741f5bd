/** `npm run demo`: the whole sync on this machine, without any account. See --help. */
import { program } from 'commander';
import { playConversation } from './demo/conversation';
import { withFollowUp } from './demo/followUp';
import { playAtTerminal } from './demo/prompt';
import { owner } from './n8n/rest';
import { setStage } from './demo/stage';
import type { Tell } from './demo/telling';
import { playWhatsApp } from './demo/whatsApp';

interface Options {
	once?: boolean;
	record?: string;
	port: string;
	zendeskPort: string;
	klaviyoPort: string;
	controlPort: string;
}

program
	.name('npm run demo --')
	.description(
		'Starts a local Zendesk, a local Klaviyo and a real n8n with this package and its templates.',
	)
	.option(
		'--once',
		'play conversations by SMS and WhatsApp, print them, and exit with 0 if every step succeeded',
	)
	.option(
		'--record <file>',
		'write every call to Zendesk and Klaviyo, and its answer, as JSON lines',
	)
	.option('--port <number>', 'port of n8n; 0 for a free one, as for all ports with --once', '5678')
	.option('--zendesk-port <number>', 'port of the local Zendesk', '4010')
	.option('--klaviyo-port <number>', 'port of the local Klaviyo', '4020')
	.option('--control-port <number>', 'port for playing customer and agent over HTTP', '4030')
	.parse();

const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function main(options: Options): Promise<void> {
	const began = Date.now();
	const port = (typed: string): number => (options.once ? 0 : Number(typed));
	const stage = await setStage({
		progress: say,
		sandbox: {
			zendeskPort: port(options.zendeskPort),
			klaviyoPort: port(options.klaviyoPort),
			controlPort: port(options.controlPort),
			switches: { whatsAppFromStart: true },
			...(options.record ? { record: options.record } : {}),
		},
		n8n: { movesClock: true, ...(port(options.port) ? { port: port(options.port) } : {}) },
		publish: ['01', '02', '03', '04', '07'],
		change: withFollowUp,
	});
	try {
		const { sandbox, n8n } = stage;
		say(`\nn8n      ${n8n.url}   sign in as ${owner.email} with ${owner.password}`);
		say(`Zendesk  ${sandbox.zendesk.url}`);
		say(`Klaviyo  ${sandbox.klaviyo.url}`);
		say(`Console  ${sandbox.controlUrl}   open it in a browser to play customer and agent\n`);
		if (!options.once) return await playAtTerminal(stage);
		const tell: Tell = (who, what) => say(`${who.padEnd(12)} ${what}`);
		await playConversation(stage, tell);
		say('');
		await playWhatsApp(stage, tell);
		say(`\nEvery step succeeded. ${Math.round((Date.now() - began) / 1000)} s.`);
	} finally {
		await stage.close();
	}
}

main(program.opts<Options>()).catch((error: unknown) => {
	process.stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n`);
	process.exitCode = 1;
});
