import { createHash } from 'node:crypto';
import type { Core } from './core';
import { base62, word } from './random';

export interface TokenPair {
	accessToken: string;
	refreshToken: string | undefined;
	scope: string;
	expiresAt: number;
}
interface Code {
	redirectUri: string;
	scope: string;
	challenge: string | undefined;
	expiresAt: number;
}

/** OAuth codes and tokens of one vendor. */
export class TokenStore {
	private readonly codes = new Map<string, Code>();
	private readonly access = new Map<string, TokenPair>();
	private readonly refreshable = new Map<string, TokenPair>();

	constructor(
		private readonly core: Core,
		private readonly life: { code: number; access: number },
	) {}

	issueCode(grant: { redirectUri: string; scope: string; challenge: string | undefined }): string {
		const code = `code_sandbox_${word(this.core.roll, base62, 20)}`;
		this.codes.set(code, { ...grant, expiresAt: this.core.clock.now() + this.life.code });
		return code;
	}

	/** Returns undefined if the code is unknown, used, too old, or another client's. */
	redeem(
		code: string,
		redirectUri: string,
		verifier: string | undefined,
		life?: number,
	): TokenPair | undefined {
		const known = this.codes.get(code);
		this.codes.delete(code);
		if (known === undefined || known.expiresAt < this.core.clock.now()) return undefined;
		if (known.redirectUri !== redirectUri) return undefined;
		if (known.challenge !== undefined && known.challenge !== challengeOf(verifier ?? ''))
			return undefined;
		return this.issue(known.scope, true, life);
	}

	issue(scope: string, refreshable: boolean, life = this.life.access): TokenPair {
		const pair: TokenPair = {
			accessToken: `at_sandbox_${word(this.core.roll, base62, 32)}`,
			refreshToken: refreshable ? `rt_sandbox_${word(this.core.roll, base62, 32)}` : undefined,
			scope,
			expiresAt: this.core.clock.now() + life,
		};
		this.access.set(pair.accessToken, pair);
		if (pair.refreshToken !== undefined) this.refreshable.set(pair.refreshToken, pair);
		return pair;
	}

	/** `rotate` also ends the former pair, as Zendesk does; otherwise the refresh token stays valid. */
	refresh(refreshToken: string, rotate: boolean, life?: number): TokenPair | undefined {
		const former = this.refreshable.get(refreshToken);
		if (former === undefined) return undefined;
		if (rotate) {
			this.refreshable.delete(refreshToken);
			this.access.delete(former.accessToken);
			return this.issue(former.scope, true, life);
		}
		return { ...this.issue(former.scope, false, life), refreshToken };
	}

	/** Ends an access token before its time. */
	revoke(accessToken: string): void {
		this.access.delete(accessToken);
	}

	/** The scopes of a valid access token. */
	scopesOf(accessToken: string): string[] | undefined {
		const pair = this.access.get(accessToken);
		if (pair === undefined || pair.expiresAt <= this.core.clock.now()) return undefined;
		return pair.scope.split(' ').filter(Boolean);
	}
}

function challengeOf(verifier: string): string {
	return createHash('sha256').update(verifier).digest('base64url');
}
