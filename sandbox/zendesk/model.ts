import type { TicketStatus } from '../../domain/items';
import type { SandboxTrigger } from '../types';

export type Role = 'end-user' | 'agent' | 'admin';
/** How a change was made, as the REST API names it. */
export type Channel = 'api' | 'web' | 'rule' | 'email' | 'native_messaging' | 'voice';

export interface User {
	id: number;
	name: string;
	/** What customers see in place of an agent's name; '' for none. */
	alias: string;
	role: Role;
	email: string | null;
	phone: string | null;
	/** True if another user had the number first: then it identifies nobody. */
	sharedPhone: boolean | null;
	/** Second addresses and numbers, such as those of a merged user. */
	others: { emails: string[]; phones: string[] };
	externalId: string | null;
	tags: string[];
	notes: string;
	/** By the key of the account's field. */
	fields: Record<string, string | number | boolean | null>;
	/** May not request anything, like spammers. */
	suspended: boolean;
	createdAt: number;
	updatedAt: number;
}

/** A field of users that the account has made. */
export interface UserField {
	id: number;
	key: string;
	title: string;
	type: string;
	description: string;
	active: boolean;
	options: Array<{ id: number; name: string; value: string }>;
	createdAt: number;
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
	/** The trigger that wrote it. */
	rule?: RuleName | undefined;
	/** Set for the record of a call. */
	call?: Call | undefined;
}

/** A business rule, as its events name it. */
export interface RuleName {
	id: number;
	title: string;
}

export interface Call {
	from: string;
	to: string;
	/** Seconds. */
	duration: number;
	recordingUrl: string;
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
	/** The trigger that changed it. */
	rule?: RuleName | undefined;
}

/** An e-mail to the requester, by the trigger that every account has. */
export interface Notification {
	id: number;
	rule: RuleName;
	recipientId: number;
}

export interface Audit {
	id: number;
	ticketId: number;
	createdAt: number;
	authorId: number;
	channel: Channel;
	rel: string | undefined;
	/** Whether a merge of tickets wrote it, with `rel` or without. */
	merge: boolean;
	custom: Record<string, unknown>;
	/** The update's own, then those of the triggers it fired. */
	fields: FieldEvent[];
	comments: Comment[];
	notifications: Notification[];
	/** Status after this audit. */
	status: TicketStatus;
}

/** A ticket at one moment. Never changed, only replaced: lagging lists show older states. */
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

/** A satisfaction rating, as `/satisfaction_ratings` lists it. */
export interface Rating {
	id: number;
	ticketId: number;
	requesterId: number;
	assigneeId: number | null;
	groupId: number | null;
	score: 'good' | 'bad';
	comment: string | null;
	reason: string | null;
	createdAt: number;
	updatedAt: number;
}

/** What a customer answered to a satisfaction survey, as `/guide/survey_responses` lists it. */
export interface SurveyResponse {
	id: string;
	ticketId: number;
	responderId: number;
	/** When the survey was sent. */
	createdAt: number;
	/** Empty until the customer has answered. */
	answers: SurveyAnswer[];
}

export interface SurveyAnswer {
	question: 'rating' | 'reason' | 'comment';
	/** 1 to 5 for the rating, else words. */
	value: number | string;
	createdAt: number;
	updatedAt: number;
}

export interface Ticket {
	/** The newest of the older kind. */
	rating?: Rating;
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
	createdBy: number;
	updatedAt: number;
	updatedBy: number | undefined;
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
/** A trigger: it acts inside the audit of the update that fired it. */
export interface Trigger extends RuleName {
	when: SandboxTrigger['when'];
	then: SandboxTrigger['then'];
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
