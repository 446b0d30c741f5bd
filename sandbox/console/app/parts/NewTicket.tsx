import { useState } from 'preact/hooks';
import { act, useAction } from '../state/api';
import { useConsole } from '../state/console';
import { Failure } from './basics';
import { Dialog } from './Dialog';

/** A ticket that an agent opens by hand, for the chosen customer. */
export function NewTicket({ onClose }: { onClose: () => void }) {
	const { thread } = useConsole().sections;
	const [subject, setSubject] = useState('');
	const [body, setBody] = useState('');
	const { isBusy, error, run } = useAction();
	if (thread === null) return null;
	const open = async (): Promise<void> => {
		const { profileId } = thread;
		if (await run(() => act('/console/ticket', { profileId, subject, body }))) onClose();
	};
	return (
		<Dialog title={`New ticket for ${thread.name}`} onClose={onClose}>
			<form
				onSubmit={(event) => {
					event.preventDefault();
					void open();
				}}
			>
				<label class="field">
					<span>Subject</span>
					<input
						required
						value={subject}
						onInput={(event) => setSubject(event.currentTarget.value)}
					/>
				</label>
				<label class="field">
					<span>First comment, public</span>
					<textarea
						required
						rows={4}
						value={body}
						onInput={(event) => setBody(event.currentTarget.value)}
					/>
				</label>
				<Failure words={error} />
				<div class="dialog-foot">
					<button type="button" onClick={onClose}>
						Cancel
					</button>
					<button type="submit" class="primary" disabled={isBusy}>
						Open ticket
					</button>
				</div>
			</form>
		</Dialog>
	);
}
