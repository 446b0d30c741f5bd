import { useEffect, useState } from 'preact/hooks';
import type { SwitchRow } from '../../shapes';
import { Toggle } from './basics';

interface Props {
	row: SwitchRow;
	describedBy: string;
	onSet: (value: unknown) => void;
}

const listOf = (value: unknown): string[] =>
	Array.isArray(value) ? value.map((item) => String(item)) : [];

/** The control for one switch, which depends on its kind of value. */
export function SwitchControl(props: Props) {
	const { row, describedBy, onSet } = props;
	const { input, value, label } = row;
	if (input.kind === 'toggle')
		return <Toggle label={label} isOn={value === true} describedBy={describedBy} onTurn={onSet} />;
	if (input.kind === 'choice')
		return (
			<select
				aria-label={label}
				aria-describedby={describedBy}
				value={String(value)}
				onChange={(event) => onSet(event.currentTarget.value)}
			>
				{input.options.map((option) => (
					<option key={option}>{option}</option>
				))}
			</select>
		);
	if (input.kind === 'rate') return <NumberField {...props} unit="%" factor={100} most={100} />;
	if (input.kind === 'number')
		return <NumberField {...props} unit={input.unit === 'characters' ? 'chars' : input.unit} />;
	if (input.kind === 'set')
		return (
			<div class="set" role="group" aria-label={label} aria-describedby={describedBy}>
				{input.options.map((option) => {
					const chosen = listOf(value);
					return (
						<label key={option} class="check">
							<input
								type="checkbox"
								checked={chosen.includes(option)}
								onChange={(event) =>
									onSet(
										event.currentTarget.checked
											? [...chosen, option]
											: chosen.filter((other) => other !== option),
									)
								}
							/>
							{option}
						</label>
					);
				})}
			</div>
		);
	if (input.kind === 'list') {
		const { all } = input;
		const lines = (text: string): unknown => {
			const given = text.split('\n').flatMap((line) => line.trim() || []);
			return given.length === 0 && all !== undefined ? all : given;
		};
		return (
			<Written
				{...props}
				shown={listOf(value).join('\n')}
				isLong
				onWritten={(text) => onSet(lines(text))}
			/>
		);
	}
	return <Written {...props} shown={String(value)} onWritten={onSet} />;
}

/** A number that takes effect when the field is left, or on Enter. */
function NumberField(props: Props & { unit: string; factor?: number; most?: number }) {
	const { row, factor = 1, most } = props;
	const shown = String(Math.round(Number(row.value) * factor * 100) / 100);
	const [typed, setTyped] = useState(shown);
	useEffect(() => setTyped(shown), [shown]);
	const settle = (): void => {
		if (typed.trim() === '' || !Number.isFinite(Number(typed))) setTyped(shown);
		else if (typed !== shown) props.onSet(Number(typed) / factor);
	};
	return (
		<span class="amount">
			<input
				type="number"
				min={0}
				max={most}
				aria-label={`${row.label}, ${props.unit}`}
				aria-describedby={props.describedBy}
				value={typed}
				onInput={(event) => setTyped(event.currentTarget.value)}
				onBlur={settle}
				onKeyDown={(event) => {
					if (event.key === 'Enter') settle();
				}}
			/>
			<span aria-hidden="true">{props.unit}</span>
		</span>
	);
}

/** Text that takes effect when the field is left. */
function Written(
	props: Props & { shown: string; isLong?: boolean; onWritten: (text: string) => void },
) {
	const { shown, row } = props;
	const [typed, setTyped] = useState(shown);
	useEffect(() => setTyped(shown), [shown]);
	const settle = (): void => {
		if (typed !== shown) props.onWritten(typed);
	};
	return props.isLong ? (
		<textarea
			rows={2}
			aria-label={row.label}
			aria-describedby={props.describedBy}
			value={typed}
			onInput={(event) => setTyped(event.currentTarget.value)}
			onBlur={settle}
		/>
	) : (
		<input
			type="text"
			aria-label={row.label}
			aria-describedby={props.describedBy}
			value={typed}
			onInput={(event) => setTyped(event.currentTarget.value)}
			onBlur={settle}
			onKeyDown={(event) => {
				if (event.key === 'Enter') settle();
			}}
		/>
	);
}
