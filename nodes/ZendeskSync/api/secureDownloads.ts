/**
 * Whether people have to sign in to Zendesk to open an attachment: the setting 'Allow secure downloads'
 * (`private_attachments`). If so, a customer who gets the link in a message cannot open it.
 * https://support.zendesk.com/hc/en-us/articles/10223024943770
 */
import { z } from 'zod';
import { isOk, type VendorAnswer } from '../../shared/answer';
import type { Zendesk } from './client';
import { paths } from './paths';

const settings = z.object({
	settings: z.object({ tickets: z.object({ private_attachments: z.boolean() }) }),
});

/** Undefined if the answer does not say. */
export const secureDownloadsIn = (answer: VendorAnswer): boolean | undefined =>
	isOk(answer)
		? settings.safeParse(answer.body).data?.settings.tickets.private_attachments
		: undefined;

/** Asks Zendesk once for all replies of an execution, and only if one has attachments. */
export class SecureDownloads {
	private asked: Promise<boolean | undefined> | undefined;

	constructor(private readonly zendesk: Zendesk) {}

	/** Undefined if Zendesk does not say. */
	async areOn(): Promise<boolean | undefined> {
		this.asked ??= this.zendesk
			// A claim must not wait for it.
			.tryRequest({ method: 'GET', path: paths.settings, repeatable: true, retryForMs: 2000 })
			.then(secureDownloadsIn);
		return await this.asked;
	}
}
