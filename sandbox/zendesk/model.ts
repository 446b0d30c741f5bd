import type { TicketStatus } from '../../domain/items';

export type Role = 'end-user' | 'agent' | 'admin';
/** How a change was made, in the words of the REST API. */
export type Channel = 'api' | 'web' | 'rule' | 'email' | 'native_messaging';

export interface User {
	id: number;
	name: string;
	role: Role;
	email: string | null;
	phone: string | null;
	/** True when somebody else had the number first: then it identifies nobody. */
	sharedPhone: boolean | null;
	externalId: string | null;
	tags: string[];
	notes: string;
	/** Kept from asking for anything, as spammers are. */
	suspended: boolean;
	createdAt: number;
	updatedAt: number;
}

export interface Comment {
	id: number;
	ticketId: number;
	auditId: number;
	authorId: number;
	body: string;
	plainBody: string;
	htmlBody: string;
	public: boolean;
	createdAt: number;
	channel: Channel;
	attachments: Attachment[];
}

export interface Attachment {
	id: number;
	fileName: string;
	contentType: string;
	size: number;
	sha256: string;
	url: string;
}

export interface FieldEvent {
	id: number;
	type: 'Create' | 'Change';
	field: string;
	value: unknown;
	previous?: unknown;
}

export interface Audit {
	id: number;
	ticketId: number;
	createdAt: number;
	authorId: number;
	channel: Channel;
	rel: string | undefined;
	/** Whether merging tickets wrote it, `rel` or not. */
	merge: boolean;
	custom: Record<string, unknown>;
	fields: FieldEvent[];
	comment: Comment | undefined;
	/** Status after this audit. */
	status: TicketStatus;
}

/** What a ticket looks like at one moment. Never changed, only replaced: lagging lists show older ones. */
export interface TicketState {
	readonly subject: string;
	readonly description: string;
	readonly status: TicketStatus;
	readonly externalId: string | null;
	readonly tags: readonly string[];
	readonly requesterId: number;
	readonly submitterId: number;
	readonly assigneeId: number | null;
	readonly groupId: number | null;
	readonly brandId: number;
	readonly formId: number;
	readonly priority: string | null;
	readonly type: string | null;
	readonly customFields: ReadonlyMap<number, string | null>;
	readonly updatedAt: number;
	readonly solvedAt: number | null;
	readonly isPublic: boolean;
	readonly deleted: boolean;
	readonly followupOf: number | null;
}

export interface Ticket {
	readonly id: number;
	readonly createdAt: number;
	readonly channel: Channel;
	state: TicketState;
	history: Array<{ at: number; state: TicketState }>;
	comments: Comment[];
	audits: Audit[];
}

export interface Webhook {
	id: string;
	name: string;
	description: string;
	status: 'active' | 'inactive';
	endpoint: string;
	httpMethod: string;
	requestFormat: string;
	subscriptions: string[];
	authentication: Record<string, unknown> | undefined;
	customHeaders: Record<string, string>;
	signingSecret: string;
	createdAt: number;
	updatedAt: number;
}

export interface Rule {
	id: number;
	title: string;
	active: boolean;
	conditions: { all: Condition[]; any: Condition[] };
	actions: Array<{ field: string; value: unknown }>;
	createdAt: number;
	isDefault: boolean;
}
export interface Condition {
	field: string;
	operator: string;
	value: string;
}

export interface CustomField {
	id: number;
	title: string;
	type: string;
	options: Array<{ id: number; name: string; value: string }>;
}
