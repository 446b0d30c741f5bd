import type { ComponentChildren } from 'preact';
import type { TicketStatus } from '../../../../domain/items';
import { Icon, type IconName } from './Icon';

export const statusNames: Record<TicketStatus, string> = {
	new: 'New',
	open: 'Open',
	pending: 'Pending',
	hold: 'On hold',
	solved: 'Solved',
	closed: 'Closed',
};

export function StatusPill({ status }: { status: TicketStatus }) {
	return <span class={`pill status-${status}`}>{statusNames[status]}</span>;
}

/** What an empty list says: why it is empty, and what to do. */
export function Empty(props: { icon: IconName; title: string; children?: ComponentChildren }) {
	return (
		<div class="empty">
			<Icon name={props.icon} />
			<p class="empty-title">{props.title}</p>
			{props.children}
		</div>
	);
}

export function Failure({ words }: { words: string | null }) {
	return words === null ? null : (
		<p class="failure" role="alert">
			<Icon name="alert" /> {words}
		</p>
	);
}

const link = /(https?:\/\/[^\s<>"']+)/g;

/** Untrusted text, shown as plain text. Links open in a new tab, without a referrer. */
export function Words({ children }: { children: string }) {
	return (
		<span class="words" dir="auto">
			{children.split(link).map((part, at) => (at % 2 === 1 ? <Link to={part} /> : part))}
		</span>
	);
}

/** A link to the web; an address of any other kind, such as a script, is shown as text. */
export function Link({ to, children }: { to: string; children?: ComponentChildren }) {
	if (!/^https?:\/\//i.test(to)) return <bdi>{to}</bdi>;
	return (
		<a href={to} target="_blank" rel="noopener noreferrer">
			{children ?? to}
		</a>
	);
}

/** The button below a list that is shown in part. */
export function More(props: { count: number; words: string; onMore: () => void }) {
	return props.count <= 0 ? null : (
		<button type="button" class="quiet more" onClick={props.onMore}>
			{props.words} ({props.count.toLocaleString('en')} more)
		</button>
	);
}

export function Toggle(props: {
	label: string;
	isOn: boolean;
	describedBy?: string;
	onTurn: (isOn: boolean) => void;
}) {
	return (
		<button
			type="button"
			role="switch"
			class="toggle"
			aria-checked={props.isOn}
			aria-label={props.label}
			aria-describedby={props.describedBy}
			onClick={() => props.onTurn(!props.isOn)}
		>
			<span class="knob" />
		</button>
	);
}

/** A choice of one among a few, all in view. */
export function Segments<Name extends string>(props: {
	label: string;
	options: ReadonlyArray<{ name: Name; words: string; isNew?: boolean }>;
	chosen: Name;
	onChoose: (name: Name) => void;
}) {
	return (
		<div class="segments" role="group" aria-label={props.label}>
			{props.options.map(({ name, words, isNew }) => (
				<button
					key={name}
					type="button"
					aria-pressed={props.chosen === name}
					onClick={() => props.onChoose(name)}
				>
					{words}
					{isNew && (
						<span class="new-mark">
							<span class="sr-only">new messages</span>
						</span>
					)}
				</button>
			))}
		</div>
	);
}

export function Pane(props: {
	name: string;
	title: string;
	icon: IconName;
	tools?: ComponentChildren;
	children: ComponentChildren;
}) {
	const { name } = props;
	return (
		<section class={`pane pane-${name}`} aria-labelledby={`title-${name}`}>
			<header class="pane-head">
				<span class="pane-mark">
					<Icon name={props.icon} />
				</span>
				<h2 id={`title-${name}`}>{props.title}</h2>
				<div class="pane-tools">{props.tools}</div>
			</header>
			{props.children}
		</section>
	);
}
