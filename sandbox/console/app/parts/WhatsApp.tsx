import type { ThreadView } from '../../shapes';
import { act, useAction } from '../state/api';
import { useNow } from '../state/clock';
import { SECOND, countdown } from '../state/time';
import { Failure } from './basics';
import { Icon } from './Icon';

/** For how long the brand can reply, and the name that the customer gave themselves. */
export function WhatsApp(props: {
	thread: ThreadView;
	displayName: string;
	onName: (displayName: string) => void;
}) {
	const { name, whatsApp } = props.thread;
	const { until } = whatsApp;
	const { now } = useNow();
	const { isBusy, error, run } = useAction();
	const left = until === null ? 0 : until - now;
	const endNow = (): void => {
		if (!isBusy) void run(() => act('/clock', { advanceMs: left + SECOND }));
	};
	return (
		<div class="whatsapp">
			<label>
				Name
				<input
					type="text"
					aria-label="Name on WhatsApp"
					value={props.displayName}
					onInput={(event) => props.onName(event.currentTarget.value)}
				/>
			</label>
			<p class={left > 0 ? 'window is-open' : 'window'}>
				<Icon name="clock" />
				{left > 0 ? (
					<span>
						Can be answered for <span role="timer">{countdown(left)}</span>
					</span>
				) : (
					<span>
						{until === null
							? `Can be answered for 24 hours after ${name} writes`
							: 'The 24 hours are over: only templates arrive'}
					</span>
				)}
				{left > 0 && (
					<button
						type="button"
						title="Moves the clock to the end of the 24 hours"
						aria-disabled={isBusy}
						onClick={endNow}
					>
						Let it run out
					</button>
				)}
			</p>
			<Failure words={error} />
		</div>
	);
}
