/** One entry of a ticket's history, as far as replies are concerned. */
import type { Unwritten } from '../agentReply';

export interface ReplyAudit {
	/** Milliseconds since 1970, whole seconds, by Zendesk's clock. */
	at: number;
	comment?: {
		id: string;
		public: boolean;
		body: string;
		/** With the agent's signature, where there is one. */
		signedBody?: string;
		attachments: Array<{ fileName: string; url: string }>;
		author: { role: string; name: string | null; email: string | null } | undefined;
		/** What it is in place of a message. */
		unwritten?: Unwritten | null;
	};
	/** Whether the ticket's status was changed. */
	changesStatus?: boolean;
	/** What this integration wrote into the entry's metadata. */
	marker?: {
		key?: string;
		claim?: string;
		run?: string;
		/** Of a claim: whether the reply was to be sent with the agent's signature. */
		signature?: string;
		gaveUp?: string;
		profileId?: string;
	};
}
