/** One entry of a ticket's history: the part that matters to replies. */
import type { Unwritten } from '../agentReply';
import type { Author } from './ending';

export interface ReplyAudit {
	/** Milliseconds since 1970, whole seconds, by Zendesk's clock. */
	at: number;
	comment?: {
		id: string;
		public: boolean;
		body: string;
		/** The body including the agent's signature, if there is one. */
		signedBody?: string;
		attachments: Array<{ fileName: string; url: string }>;
		author: (Author & { role: string; email: string | null }) | undefined;
		/** Set if no agent wrote the comment as a message: what it is instead. */
		unwritten?: Unwritten | null;
	};
	/** Whether the ticket's status was changed. */
	changesStatus?: boolean;
	/** The metadata that this integration wrote on the entry. */
	marker?: {
		key?: string;
		claim?: string;
		run?: string;
		/** On a claim: `kept` if the reply was to be sent with the agent's signature. */
		signature?: string;
		/** On a claim: what the reply was to end with. */
		ending?: string;
		gaveUp?: string;
		profileId?: string;
		/** On a customer's message: when they wrote it, ISO 8601. */
		sentAt?: string;
		flowKey?: string;
		/** On one that answers a request to rate the ticket. */
		rating?: string;
	};
}
