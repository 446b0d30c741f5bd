import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { useAction } from '../state/api';
import { Failure } from './basics';
import { Icon } from './Icon';

/** A text field to send from. Enter sends, Shift+Enter starts a new line; text that could not be sent stays. */
export function Composer(props: {
	label: string;
	placeholder: string;
	goal: string;
	button: string;
	class?: string;
	disabled?: boolean;
	/** Whether there is something to send without text. */
	isSendableEmpty?: boolean;
	/** Text to begin with; a new object inserts it. */
	suggestion?: { words: string } | undefined;
	/** Shown above the field. */
	children?: ComponentChildren;
	/** Shown beside the field. */
	beside?: ComponentChildren;
	onSend: (words: string) => Promise<unknown>;
}) {
	const [words, setWords] = useState('');
	const { isBusy, error, run } = useAction();
	const field = useRef<HTMLTextAreaElement>(null);
	useEffect(() => {
		if (props.suggestion === undefined) return;
		setWords(props.suggestion.words);
		field.current?.focus();
	}, [props.suggestion]);

	const isReady =
		!props.disabled && !isBusy && (words.trim() !== '' || (props.isSendableEmpty ?? false));
	const send = async (): Promise<void> => {
		if (!isReady) return;
		// Before the wait, so that a user who moves on meanwhile keeps their place.
		field.current?.focus();
		const worked = await run(() => props.onSend(words));
		if (worked) setWords('');
	};
	return (
		<form
			class={`composer ${props.class ?? ''}`}
			onSubmit={(event) => {
				event.preventDefault();
				void send();
			}}
		>
			<Failure words={error} />
			{props.children && <div class="composer-head">{props.children}</div>}
			<div class="composer-row">
				{props.beside}
				<textarea
					ref={field}
					rows={1}
					data-goal={props.goal}
					aria-label={props.label}
					placeholder={props.placeholder}
					disabled={props.disabled}
					value={words}
					onInput={(event) => setWords(event.currentTarget.value)}
					onKeyDown={(event) => {
						if (event.key === 'Escape') event.currentTarget.blur();
						if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
						event.preventDefault();
						void send();
					}}
				/>
				<button type="submit" class="primary" disabled={!isReady}>
					<Icon name="send" />
					{props.button}
				</button>
			</div>
		</form>
	);
}
