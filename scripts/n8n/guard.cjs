/** Loaded into each n8n process: ends n8n and its task runner when the process that started it is gone. */
process.on('disconnect', () => process.kill(-process.pid, 'SIGKILL'));
// The channel is for the parent's end only: it must not keep an n8n alive that wants to exit.
process.channel?.unref();
