/** `npm run readme`: does what README.md says, word for word. See --help. */
import { cp, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { program } from 'commander';
import { cacheFolder, projectRoot } from './n8n/paths';
import { Player } from './readme/player';
import { faultOf, play } from './readme/rules';
import { runInShell, Typed } from './readme/shell';
import { type Instructions, readInstructions } from './readme/steps';

program
	.name('npm run readme --')
	.description(
		"Follows README.md in a copy of this project: its commands and steps are read out of it. The package is installed into an n8n that has nothing of it, and texted on the sandbox's phone. Fails if a step fails, or is not known to this script.",
	)
	.option('--linked', "use this checkout's node_modules instead of running npm ci")
	.parse();

const { linked = false } = program.opts<{ linked?: boolean }>();
const say = (line: string): void => void process.stdout.write(`${line}\n`);

const START_LIMIT = 300_000;
/** What git does not have either. */
const NOT_COPIED = ['node_modules', 'dist', '.git', 'coverage'];

/** A copy of this project, as one gets it. */
async function copyProject(): Promise<string> {
	const copy = await mkdtemp(join(tmpdir(), 'readme-project-'));
	await cp(projectRoot, copy, {
		recursive: true,
		filter: (path) => !NOT_COPIED.includes(basename(path)) && !path.endsWith('.tgz'),
	});
	if (linked) await symlink(join(projectRoot, 'node_modules'), join(copy, 'node_modules'));
	return copy;
}

/** Caches of this machine, for commands whose home is elsewhere. */
const caches = {
	npm_config_cache: process.env.npm_config_cache ?? join(homedir(), '.npm'),
	N8N_HARNESS_CACHE: cacheFolder(),
};

/** Starts the demo, types into it what the README says, and leaves it. */
async function tryIt({ tryIt: commands, typed }: Instructions, project: string): Promise<void> {
	const options = { cwd: project, env: { ...process.env, ...caches } };
	for (const command of commands.slice(0, -1)) {
		say(`$ ${command}`);
		await runInShell(command, options);
	}
	const [last = ''] = commands.slice(-1);
	say(`$ ${last}`);
	const demo = Typed.start(last, options);
	try {
		await demo.says(/demo> /, START_LIMIT);
		for (const line of typed) {
			say(`demo> ${line}`);
			demo.type(line);
			// Nobody can reply before there is a ticket.
			const [command = ''] = line.split(' ');
			const tag = { text: 'sms', whatsapp: 'whatsapp' }[command];
			if (tag) await demo.says(new RegExp(`ticket \\d+ \\(\\w+, ${tag}\\)`), 60_000, 'show');
		}
		await demo.ends();
	} finally {
		demo.leave();
	}
}

async function main(): Promise<void> {
	const began = Date.now();
	const project = await copyProject();
	let player: Player | undefined;
	try {
		const instructions = readInstructions(await readFile(join(project, 'README.md'), 'utf8'));
		const fault = instructions.steps.map(faultOf).find((one) => one !== undefined);
		if (fault !== undefined) throw new Error(fault);
		const isDone = (command: string): boolean =>
			command === 'npm ci' && (linked || instructions.tryIt.includes(command));
		await tryIt(
			{ ...instructions, tryIt: instructions.tryIt.filter((one) => !(linked && isDone(one))) },
			project,
		);
		player = await Player.start(project, caches, say);
		for (const step of instructions.steps)
			// A second npm ci would only bring the same again.
			await play(player, { ...step, commands: step.commands.filter((one) => !isDone(one)) });
		say(`\nEvery step succeeded. ${Math.round((Date.now() - began) / 1000)} s.`);
	} finally {
		await player?.close();
		await rm(project, { recursive: true, force: true });
	}
}

main().catch((error: unknown) => {
	process.stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n`);
	process.exitCode = 1;
});
