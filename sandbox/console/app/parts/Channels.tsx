import { useRef } from 'preact/hooks';
import type { SandboxChannel } from '../../../types';
import type { ThreadView } from '../../shapes';
import { useConsole } from '../state/console';
import { Segments } from './basics';

const channels: ReadonlyArray<{ name: SandboxChannel; words: string }> = [
	{ name: 'sms', words: 'SMS' },
	{ name: 'rcs', words: 'RCS' },
	{ name: 'whatsapp', words: 'WhatsApp' },
];

/** The apps of the customer's phone. A dot marks those with messages that were not looked at. */
export function Channels({ thread }: { thread: ThreadView }) {
	const { looking, look } = useConsole();
	const seen = useRef(new Map<SandboxChannel, number>());
	for (const { name } of channels)
		if (name === thread.channel || !seen.current.has(name))
			seen.current.set(name, thread.counts[name]);
	const isNew = (name: SandboxChannel): boolean =>
		thread.counts[name] > (seen.current.get(name) ?? 0);
	return (
		<div class="channels">
			<Segments
				label="App on the phone"
				options={channels.map((channel) => ({ ...channel, isNew: isNew(channel.name) }))}
				chosen={looking.channel}
				onChoose={(channel) => look({ channel, threadLimit: 60 })}
			/>
		</div>
	);
}
