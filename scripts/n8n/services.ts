/** PostgreSQL and Redis of this machine, which n8n's queue mode needs. Each instance runs its own. */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { accessSync, constants, existsSync, readdirSync, readFileSync } from 'node:fs';
import { chmod, chown, mkdir, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { Part } from './part';
import { DATABASE_USER } from './settings';

const run = promisify(execFile);

/** Where Debian puts PostgreSQL's programs, newest version first. */
function debianFolders(): string[] {
	const home = '/usr/lib/postgresql';
	if (!existsSync(home)) return [];
	const versions = readdirSync(home).sort((one, other) => Number(other) - Number(one));
	return versions.map((version) => join(home, version, 'bin'));
}

function findProgram(name: string): string | undefined {
	const folders = [...(process.env.PATH ?? '').split(delimiter), ...debianFolders()];
	return folders
		.filter((folder) => folder !== '')
		.map((folder) => join(folder, name))
		.find((path) => {
			try {
				accessSync(path, constants.X_OK);
				return true;
			} catch {
				return false;
			}
		});
}

interface User {
	uid: number;
	gid: number;
}

/** The user that Debian's package creates. */
function postgresUser(): User | undefined {
	const lines = readFileSync('/etc/passwd', 'utf8').split('\n');
	const [, , uid, gid] = lines.find((line) => line.startsWith('postgres:'))?.split(':') ?? [];
	return uid && gid ? { uid: Number(uid), gid: Number(gid) } : undefined;
}

const isRoot = (): boolean => process.getuid?.() === 0;

/** What queue mode lacks on this machine, and how to get it; undefined if nothing is missing. */
export function missingForQueueMode(): string | undefined {
	const lacking = [
		...['postgres', 'initdb', 'pg_isready', 'redis-server'].filter((name) => !findProgram(name)),
		...(isRoot() && !postgresUser() ? ['a user named postgres'] : []),
	];
	if (lacking.length === 0) return undefined;
	return `Queue mode needs PostgreSQL and Redis (Debian, Ubuntu: apt-get install postgresql redis-server). Not found: ${lacking.join(', ')}.`;
}

function program(name: string): string {
	const path = findProgram(name);
	if (!path) throw new Error(missingForQueueMode() ?? `Not found: ${name}`);
	return path;
}

/** Runs a program under the guard of keeper.cjs. */
const kept = (command: string, args: string[], user: Partial<User> = {}) => ({
	command: process.execPath,
	args: [join(__dirname, 'keeper.cjs'), JSON.stringify(user), command, ...args],
	env: { PATH: process.env.PATH, LANG: 'C.UTF-8' },
});

/**
 * A PostgreSQL with its data in the folder, reached by a socket in it that no other user can open. It survives the death
 * of a process, not of the machine: it does not wait for the disk.
 */
export async function postgresPart(folder: string): Promise<Part> {
	const user = isRoot() ? postgresUser() : undefined;
	await mkdir(folder, { recursive: true, mode: 0o700 });
	await chmod(folder, 0o700);
	if (user) await chown(folder, user.uid, user.gid);
	const data = join(folder, 'data');
	if (!existsSync(join(data, 'PG_VERSION'))) {
		const args = ['-D', data, '-U', DATABASE_USER, '-A', 'trust', '-E', 'UTF8', '--locale=C', '-N'];
		await run(program('initdb'), args, { cwd: folder, ...user });
	}
	const settings = {
		listen_addresses: '',
		unix_socket_directories: folder,
		fsync: 'off',
		full_page_writes: 'off',
	};
	return new Part({
		name: 'postgres',
		logFile: join(folder, '..', 'postgres.log'),
		program: () =>
			Promise.resolve({
				...kept(
					program('postgres'),
					[
						...['-D', data],
						...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
					],
					user,
				),
				cwd: folder,
				// Fast shutdown: SIGTERM would wait for connected clients.
				stopSignal: 'SIGINT',
				async isReady() {
					await run(program('pg_isready'), ['-q', '-h', folder]);
					return true;
				},
			}),
	});
}

/** A Redis that keeps nothing on disk: when it is killed, all jobs are gone, which is the worst case. */
export async function redisPart(folder: string, port: number, password: string): Promise<Part> {
	await mkdir(folder, { recursive: true });
	const settings = join(folder, 'redis.conf');
	const lines = ['bind 127.0.0.1', `port ${port}`, `requirepass ${password}`, 'save ""'];
	await writeFile(settings, `${lines.join('\n')}\nappendonly no\n`, { mode: 0o600 });
	return new Part({
		name: 'redis',
		logFile: join(folder, '..', 'redis.log'),
		program: () =>
			Promise.resolve({
				...kept(program('redis-server'), [settings]),
				cwd: folder,
				isReady: async () => await answersPing(port, password),
			}),
	});
}

export const newPassword = (): string => randomBytes(16).toString('hex');

const answersPing = async (port: number, password: string): Promise<boolean> =>
	await new Promise((resolve, reject) => {
		const socket = connect(port, '127.0.0.1', () => socket.write(`AUTH ${password}\r\nPING\r\n`));
		let answer = '';
		socket.setTimeout(2000, () => socket.destroy(new Error('no answer to PING')));
		socket.on('error', reject);
		socket.on('close', () => resolve(answer.includes('+PONG')));
		socket.on('data', (data) => {
			answer += String(data);
			if (answer.includes('+PONG') || answer.includes('-')) socket.destroy();
		});
	});
