/** Every operation of the node: resource -> operation -> its file. */
import type { INodeProperties } from 'n8n-workflow';
import { type OperationMap, propertiesOf } from '../../shared/operation';
import { addInternalNote } from './ticket/addInternalNote.operation';
import { claimReply } from './ticket/claimReply.operation';
import { createOrReopen } from './ticket/createOrReopen.operation';
import { get } from './ticket/get.operation';

export const operations = {
	ticket: { addInternalNote, claimReply, createOrReopen, get },
} satisfies OperationMap;

export const fields: INodeProperties[] = propertiesOf(operations);
