import type { RefObject } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

const near = 80;

/** Keeps the end of a conversation in view as it grows, unless the user has scrolled back to read. */
export function useStickyEnd(of: string, length: number): RefObject<HTMLDivElement | null> {
	const box = useRef<HTMLDivElement>(null);
	const shown = useRef({ of: '', height: 0 });
	useLayoutEffect(() => {
		const { current } = box;
		if (current === null) return;
		const { of: before, height } = shown.current;
		const wasAtEnd = height - current.scrollTop - current.clientHeight < near;
		if (before !== of || wasAtEnd) current.scrollTop = current.scrollHeight;
		shown.current = { of, height: current.scrollHeight };
	}, [of, length]);
	return box;
}
