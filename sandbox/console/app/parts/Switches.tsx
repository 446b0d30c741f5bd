import { useId, useState } from 'preact/hooks';
import type { SwitchRow } from '../../shapes';
import { act, useAction } from '../state/api';
import { useConsole } from '../state/console';
import { Failure } from './basics';
import { SwitchControl } from './SwitchControl';

const groups = ['Both', 'Zendesk', 'Klaviyo'] as const;
const headings = { Both: 'Both vendors', Zendesk: 'Zendesk', Klaviyo: 'Klaviyo' };

const isChanged = ({ value, usual }: SwitchRow): boolean =>
	JSON.stringify(value) !== JSON.stringify(usual);

/** Faults, and what the vendors' documentation leaves open. */
export function Switches() {
	const { faults, switches, changed } = useConsole().sections.switches;
	const [search, setSearch] = useState('');
	const { error, run } = useAction();
	const set = (change: object): void => void run(() => act('/switches', change, 'PATCH'));
	const wanted = search.trim().toLowerCase();
	const isWanted = ({ label, words, name }: SwitchRow): boolean =>
		[label, words, name].some((part) => part.toLowerCase().includes(wanted));
	const usual = (rows: SwitchRow[]): Record<string, unknown> =>
		Object.fromEntries(rows.filter(isChanged).map((row) => [row.name, row.usual]));
	return (
		<>
			<p class="lead">
				Break things on purpose, and choose how the vendors behave where their documentation leaves
				it open.
			</p>
			<div class="switch-tools">
				<input
					type="search"
					aria-label="Search switches"
					placeholder="Search switches"
					value={search}
					onInput={(event) => setSearch(event.currentTarget.value)}
				/>
				<button
					type="button"
					disabled={changed === 0}
					onClick={() => set({ ...usual(switches), faults: usual(faults) })}
				>
					Reset all
				</button>
			</div>
			<Failure words={error} />
			<Group
				title="Faults"
				rows={faults.filter(isWanted)}
				onSet={(name, value) => set({ faults: { [name]: value } })}
			/>
			{groups.map((of) => (
				<Group
					key={of}
					title={headings[of]}
					rows={switches.filter((row) => row.of === of && isWanted(row))}
					onSet={(name, value) => set({ [name]: value })}
				/>
			))}
		</>
	);
}

function Group(props: {
	title: string;
	rows: SwitchRow[];
	onSet: (name: string, value: unknown) => void;
}) {
	if (props.rows.length === 0) return null;
	return (
		<section class="switch-group">
			<h3>{props.title}</h3>
			{props.rows.map((row) => (
				<Setting key={row.name} row={row} onSet={(value) => props.onSet(row.name, value)} />
			))}
		</section>
	);
}

function Setting({ row, onSet }: { row: SwitchRow; onSet: (value: unknown) => void }) {
	const words = useId();
	const isBeside = ['toggle', 'choice', 'number', 'rate'].includes(row.input.kind);
	return (
		<div class={isBeside ? 'setting' : 'setting is-below'}>
			<div>
				<span class="setting-label">
					{row.label}
					{isChanged(row) && (
						<span class="changed" title="Changed from its default">
							<span class="sr-only">changed</span>
						</span>
					)}
				</span>
				<small id={words}>{row.words}</small>
			</div>
			<SwitchControl row={row} describedBy={words} onSet={onSet} />
		</div>
	);
}
