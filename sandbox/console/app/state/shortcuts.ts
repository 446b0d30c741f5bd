import { useEffect, useState } from 'preact/hooks';

/** Single-key shortcuts: only while the user is not typing, and only while they are on (WCAG 2.1.4). */
export const shortcuts = [
	{ key: 'c', leadsTo: 'compose', words: 'Text as the customer' },
	{ key: 'v', leadsTo: 'customers', words: 'Choose another customer' },
	{ key: 't', leadsTo: 'tickets', words: 'List of tickets' },
	{ key: 'r', leadsTo: 'reply', words: 'Reply in public' },
	{ key: 'n', leadsTo: 'note', words: 'Write an internal note' },
	{ key: 'p', leadsTo: 'profile', words: 'Klaviyo profile' },
	{ key: 's', leadsTo: 'switches', words: 'Faults and switches' },
	{ key: 'l', leadsTo: 'log', words: 'Traffic log' },
	{ key: 'k', leadsTo: 'clock', words: 'Clock' },
	{ key: '?', leadsTo: 'help', words: 'This list' },
] as const;

export type Destination = (typeof shortcuts)[number]['leadsTo'];

const place = 'sandbox-console-shortcuts';
const isTyping = (target: EventTarget | null): boolean =>
	target instanceof HTMLElement &&
	(target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

/** Whether the keys are on, and how to turn them off or on. */
export function useShortcuts(go: (to: Destination) => void): [boolean, (isOn: boolean) => void] {
	const [isOn, setOn] = useState(localStorage.getItem(place) !== 'off');
	useEffect(() => {
		if (!isOn) return undefined;
		const pressed = (event: KeyboardEvent): void => {
			const hasModifier = event.ctrlKey || event.metaKey || event.altKey;
			const isInDialog = document.querySelector('dialog[open]') !== null;
			if (hasModifier || isInDialog || isTyping(event.target)) return;
			const shortcut = shortcuts.find(({ key }) => key === event.key.toLowerCase());
			if (shortcut === undefined) return;
			event.preventDefault();
			go(shortcut.leadsTo);
		};
		document.addEventListener('keydown', pressed);
		return () => document.removeEventListener('keydown', pressed);
	}, [isOn, go]);
	const turn = (wanted: boolean): void => {
		localStorage.setItem(place, wanted ? 'on' : 'off');
		setOn(wanted);
	};
	return [isOn, turn];
}

/** Moves the focus to the element marked with `data-goal`. */
export function focusOn(goal: string): void {
	const found = document.querySelector<HTMLElement>(`[data-goal~="${goal}"]`);
	found?.focus();
	found?.scrollIntoView({ block: 'nearest' });
}
