/** resource -> operation -> its file. */
import type { OperationMap } from '../../shared/operation';
import { trackTicketOperation } from './event/trackTicket.operation';
import { screenOperation } from './message/screen.operation';
import { sendReplyOperation } from './message/sendReply.operation';

export const operations = {
	event: { trackTicket: trackTicketOperation },
	message: { screen: screenOperation, sendReply: sendReplyOperation },
} satisfies OperationMap;
