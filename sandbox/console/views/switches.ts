import { isDeepStrictEqual } from 'node:util';
import type { Core } from '../../core';
import { makeSwitches } from '../../switches';
import { faultTable, type Switch, switchTable } from '../../switchTable';
import type { SwitchesView, SwitchRow } from '../shapes';

/** Each switch in words, with its value and its default. */
export function switchesView({ switches }: Core): SwitchesView {
	const usual = makeSwitches();
	const faults = rowsOf(faultTable, { ...switches.faults }, { ...usual.faults });
	const others = rowsOf(switchTable, { ...switches }, { ...usual });
	const changed = [...faults, ...others].filter((row) => !isDeepStrictEqual(row.value, row.usual));
	return { faults, switches: others, changed: changed.length };
}

function rowsOf(
	table: Readonly<Record<string, Switch>>,
	values: Readonly<Record<string, unknown>>,
	usual: Readonly<Record<string, unknown>>,
): SwitchRow[] {
	return Object.entries(table).map(([name, { of, label, words, input }]) => ({
		name,
		of,
		label,
		words,
		input,
		value: values[name],
		usual: usual[name],
	}));
}
