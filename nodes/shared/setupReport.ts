/** What Check Setup returns: whether the account is ready, and what to do if it is not. */
import type { IDataObject } from 'n8n-workflow';
import {
	type Capability,
	type CheckResult,
	type CheckStatus,
	CREDENTIAL,
	SCOPE,
	type SetupCheck,
} from './setupProbes';
import type { Vendor } from './transport';

export type Found<V extends Vendor, Options> = CheckResult & { capability: Capability<V, Options> };

/** What to look at first. */
const ORDER: readonly CheckStatus[] = ['missing', 'unknown', 'limited', 'notYet', 'ready'];

const AGAIN = 'Run the check again in a minute.';

/** Scopes that are checked by themselves are named together: they are got together. */
function namesOf<V extends Vendor, Options>(some: ReadonlyArray<Found<V, Options>>): string {
	const names = some.map(({ capability }) => capability.check);
	const scopes = names
		.filter((name) => name.startsWith(SCOPE))
		.map((name) => name.slice(SCOPE.length));
	const others = names.filter((name) => !name.startsWith(SCOPE));
	const [one, ...more] = scopes;
	if (one === undefined) return others.join(', ');
	const named = more.length > 0 ? `scopes ${scopes.join(', ')}` : `scope ${one}`;
	return [named, ...others].join('; ');
}

const scopesOf = <V extends Vendor, Options>(some: ReadonlyArray<Found<V, Options>>): string[] => [
	...new Set(some.flatMap(({ capability }) => capability.scope ?? [])),
];

const things = (count: number): string => (count === 1 ? '1 thing is' : `${count} things are`);

/** Set if the vendor did not answer for the credential, so that nothing else was checked. */
function refusedCredential<V extends Vendor, Options>(
	{ unanswered }: SetupCheck<V, Options>,
	found: ReadonlyArray<Found<V, Options>>,
): Found<V, Options> | undefined {
	const first = found.find(({ capability }) => capability.check === CREDENTIAL);
	const isAll = first?.status === 'missing' || (first?.status === 'unknown' && unanswered);
	return isAll ? first : undefined;
}

/** Whether the account is ready, in one output, with what to do about all that is missing. */
function summaryOf<V extends Vendor, Options>(
	setup: SetupCheck<V, Options>,
	found: ReadonlyArray<Found<V, Options>>,
): IDataObject {
	const { name, vendor, howToGet } = setup;
	const summary = (status: CheckStatus, detail: string, howToFix: string | null): IDataObject => ({
		...{ status, check: name, howToFix, neededFor: 'Everything', detail },
	});
	const credential = refusedCredential(setup, found);
	if (credential?.status === 'missing')
		return summary(
			'missing',
			`${name} did not accept the credential. ${credential.detail}`,
			credential.capability.howToFix ?? null,
		);
	if (credential) return summary('unknown', `${name} was not checked. ${credential.detail}`, AGAIN);

	const missing = found.filter(({ status }) => status === 'missing');
	const unknown = found.filter(
		({ status, capability }) => status === 'unknown' && !capability.isOptional,
	);
	if (missing.length === 0) {
		const [first] = unknown;
		return first
			? summary(
					'unknown',
					`${things(unknown.length)} not known of ${name}: ${namesOf(unknown)}. ${first.detail}`,
					AGAIN,
				)
			: summary('ready', `${name} is ready.`, null);
	}
	const scopes = { all: scopesOf(found), missing: scopesOf(missing) };
	const toDo = [
		...(scopes.missing.length > 0 ? [howToGet(scopes, vendor)] : []),
		...missing.flatMap(({ capability }) => (capability.scope ? [] : (capability.howToFix ?? []))),
	];
	const lack = `${things(missing.length)} missing in ${name}: ${namesOf(missing)}.`;
	return summary('missing', lack, toDo.join(' '));
}

/** What to do about one capability. */
function howToFix<V extends Vendor, Options>(
	{ name, vendor, howToGet }: SetupCheck<V, Options>,
	found: ReadonlyArray<Found<V, Options>>,
	{ capability, status }: Found<V, Options>,
): string | null {
	if (status === 'ready') return null;
	if (status === 'unknown')
		return found.some((one) => one.status === 'missing')
			? 'Fix what is missing, then run the check again.'
			: AGAIN;
	const { scope, howToFix: own = '' } = capability;
	if (!scope) return own;
	// The first item says how to get all scopes that are missing.
	const how =
		status === 'missing'
			? `See the first item, '${name}'.`
			: howToGet({ all: scopesOf(found), missing: [scope] }, vendor);
	return `${how} ${own}`.trim();
}

/** One item that sums up, then one for each capability: what is missing comes first. */
export const reportOf = <V extends Vendor, Options>(
	setup: SetupCheck<V, Options>,
	found: ReadonlyArray<Found<V, Options>>,
): IDataObject[] => [
	summaryOf(setup, found),
	...ORDER.flatMap((status) => found.filter((one) => one.status === status)).map((one) => ({
		status: one.status,
		check: one.capability.check,
		howToFix: howToFix(setup, found, one),
		neededFor: one.capability.neededFor,
		detail: one.detail,
	})),
];
