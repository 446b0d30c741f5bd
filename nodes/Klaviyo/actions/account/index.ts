/** The account itself. */
import type { INodeProperties } from 'n8n-workflow';
import type { Resource } from '../../../shared/operation';
import { checkSetup } from './checkSetup.operation';

const selector: INodeProperties = {
	displayName: 'Operation',
	name: 'operation',
	type: 'options',
	noDataExpression: true,
	displayOptions: { show: { resource: ['account'] } },
	options: [
		{
			name: 'Check Setup',
			value: 'checkSetup',
			action: 'Check setup of account',
			description:
				'Say of each scope and feature that the nodes need whether the account has it, and how to fix it',
		},
	],
	default: 'checkSetup',
};

export const account = { selector, operations: { checkSetup } } satisfies Resource;
