/** Loaded into each n8n process: when whoever started it is gone, so is n8n, with its task runner. */
process.on('disconnect', () => process.kill(-process.pid, 'SIGKILL'));
// The channel is for the parent's end only: it must not keep an n8n alive that wants to exit.
process.channel?.unref();
