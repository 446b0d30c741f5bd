/**
 * Account: Check Setup.
 *
 * Checks each thing that the nodes need, and says how to fix what is missing.
 */

import type { Execute, Operation } from '../../../shared/operation';
import { checkSetup as check, checkSetupFields } from '../../../shared/setupCheck';
import { klaviyoOf } from '../../api/client';
import type { CheckOptions } from '../../api/probes';
import { capabilities } from './capabilities';

const properties = checkSetupFields();

const execute: Execute = async (context, items) => {
	const given = context.getNodeParameter('options', 0, {}) as Partial<CheckOptions>;
	const options = { reEnableWebhooks: given.reEnableWebhooks ?? true };
	return await check({ vendor: await klaviyoOf(context), capabilities, options }, items);
};

export const checkSetup: Operation = {
	properties,
	execute,
	eventRole: 'readsOnly',
};
