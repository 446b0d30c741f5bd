/** The paths of Zendesk's API. The address before them comes from the credential (`nodes/shared/origin.ts`). */

const API = '/api/v2';

/** Whether what was typed or mapped can be an id of Zendesk's: they are whole numbers. */
export const isZendeskId = (typed: string): boolean => /^\d+$/.test(typed);

/** An id may come from a parameter, and must not change the rest of the path. */
const under = (path: string, id: string): string => `${path}/${encodeURIComponent(id)}`;

const tickets = `${API}/tickets`;
const ticket = (id: string): string => under(tickets, id);
const users = `${API}/users`;
const user = (id: string): string => under(users, id);
const webhooks = `${API}/webhooks`;
const webhook = (id: string): string => under(webhooks, id);

export const paths = {
	tickets,
	ticket,
	ticketsByIds: `${tickets}/show_many`,
	audits: (ticketId: string) => `${ticket(ticketId)}/audits`,
	ticketTags: (ticketId: string) => `${ticket(ticketId)}/tags`,
	comments: (ticketId: string) => `${ticket(ticketId)}/comments`,
	search: `${API}/search`,
	searchExport: `${API}/search/export`,
	ticketExport: `${API}/incremental/tickets/cursor`,
	ticketEventExport: `${API}/incremental/ticket_events`,
	uploads: `${API}/uploads`,

	users,
	user,
	usersByIds: `${users}/show_many`,
	userSearch: `${users}/search`,
	me: `${users}/me`,
	identities: (userId: string) => `${user(userId)}/identities`,
	requestedTickets: (userId: string) => `${user(userId)}/tickets/requested`,

	webhooks,
	webhook,
	signingSecret: (webhookId: string) => `${webhook(webhookId)}/signing_secret`,

	automations: `${API}/automations`,
	brands: `${API}/brands`,
	customStatuses: `${API}/custom_statuses`,
	groups: `${API}/groups`,
	satisfactionRatings: `${API}/satisfaction_ratings`,
	settings: `${API}/account/settings`,
	surveyResponses: `${API}/guide/survey_responses`,
	tags: `${API}/tags`,
	ticketFields: `${API}/ticket_fields`,
	ticketForms: `${API}/ticket_forms`,
	userFields: `${API}/user_fields`,
	views: `${API}/views`,
} as const;
