import { useEffect, useState } from 'preact/hooks';
import { useConsole } from './console';
import { SECOND } from './time';

/** The sandbox's time and the real one, milliseconds since 1970; renewed each second. */
export function useNow(): { now: number; real: number } {
	const { clock } = useConsole().sections;
	const [real, setReal] = useState(Date.now);
	useEffect(() => {
		setReal(Date.now());
		const ticking = setInterval(() => setReal(Date.now()), SECOND);
		return () => clearInterval(ticking);
	}, [clock]);
	return { now: clock.base + real * clock.speed, real };
}
