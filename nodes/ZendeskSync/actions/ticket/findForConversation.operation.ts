/** Ticket: Find for Conversation. For builders who draw the status logic. */
import type { INodeProperties } from 'n8n-workflow';
import type { Operation } from '../../../shared/operation';
import { customerNumberField } from './textFields';
import { optionsField, scopeOption } from './textOptions';

const properties: INodeProperties[] = [customerNumberField, optionsField([scopeOption])];

export const findForConversation: Operation = {
	properties,
	load: async () => await import('./findForConversation.execute'),
};
