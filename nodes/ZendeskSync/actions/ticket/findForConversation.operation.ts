/** Ticket: Find for Conversation. For builders who draw the status logic. */
import type { INodeProperties } from 'n8n-workflow';
import type { Operation } from '../../../shared/operation';
import { customerPhoneField } from './messageFields';
import { optionsField, scopeOption } from './messageOptions';

const properties: INodeProperties[] = [customerPhoneField, optionsField([scopeOption])];

export const findForConversation: Operation = {
	properties,
	load: async () => await import('./findForConversation.execute'),
};
