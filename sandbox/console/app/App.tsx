import { useCallback, useEffect, useLayoutEffect, useState } from 'preact/hooks';
import type { Looking, Sections } from '../shapes';
import { Desk } from './parts/Desk';
import { Header } from './parts/Header';
import { Help } from './parts/Help';
import { Log, type LogSize } from './parts/Log';
import { Phone } from './parts/Phone';
import { isSideTab, Side, type SideTab } from './parts/Side';
import { useAnnouncements } from './state/announcements';
import {
	type Console,
	type DeskView,
	ConsoleContext,
	lookFromAddress,
	rememberInAddress,
	useSections,
} from './state/console';
import { type Destination, focusOn, useShortcuts } from './state/shortcuts';

const logPlace = 'sandbox-console-log';

function rememberedLogSize(): LogSize {
	const remembered = localStorage.getItem(logPlace);
	return remembered === 'folded' || remembered === 'tall' ? remembered : 'usual';
}

export function App() {
	const [looking, setLooking] = useState(lookFromAddress);
	const { sections, isLive } = useSections(looking);
	const look = useCallback(
		(change: Partial<Looking>) => setLooking((now) => ({ ...now, ...change })),
		[],
	);
	useEffect(() => rememberInAddress(looking), [looking]);
	useFirstChoice(sections, looking, look);
	const news = useAnnouncements(sections);
	return (
		<>
			<div class="sr-only" aria-live="polite">
				{news}
			</div>
			{sections === undefined ? (
				<p class="waiting" role="status">
					Connecting to the sandbox …
				</p>
			) : (
				<Panes sections={sections} looking={looking} look={look} isLive={isLive} />
			)}
		</>
	);
}

/** A customer is always chosen, if there is one. */
function useFirstChoice(
	sections: Sections | undefined,
	looking: Looking,
	look: Console['look'],
): void {
	const first = sections?.customers.rows[0]?.id;
	useEffect(() => {
		const isChosen = looking.customer !== '' && sections?.thread !== null;
		if (!isChosen && first !== undefined) look({ customer: first });
	}, [first, looking.customer, sections?.thread === null]);
}

interface PanesProps extends Pick<Console, 'sections' | 'looking' | 'look'> {
	isLive: boolean;
}

function Panes({ sections, looking, look, isLive }: PanesProps) {
	const [desk, changeDesk] = useState<DeskView>({ part: 'conversation', way: 'reply' });
	const setDesk = useCallback(
		(change: Partial<DeskView>) => changeDesk((now) => ({ ...now, ...change })),
		[],
	);
	const [tab, setTab] = useState<SideTab>('profile');
	const [logSize, setLogSize] = useState<LogSize>(rememberedLogSize);
	const [isHelping, setHelping] = useState(false);
	const [goal, setGoal] = useState<{ name: string }>();
	const sizeLog = (size: LogSize): void => {
		localStorage.setItem(logPlace, size);
		setLogSize(size);
	};
	const go = useCallback((to: Destination): void => {
		if (to === 'help') return setHelping(true);
		if (to === 'log') setLogSize((size) => (size === 'folded' ? 'usual' : size));
		if (isSideTab(to)) setTab(to);
		if (to === 'reply' || to === 'note') setDesk({ part: 'conversation', way: to });
		setGoal({ name: to });
	}, []);
	const [areShortcutsOn, turnShortcuts] = useShortcuts(go);
	// As soon as the target is on the page: the next key may follow at once.
	useLayoutEffect(() => {
		if (goal !== undefined) focusOn(goal.name);
	}, [goal]);
	return (
		<ConsoleContext.Provider value={{ sections, looking, look, desk, setDesk }}>
			<a class="skip" href="#panes">
				Skip to the conversation
			</a>
			<Header isLive={isLive} onHelp={() => setHelping(true)} />
			<main id="panes" tabIndex={-1} class={`is-log-${logSize}`}>
				<Phone />
				<Desk />
				<Side tab={tab} onTab={setTab} />
				<Log size={logSize} onSize={sizeLog} />
			</main>
			{isHelping && (
				<Help isOn={areShortcutsOn} onTurn={turnShortcuts} onClose={() => setHelping(false)} />
			)}
		</ConsoleContext.Provider>
	);
}
