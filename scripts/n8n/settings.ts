/** n8n's settings, by environment variable. */
import { randomBytes } from 'node:crypto';
import type { InstalledN8n } from './install';

/** The key of every n8n that this process starts and restarts. */
const ENCRYPTION_KEY = randomBytes(24).toString('base64url');

export const urlOf = (port: number) => `http://127.0.0.1:${port}`;

/** Only these variables: a test's own NODE_ENV or NODE_OPTIONS would change n8n. */
export function commonSettings(installed: InstalledN8n): NodeJS.ProcessEnv {
	const { PATH, HOME, TMPDIR, LANG } = process.env;
	return {
		PATH: `${installed.nodeFolder}:${PATH ?? ''}`,
		HOME,
		...(TMPDIR ? { TMPDIR } : {}),
		...(LANG ? { LANG } : {}),
		N8N_LISTEN_ADDRESS: '127.0.0.1',
		N8N_ENCRYPTION_KEY: ENCRYPTION_KEY,
		// Over plain HTTP the editor would not keep a secure cookie.
		N8N_SECURE_COOKIE: 'false',
		GENERIC_TIMEZONE: 'UTC',
		// Nothing that calls the internet.
		N8N_DIAGNOSTICS_ENABLED: 'false',
		N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
		N8N_TEMPLATES_ENABLED: 'false',
		N8N_PERSONALIZATION_ENABLED: 'false',
		N8N_HIRING_BANNER_ENABLED: 'false',
		N8N_VERIFIED_PACKAGES_ENABLED: 'false',
	};
}

/** What the processes of one n8n in queue mode have in common: a database and a queue. */
export interface QueuePlaces {
	/** Folder of PostgreSQL's socket. */
	databaseFolder: string;
	redisPort: number;
	redisPassword: string;
}

export const queueSettings = ({
	databaseFolder,
	redisPort,
	redisPassword,
}: QueuePlaces): NodeJS.ProcessEnv => ({
	EXECUTIONS_MODE: 'queue',
	// The webhook process handles production webhooks.
	N8N_DISABLE_PRODUCTION_MAIN_PROCESS: 'true',
	DB_TYPE: 'postgresdb',
	DB_POSTGRESDB_HOST: databaseFolder,
	DB_POSTGRESDB_USER: DATABASE_USER,
	DB_POSTGRESDB_DATABASE: 'postgres',
	QUEUE_BULL_REDIS_HOST: '127.0.0.1',
	QUEUE_BULL_REDIS_PORT: String(redisPort),
	QUEUE_BULL_REDIS_PASSWORD: redisPassword,
	QUEUE_HEALTH_CHECK_ACTIVE: 'true',
});

export const DATABASE_USER = 'n8n';
