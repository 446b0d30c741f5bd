/**
 * Account: Check Setup.
 *
 * Checks each thing that the nodes need, and says how to fix what is missing.
 */

import type { Execute, Operation } from '../../../shared/operation';
import { checkSetup as check, checkSetupFields } from '../../../shared/setupCheck';
import { klaviyoOf } from '../../api/client';
import { type CheckOptions, features } from '../../api/probes';
import { capabilities, howToGet } from './capabilities';

const properties = checkSetupFields(Object.values(features));

const execute: Execute = async (context, items) => {
	const given = context.getNodeParameter('options', 0, {}) as Partial<CheckOptions>;
	const options = {
		reEnableWebhooks: given.reEnableWebhooks ?? true,
		unusedFeatures: given.unusedFeatures ?? [],
	};
	const vendor = await klaviyoOf(context);
	return await check({ vendor, name: 'Klaviyo', capabilities, options, howToGet }, items);
};

export const checkSetup: Operation = {
	properties,
	execute,
	eventRole: 'readsOnly',
};
