/** Which of Zendesk's ticket events the builder wants. */
import type {
	IExecuteFunctions,
	IHookFunctions,
	INodeProperties,
	IPollFunctions,
	IWebhookFunctions,
} from 'n8n-workflow';
import { fromExternalId } from '../../../domain/conversation/externalId';
import type { TicketEvent, TicketEventName } from '../../../domain/items';

type TriggerContext = IExecuteFunctions | IHookFunctions | IPollFunctions | IWebhookFunctions;

/** Only an execute context wants an item's number; the others take it for a fallback, which is never needed. */
const parameter = <T>(context: TriggerContext, name: string): T =>
	(context as IExecuteFunctions).getNodeParameter(name, 0) as T;

export const filterOptions: INodeProperties[] = [
	{
		displayName: 'Replies on Other Tickets',
		name: 'repliesOnOtherTickets',
		type: 'boolean',
		default: false,
		description:
			'Whether replies on tickets that are no SMS conversation, such as emails, start the workflow too',
	},
];

export const eventsWanted = (context: TriggerContext): TicketEventName[] =>
	parameter<TicketEventName[]>(context, 'events');

/** The same for webhook and catch-up. */
export function filterOf(context: TriggerContext): (event: TicketEvent) => boolean {
	const wanted = eventsWanted(context);
	const { repliesOnOtherTickets } = parameter<{ repliesOnOtherTickets?: boolean }>(
		context,
		'options',
	);
	return ({ event, externalId }) =>
		wanted.includes(event) &&
		(event !== 'agentReplied' ||
			repliesOnOtherTickets === true ||
			fromExternalId(externalId) !== undefined);
}
