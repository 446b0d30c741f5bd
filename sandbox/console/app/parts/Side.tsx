import type { Destination } from '../state/shortcuts';
import { useConsole } from '../state/console';
import { Connect } from './Connect';
import { Icon, type IconName } from './Icon';
import { Profile } from './Profile';
import { Switches } from './Switches';

export type SideTab = 'profile' | 'switches' | 'connect';

const tabs: ReadonlyArray<{ name: SideTab; words: string; icon: IconName }> = [
	{ name: 'profile', words: 'Klaviyo', icon: 'person' },
	{ name: 'switches', words: 'Faults', icon: 'switches' },
	{ name: 'connect', words: 'Connect', icon: 'plug' },
];

export const isSideTab = (name: Destination): name is 'profile' | 'switches' =>
	name === 'profile' || name === 'switches';

/** The right side: what Klaviyo knows, faults, and how n8n is connected. */
export function Side(props: { tab: SideTab; onTab: (tab: SideTab) => void }) {
	const { sections } = useConsole();
	const { changed } = sections.switches;
	const step = (by: number): void => {
		const at = tabs.findIndex(({ name }) => name === props.tab);
		const next = tabs[(at + by + tabs.length) % tabs.length];
		if (next === undefined) return;
		props.onTab(next.name);
		document.getElementById(`tab-${next.name}`)?.focus();
	};
	return (
		<section class="pane pane-side" aria-label="Klaviyo, faults and connection">
			<div
				class="tabs"
				role="tablist"
				aria-label="Klaviyo, faults and connection"
				onKeyDown={(event) => {
					if (event.key === 'ArrowRight') step(1);
					if (event.key === 'ArrowLeft') step(-1);
				}}
			>
				{tabs.map(({ name, words, icon }) => (
					<button
						key={name}
						id={`tab-${name}`}
						type="button"
						role="tab"
						data-goal={name}
						aria-selected={props.tab === name}
						aria-controls="side-panel"
						tabIndex={props.tab === name ? 0 : -1}
						onClick={() => props.onTab(name)}
					>
						<Icon name={icon} />
						{words}
						{name === 'switches' && changed > 0 && (
							<span class="badge">
								{changed}
								<span class="sr-only"> changed</span>
							</span>
						)}
					</button>
				))}
			</div>
			<div
				id="side-panel"
				class="side-panel scroll"
				role="tabpanel"
				tabIndex={0}
				aria-labelledby={`tab-${props.tab}`}
			>
				{props.tab === 'profile' && <Profile />}
				{props.tab === 'switches' && <Switches />}
				{props.tab === 'connect' && <Connect />}
			</div>
		</section>
	);
}
