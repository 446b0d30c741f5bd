/**
 * `node keeper.cjs <json> <command> [args]`: runs a program that knows nothing of guard.cjs, for as long as the process that
 * started this one lives. The JSON may contain `uid` and `gid`: PostgreSQL does not run as root.
 */
const { spawn } = require('node:child_process');

require('./guard.cjs');

const [user, command, ...args] = process.argv.slice(2);
const child = spawn(command, args, { ...JSON.parse(user), stdio: 'inherit' });
for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => child.kill(signal));
child.on('error', (error) => {
	console.error(`${command} did not start: ${error.message}`);
	process.exit(127);
});
child.on('exit', (code) => process.exit(code ?? 1));
