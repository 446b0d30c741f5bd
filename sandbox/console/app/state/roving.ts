import type { TargetedKeyboardEvent } from 'preact';

const steps: Record<string, (at: number, last: number) => number> = {
	ArrowDown: (at, last) => Math.min(at + 1, last),
	ArrowUp: (at) => Math.max(at - 1, 0),
	Home: () => 0,
	End: (_at, last) => last,
};

/** Moves the focus among a list's items with the arrow keys, Home and End: for the Tab key, a list is one stop. */
export function rove(event: TargetedKeyboardEvent<HTMLElement>): void {
	const step = steps[event.key];
	if (step === undefined) return;
	const items = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-item]')];
	const at = items.findIndex((item) => item === document.activeElement);
	if (at < 0) return;
	event.preventDefault();
	const next = items[step(at, items.length - 1)];
	next?.focus();
	next?.scrollIntoView({ block: 'nearest' });
}
