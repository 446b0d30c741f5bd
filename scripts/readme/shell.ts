/** A shell for the README's commands. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { GiveUp, until } from '../n8n/until';

const END = 4000;

/**
 * Runs a command as it is written.
 * @returns what it printed
 * @throws Error with the end of what it printed, if it fails
 */
export async function runInShell(
	command: string,
	{ cwd, env }: { cwd: string; env: NodeJS.ProcessEnv },
): Promise<string> {
	const child = spawn('bash', ['-c', command], { cwd, env });
	child.stdin.end();
	const said = listen(child);
	const code = await new Promise<number | null>((resolve, reject) => {
		child.on('error', reject);
		child.on('close', resolve);
	});
	if (code === 0) return said();
	throw new Error(`'${command}' ended with ${code}:\n${said().slice(-END)}`);
}

function listen(child: ChildProcessWithoutNullStreams): () => string {
	let said = '';
	for (const stream of [child.stdout, child.stderr])
		stream.setEncoding('utf8').on('data', (text: string) => (said += text));
	return () => said;
}

/** A program that reads what is typed. */
export class Typed {
	private readonly said: () => string;
	private readonly ended: Promise<number | null>;
	private hasEnded = false;

	private constructor(
		private readonly command: string,
		private readonly child: ChildProcessWithoutNullStreams,
	) {
		this.said = listen(child);
		this.ended = new Promise((resolve) => child.on('close', resolve));
		void this.ended.then(() => (this.hasEnded = true));
	}

	static start(command: string, options: { cwd: string; env: NodeJS.ProcessEnv }): Typed {
		return new Typed(command, spawn('bash', ['-c', command], options));
	}

	/**
	 * Resolves once it has said what matches.
	 * @param ask typed each second until then
	 */
	async says(wanted: RegExp, timeout: number, ask?: string): Promise<void> {
		await until(
			`'${this.command}' to say ${wanted}`,
			() => {
				if (wanted.test(this.said())) return true;
				if (this.hasEnded) throw new GiveUp(`It has ended: ${this.said().slice(-END)}`);
				if (ask !== undefined) this.type(ask);
				return false;
			},
			{ timeout, every: 1000 },
		);
	}

	type(line: string): void {
		this.child.stdin.write(`${line}\n`);
	}

	/** @throws Error if it does not end by itself, and well */
	async ends(): Promise<void> {
		const code = await this.ended;
		if (code !== 0)
			throw new Error(`'${this.command}' ended with ${code}: ${this.said().slice(-END)}`);
	}

	/** It ends when nobody can type any more. */
	leave(): void {
		this.child.stdin.end();
	}
}
