import type { AuditView, TicketView } from '../../shapes';
import { useConsole } from '../state/console';
import { dayOf, exactTimeOf, isoOf } from '../state/time';
import { More } from './basics';

/** A ticket's audits: who changed what and how, and the data that a program stored with it. */
export function History({ ticket }: { ticket: TicketView }) {
	const { looking, look } = useConsole();
	return (
		<div
			class="history scroll"
			tabIndex={0}
			role="region"
			aria-label={`History of ticket ${ticket.id}`}
		>
			<ol>
				{ticket.audits.map((audit) => (
					<Audit key={audit.id} audit={audit} />
				))}
			</ol>
			<More
				count={ticket.earlierAudits}
				words="Show earlier"
				onMore={() => look({ commentLimit: looking.commentLimit + 100 })}
			/>
		</div>
	);
}

function Audit({ audit }: { audit: AuditView }) {
	const marks = Object.entries(audit.custom);
	return (
		<li class="audit">
			<header>
				<strong>
					<bdi>{audit.author}</bdi>
				</strong>
				<span>by {audit.by}</span>
				<time dateTime={isoOf(audit.at)} title={isoOf(audit.at)}>
					{dayOf(audit.at)}, {exactTimeOf(audit.at)}
				</time>
			</header>
			<ul>
				{audit.comment !== null && (
					<li>{audit.comment === 'public' ? 'Public comment' : 'Internal note'}</li>
				)}
				{audit.changes.map(({ field, from, to }) => (
					<li key={field}>
						{field.replaceAll('_', ' ')}: {from !== '' && <del>{from}</del>}{' '}
						<bdi>{to || 'none'}</bdi>
					</li>
				))}
				{marks.map(([name, value]) => (
					<li key={name} class="mark">
						<code>
							{name}: {typeof value === 'string' ? value : JSON.stringify(value)}
						</code>
					</li>
				))}
			</ul>
		</li>
	);
}
