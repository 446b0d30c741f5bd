import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useId, useRef } from 'preact/hooks';
import { Icon } from './Icon';

/** The browser's own modal dialog: it keeps the focus inside and returns it afterwards. */
export function Dialog(props: { title: string; onClose: () => void; children: ComponentChildren }) {
	const dialog = useRef<HTMLDialogElement>(null);
	const title = useId();
	useLayoutEffect(() => {
		const before = document.activeElement;
		dialog.current?.showModal();
		// On the first field, if there is one; otherwise where the browser puts it, on Close.
		dialog.current?.querySelector<HTMLElement>('input, textarea')?.focus();
		return () => {
			if (before instanceof HTMLElement && before.isConnected) before.focus();
		};
	}, []);
	return (
		<dialog
			ref={dialog}
			aria-labelledby={title}
			onClose={props.onClose}
			onClick={(event) => {
				if (event.target === event.currentTarget) props.onClose();
			}}
		>
			<div class="dialog">
				<header class="dialog-head">
					<h2 id={title}>{props.title}</h2>
					<button type="button" class="quiet icon-only" aria-label="Close" onClick={props.onClose}>
						<Icon name="close" />
					</button>
				</header>
				{props.children}
			</div>
		</dialog>
	);
}
