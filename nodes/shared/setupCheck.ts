/**
 * Account: Check Setup, as far as it is the same for both vendors. What the nodes need stands in each vendor's
 * `actions/account/capabilities.ts`.
 */
import type { INodeExecutionData, INodeProperties } from 'n8n-workflow';
import {
	type Capability,
	type CheckResult,
	CREDENTIAL,
	Probes,
	type SetupCheck,
} from './setupProbes';
import { type Found, reportOf } from './setupReport';
import { asRefusal, type Vendor } from './transport';

/** A failing check must not stop the others: it reports "unknown" instead. */
async function runCheck<V extends Vendor, Options>(
	{ check, find, isOptional }: Capability<V, Options>,
	probes: Probes<V>,
	options: Options,
): Promise<CheckResult> {
	try {
		const { status, detail } = await find(probes, options);
		return { status: status === 'missing' && isOptional ? 'limited' : status, detail };
	} catch (error) {
		const refusal = asRefusal(probes.vendor, error);
		const isRefused = refusal.httpCode === '401';
		return {
			status: isRefused && check === CREDENTIAL ? 'missing' : 'unknown',
			detail: isRefused
				? `${refusal.message}. ${refusal.description ?? ''}`.trim()
				: `Could not be checked: ${refusal.message}`,
		};
	}
}

async function findAll<V extends Vendor, Options>({
	vendor,
	capabilities,
	options,
	unanswered,
}: SetupCheck<V, Options>): Promise<Array<Found<V, Options>>> {
	const probes = new Probes(vendor);
	const found: Array<Found<V, Options>> = [];
	let notChecked: string | undefined;
	// One after the other: Klaviyo allows some of these requests once a second.
	for (const capability of capabilities) {
		const result: CheckResult =
			notChecked === undefined
				? await runCheck(capability, probes, options)
				: { status: 'unknown', detail: notChecked };
		// If the credential fails, twenty more refusals would say nothing new.
		if (capability.check === CREDENTIAL && result.status === 'missing')
			notChecked = 'Not checked: the credential was not accepted';
		if (capability.check === CREDENTIAL && result.status === 'unknown') notChecked = unanswered;
		found.push({ capability, ...result });
	}
	return found;
}

/** Each output is linked to all inputs: the account is checked once, however many items came in. */
export async function checkSetup<V extends Vendor, Options extends { unusedFeatures: string[] }>(
	setup: SetupCheck<V, Options>,
	items: readonly INodeExecutionData[],
): Promise<INodeExecutionData[]> {
	const pairedItem = items.map((_input, item) => ({ item }));
	const { unusedFeatures } = setup.options;
	const capabilities = setup.capabilities.filter(
		({ features }) => features?.some((feature) => !unusedFeatures.includes(feature)) ?? true,
	);
	const found = await findAll({ ...setup, capabilities });
	return reportOf(setup, found).map((json) => ({ json, pairedItem }));
}

/**
 * @param features that not everybody uses
 * @param more the vendor's own options
 */
export const checkSetupFields = (
	features: readonly string[],
	...more: INodeProperties[]
): INodeProperties[] => [
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options: [
			{
				displayName: 'Re-Enable Webhooks',
				name: 'reEnableWebhooks',
				type: 'boolean',
				default: true,
				description:
					'Whether to re-enable webhooks of this package that were turned off. Nothing else is changed.',
			},
			...more,
			{
				displayName: 'Unused Features',
				name: 'unusedFeatures',
				type: 'multiOptions',
				options: features.map((name) => ({ name, value: name })),
				default: [],
				description: 'Features that you do not use. What only they need is not checked.',
			},
		],
	},
];
