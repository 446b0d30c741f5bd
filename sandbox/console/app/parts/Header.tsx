import { useState } from 'preact/hooks';
import { act, useAction } from '../state/api';
import { useNow } from '../state/clock';
import { useConsole } from '../state/console';
import { applyTheme, rememberedTheme, type Theme } from '../state/theme';
import { DAY, dayOf, exactTimeOf, HOUR, isoOf, MINUTE, SECOND, stretch } from '../state/time';
import { Failure } from './basics';
import { Icon, type IconName } from './Icon';

const moves = [
	{ words: '1 min', by: MINUTE },
	{ words: '5 min', by: 5 * MINUTE },
	{ words: '1 h', by: HOUR },
	{ words: '1 day', by: DAY },
];
/** n8n runs on the machine's time: its polls, schedules and waits cannot be moved from here. */
export const ONLY_VENDORS =
	'The clock is that of Zendesk and Klaviyo. n8n keeps real time: webhooks reach it at once, but its polling brings what happens after a move only when its own clock gets there.';
const WITH_N8N = "The clock is that of Zendesk, Klaviyo and the demo's n8n.";
const themes: ReadonlyArray<{ theme: Theme; icon: IconName; words: string }> = [
	{ theme: 'auto', icon: 'auto', words: 'as the system' },
	{ theme: 'light', icon: 'sun', words: 'light' },
	{ theme: 'dark', icon: 'moon', words: 'dark' },
];

export function Header({ isLive, onHelp }: { isLive: boolean; onHelp: () => void }) {
	return (
		<header class="top">
			<div class="brand">
				<svg class="logo" viewBox="0 0 32 32" aria-hidden="true">
					<rect class="logo-back" x="1" y="3" width="20" height="16" rx="5" />
					<rect class="logo-front" x="11" y="13" width="20" height="16" rx="5" />
				</svg>
				<div>
					<h1>Sandbox</h1>
					<p>Zendesk and Klaviyo on this machine</p>
				</div>
			</div>
			<Clock />
			<div class="top-tools">
				<span class={isLive ? 'live' : 'live is-lost'} role="status">
					{isLive ? 'Live' : 'Connection lost'}
				</span>
				<ThemeButton />
				<button
					type="button"
					class="quiet icon-only"
					aria-label="Help and shortcuts"
					onClick={onHelp}
				>
					<Icon name="help" />
				</button>
			</div>
		</header>
	);
}

function ThemeButton() {
	const [theme, setTheme] = useState(rememberedTheme);
	const at = themes.findIndex((known) => known.theme === theme);
	const shown = themes[at] ?? themes[0];
	const next = themes[(at + 1) % themes.length] ?? themes[0];
	if (shown === undefined || next === undefined) return null;
	return (
		<button
			type="button"
			class="quiet icon-only"
			aria-label={`Colours: ${shown.words}. Change to ${next.words}`}
			title={`Colours: ${shown.words}`}
			onClick={() => {
				applyTheme(next.theme);
				setTheme(next.theme);
			}}
		>
			<Icon name={shown.icon} />
		</button>
	);
}

/** The sandbox's time, and buttons that move it. */
function Clock() {
	const { isShared } = useConsole().sections.clock;
	const { isBusy, error, run } = useAction();
	const { now, real } = useNow();
	const ahead = Math.round((now - real) / SECOND) * SECOND;
	return (
		<div class="clock" role="group" aria-label="Sandbox clock">
			<Icon name="clock" />
			<time class="clock-time" dateTime={isoOf(now)} title={isoOf(now)}>
				<span class="clock-day">{dayOf(now)}</span> {exactTimeOf(now)}
			</time>
			{ahead > 0 && (
				<span class="clock-ahead" title={isShared ? WITH_N8N : ONLY_VENDORS}>
					{stretch(ahead)} ahead{isShared ? '' : ' of n8n'}
				</span>
			)}
			<span class="clock-moves">
				{moves.map(({ words, by }, at) => (
					<button
						key={words}
						type="button"
						data-goal={at === 0 ? 'clock' : undefined}
						aria-label={`Move the clock ${words} on`}
						aria-disabled={isBusy}
						onClick={() => {
							if (!isBusy) void run(() => act('/clock', { advanceMs: by }));
						}}
					>
						+{words}
					</button>
				))}
			</span>
			<Failure words={error} />
		</div>
	);
}
