/** The REST interface of n8n's own editor: a program does here what a person does there. */
import { randomBytes } from 'node:crypto';
import { Agent } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import axios, { type AxiosInstance, type AxiosResponse } from 'axios';

/**
 * Signs in to the editor of a test's or the demo's n8n. The password is new each time: n8n does not check where a request
 * comes from, and anyone who signs in can run code.
 */
export const owner = {
	email: 'owner@example.com',
	firstName: 'Olive',
	lastName: 'Owner',
	password: `Sandbox-2026-${randomBytes(9).toString('base64url')}`,
};

export class N8nRest {
	private readonly http: AxiosInstance;
	private cookie: string | undefined;

	constructor(private readonly url: string) {
		this.http = axios.create({
			baseURL: `${url}/rest`,
			// n8n closes a connection after five idle seconds: a kept one could be reset just as it is used again.
			httpAgent: new Agent({ keepAlive: false }),
			proxy: false,
			timeout: 120_000,
			validateStatus: () => true,
		});
	}

	/** Sets the owner up the first time, signs in otherwise. */
	async signIn(): Promise<void> {
		const setUp = await this.http.post('/owner/setup', owner);
		// The owner can be set up only once.
		const answer =
			setUp.status < 300
				? setUp
				: await this.http.post('/login', {
						emailOrLdapLoginId: owner.email,
						password: owner.password,
					});
		if (answer.status >= 300) throw failure('POST', 'sign-in', answer);
		const cookies = answer.headers['set-cookie'] ?? [];
		this.cookie = cookies.find((line) => line.startsWith('n8n-auth='))?.split(';')[0];
	}

	/**
	 * @returns the answer's `data`
	 * @throws Error with n8n's message, for any status but 2xx
	 */
	async request<T>(
		method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
		path: string,
		body?: unknown,
		params?: Record<string, unknown>,
	): Promise<T> {
		const send = () =>
			this.http.request<{ data: T }>({
				method,
				url: path,
				data: body,
				params,
				headers: this.cookie ? { cookie: this.cookie } : {},
			});
		let answer = await send();
		// n8n rate-limits some of these calls, which a fast test notices.
		for (let wait = 500; answer.status === 429 && wait < 10_000; wait *= 2) {
			await pause(wait);
			answer = await send();
		}
		if (answer.status >= 300) throw failure(method, path, answer);
		return answer.data.data;
	}

	/**
	 * Another file that the editor loads, such as `/types/nodes.json`.
	 * @throws Error for any status but 2xx
	 */
	async file<T>(path: string): Promise<T> {
		const headers = this.cookie ? { cookie: this.cookie } : {};
		const answer = await this.http.get<T>(`${this.url}${path}`, { headers });
		if (answer.status >= 300) throw failure('GET', path, answer);
		return answer.data;
	}
}

/** n8n's refusal of a request. */
export class RestError extends Error {
	constructor(
		method: string,
		path: string,
		readonly status: number,
		said: string,
	) {
		super(`n8n answered ${method} ${path} with ${status}: ${said}`);
	}
}

function failure(method: string, path: string, { status, data }: AxiosResponse): RestError {
	const said = (data as { message?: string } | undefined)?.message ?? JSON.stringify(data);
	return new RestError(method, path, status, said);
}
