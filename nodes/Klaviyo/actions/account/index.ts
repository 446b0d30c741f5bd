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
				'Check which scopes and features the account has, and how to fix what is missing',
		},
	],
	default: 'checkSetup',
};

export const account = { selector, operations: { checkSetup } } satisfies Resource;
