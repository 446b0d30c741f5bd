import type { ComponentChildren } from 'preact';
import { useRef, useState } from 'preact/hooks';

/** A button that opens something below it, which Escape, leaving it, or its own content closes. */
export function Popover(props: {
	button: ComponentChildren;
	/** The button's name, if its content does not say. */
	label?: string;
	class?: string;
	goal?: string;
	children: (close: () => void) => ComponentChildren;
}) {
	const [isOpen, setOpen] = useState(false);
	const root = useRef<HTMLDivElement>(null);
	const opener = useRef<HTMLButtonElement>(null);
	const close = (): void => {
		setOpen(false);
		opener.current?.focus();
	};
	return (
		<div
			class={`popover ${props.class ?? ''}`}
			ref={root}
			onKeyDown={(event) => {
				if (event.key !== 'Escape' || !isOpen) return;
				event.stopPropagation();
				close();
			}}
			onFocusOut={(event) => {
				const next = event.relatedTarget;
				if (next instanceof Node && !root.current?.contains(next)) setOpen(false);
			}}
		>
			<button
				type="button"
				class="popover-opener"
				ref={opener}
				data-goal={props.goal}
				aria-expanded={isOpen}
				aria-label={props.label}
				onClick={() => setOpen(!isOpen)}
			>
				{props.button}
			</button>
			{isOpen && (
				<>
					<div class="popover-away" onClick={() => setOpen(false)} />
					<div class="popover-body">{props.children(close)}</div>
				</>
			)}
		</div>
	);
}
