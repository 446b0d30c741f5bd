import type { SandboxSwitches, ZendeskRight } from '../types';
import { forbidden } from './wording';

const guarded: Record<ZendeskRight, { method: RegExp; path: RegExp }> = {
	audits: { method: /GET/, path: /^\/api\/v2\/tickets\/\d+\/audits/ },
	automations: { method: /POST|PUT|DELETE/, path: /^\/api\/v2\/automations/ },
	identities: { method: /GET/, path: /^\/api\/v2\/users\/\d+\/identities/ },
	ratings: { method: /GET/, path: /^\/api\/v2\/(?:satisfaction_ratings|guide)/ },
	searchExport: { method: /GET/, path: /^\/api\/v2\/search\/export/ },
	ticketReads: { method: /GET/, path: /^\/api\/v2\/tickets/ },
	ticketWrites: { method: /POST|PUT|DELETE/, path: /^\/api\/v2\/tickets/ },
	userFields: { method: /POST|PUT|DELETE/, path: /^\/api\/v2\/user_fields/ },
	users: { method: /GET|POST|PUT/, path: /^\/api\/v2\/users(?!\/me)/ },
	views: { method: /POST|PUT|DELETE/, path: /^\/api\/v2\/views/ },
	webhooks: { method: /./, path: /^\/api\/v2\/webhooks/ },
};

export const isAllowed = ({ zendeskForbids }: SandboxSwitches, right: ZendeskRight): boolean =>
	!zendeskForbids.includes(right);

/** 403 for what the switches forbid the credential. */
export function refuseForbidden(
	{ zendeskForbids }: SandboxSwitches,
	{ method, url }: { method: string; url: string },
): void {
	for (const right of zendeskForbids)
		if (guarded[right].method.test(method) && guarded[right].path.test(url)) throw forbidden();
}
