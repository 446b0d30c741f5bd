/** Imported before n8n: its logger prints each error that a test provokes. */
process.env.N8N_LOG_LEVEL ??= 'silent';
