import { useEffect, useState } from 'preact/hooks';
import type { LogDetail, Looking, LogRow } from '../../shapes';
import { useConsole } from '../state/console';
import { rove } from '../state/roving';
import { dayOf, exactTimeOf, isoOf } from '../state/time';
import { Failure, More, Segments } from './basics';
import { Icon } from './Icon';

const vendors: ReadonlyArray<{ name: Looking['logOf']; words: string }> = [
	{ name: '', words: 'Both' },
	{ name: 'zendesk', words: 'Zendesk' },
	{ name: 'klaviyo', words: 'Klaviyo' },
];
const kinds: ReadonlyArray<{ name: Looking['logKind']; words: string }> = [
	{ name: '', words: 'All' },
	{ name: 'call', words: 'Calls' },
	{ name: 'webhook', words: 'Webhooks' },
	{ name: 'problem', words: 'Problems' },
];

const POLLS = 'Requests by which triggers ask again and again what has happened since';

/** n8n's requests to the vendors, and their webhooks. */
export type LogSize = 'folded' | 'usual' | 'tall';

export function Log(props: { size: LogSize; onSize: (size: LogSize) => void }) {
	const { sections, looking, look } = useConsole();
	const { log } = sections;
	const isOpen = props.size !== 'folded';
	const isTall = props.size === 'tall';
	const isPaused = looking.logUntil >= 0;
	return (
		<section class={isOpen ? 'pane log' : 'pane log is-folded'} aria-labelledby="title-log">
			<header class="pane-head">
				<button
					type="button"
					class="log-fold"
					data-goal="log-fold"
					aria-expanded={isOpen}
					onClick={() => props.onSize(isOpen ? 'folded' : 'usual')}
				>
					<span class="pane-mark">
						<Icon name="traffic" />
					</span>
					<h2 id="title-log">Traffic</h2>
					<span class="count">{(log.total - log.polls).toLocaleString('en')}</span>
					<Icon name="chevron" />
				</button>
				{isOpen && (
					<div class="pane-tools">
						<Segments
							label="Vendor"
							options={vendors}
							chosen={looking.logOf}
							onChoose={(logOf) => look({ logOf })}
						/>
						<Segments
							label="Kind of traffic"
							options={kinds}
							chosen={looking.logKind}
							onChoose={(logKind) => look({ logKind })}
						/>
						<label class="check" title={POLLS}>
							<input
								type="checkbox"
								checked={looking.logPolls}
								onChange={(event) => look({ logPolls: event.currentTarget.checked })}
							/>
							Polls <span class="count">{log.polls.toLocaleString('en')}</span>
						</label>
						<input
							type="search"
							aria-label="Search traffic by method, path or status"
							placeholder="Path or status"
							value={looking.logSearch}
							onInput={(event) => look({ logSearch: event.currentTarget.value })}
						/>
						<button
							type="button"
							class={isPaused ? 'pause is-paused' : 'pause'}
							aria-pressed={isPaused}
							onClick={() => look({ logUntil: isPaused ? -1 : log.total })}
						>
							<Icon name={isPaused ? 'play' : 'pause'} />
							{isPaused ? `Go on${log.newer > 0 ? ` (${log.newer} new)` : ''}` : 'Pause'}
						</button>
						<button
							type="button"
							class="quiet icon-only"
							aria-label={isTall ? 'Make the log shorter' : 'Make the log taller'}
							title={isTall ? 'Shorter' : 'Taller'}
							onClick={() => props.onSize(isTall ? 'usual' : 'tall')}
						>
							<Icon name={isTall ? 'shorter' : 'taller'} />
						</button>
					</div>
				)}
			</header>
			{isOpen && <Entries />}
		</section>
	);
}

function Entries() {
	const { sections, looking, look } = useConsole();
	const { rows, matching, total, polls } = sections.log;
	const isUntouched = total === (looking.logPolls ? 0 : polls);
	return (
		<div class="log-rows scroll" data-goal={rows.length === 0 ? 'log' : undefined} tabIndex={-1}>
			{rows.length === 0 && (
				<p class="hint">
					{isUntouched
						? 'Nothing yet. Every request from n8n to Zendesk or Klaviyo, and every webhook to n8n, is listed here.'
						: 'Nothing matches the filters.'}
				</p>
			)}
			<ul onKeyDown={rove} aria-label="Traffic, newest first">
				{rows.map((row, at) => (
					<Entry key={row.number} row={row} isFirst={at === 0} before={rows[at + 1]} />
				))}
			</ul>
			<More
				count={matching - rows.length}
				words="Show earlier"
				onMore={() => look({ logLimit: looking.logLimit + 200 })}
			/>
		</div>
	);
}

const vendorNames = { zendesk: 'Zendesk', klaviyo: 'Klaviyo' };

/** An entry's outcome, as a word and a colour. */
function outcomeOf({ status, lost }: LogRow): { words: string; kind: string } {
	if (lost) return { words: `${status ?? ''} lost`, kind: 'bad' };
	if (status === null) return { words: 'no answer', kind: 'bad' };
	return { words: String(status), kind: status >= 500 ? 'bad' : status >= 400 ? 'warn' : 'good' };
}

function Entry(props: { row: LogRow; isFirst: boolean; before: LogRow | undefined }) {
	const { row, before } = props;
	const [isOpen, setOpen] = useState(false);
	const { number, kind, vendor, at, method, path, attempt } = row;
	const outcome = outcomeOf(row);
	const name = vendorNames[vendor];
	return (
		<>
			<li class="entry">
				<button
					type="button"
					data-item
					data-goal={props.isFirst ? 'log' : undefined}
					tabIndex={props.isFirst ? 0 : -1}
					aria-expanded={isOpen}
					onClick={() => setOpen(!isOpen)}
				>
					<time dateTime={isoOf(at)} title={isoOf(at)}>
						{exactTimeOf(at)}
					</time>
					<span class={`route of-${vendor}`}>
						{kind === 'call' ? `n8n → ${name}` : `${name} → n8n`}
					</span>
					<span class="method">{method}</span>
					<span class="path">
						<bdi>{path}</bdi>
						{attempt !== null && attempt > 1 && <span class="attempt">attempt {attempt}</span>}
					</span>
					<span class={`outcome is-${outcome.kind}`}>{outcome.words}</span>
					<Icon name="chevron" />
				</button>
				{isOpen && <Detail number={number} kind={kind} />}
			</li>
			{before !== undefined && dayOf(before.at) !== dayOf(at) && (
				<li class="day">{dayOf(before.at)}</li>
			)}
		</>
	);
}

/** Request and answer. They never change, so they are fetched once. */
function Detail({ number, kind }: { number: number; kind: LogRow['kind'] }) {
	const [detail, setDetail] = useState<LogDetail | null>(null);
	const [error, setError] = useState<string | null>(null);
	useEffect(() => {
		const ask = async (): Promise<void> => {
			const answer = await fetch(`/console/log/${number}`);
			if (!answer.ok) throw new Error(`The sandbox answered ${answer.status}`);
			const given: LogDetail = await answer.json();
			setDetail(given);
		};
		ask().catch((failure: unknown) => setError(String(failure)));
	}, [number]);
	if (detail === null) return <Failure words={error} />;
	const { query, headers, body, response } = detail;
	return (
		<div class="detail">
			<div>
				<h3>{kind === 'call' ? 'Request' : 'Delivered'}</h3>
				<Json of={query} title="Query" />
				<Json of={body} title="Body" />
				<Json of={headers} title="Headers" />
			</div>
			<div>
				<h3>Answer</h3>
				<Json of={response} title="Body" />
			</div>
		</div>
	);
}

const isNothing = (value: unknown): boolean =>
	value === null ||
	value === undefined ||
	value === '' ||
	(typeof value === 'object' && Object.keys(value).length === 0);

function Json({ of, title }: { of: unknown; title: string }) {
	if (isNothing(of)) return title === 'Body' ? <p class="nothing">No body</p> : null;
	return (
		<>
			<h4>{title}</h4>
			<pre tabIndex={0} aria-label={title}>
				{typeof of === 'string' ? of : JSON.stringify(of, null, 2)}
			</pre>
		</>
	);
}
