import { useId, useState } from 'preact/hooks';
import type { ConsentView, ProfileView, TimelineEvent } from '../../shapes';
import { act, useAction } from '../state/api';
import { useNow } from '../state/clock';
import { useConsole } from '../state/console';
import { dayOf, isoOf, timeOf } from '../state/time';
import { Empty, Failure, More, Segments, Toggle } from './basics';
import { Composer } from './Composer';
import { initialsOf } from './Customers';
import { Icon } from './Icon';
import { Properties } from './Properties';

const consentWords: Record<ConsentView['state'], string> = {
	SUBSCRIBED: 'Subscribed',
	UNSUBSCRIBED: 'Unsubscribed',
	NEVER_SUBSCRIBED: 'Never subscribed',
};

/** The chosen customer as Klaviyo knows them. */
export function Profile() {
	const { sections } = useConsole();
	const { profile } = sections;
	if (profile === null)
		return (
			<Empty icon="person" title="No profile">
				<p>Choose or create a customer to see their Klaviyo profile here.</p>
			</Empty>
		);
	const { phone, email } = profile;
	return (
		<>
			<div class="who">
				<span class="avatar is-large" aria-hidden="true">
					{initialsOf(profile.name)}
				</span>
				<div>
					<h2>
						<bdi>{profile.name}</bdi>
					</h2>
					<p>
						{[phone, email].filter((part) => part !== null).join(' · ') || 'no phone, no e-mail'}
					</p>
				</div>
			</div>
			<Consents key={profile.id} profile={profile} />
			<BrandText key={`text ${profile.id}`} profile={profile} />
			<h3>Properties</h3>
			{Object.keys(profile.properties).length === 0 ? (
				<p class="hint">None yet. Workflows can keep the open ticket count here.</p>
			) : (
				<Properties of={profile.properties} />
			)}
			<Timeline profile={profile} />
		</>
	);
}

function Consents({ profile }: { profile: ProfileView }) {
	const { error, run } = useAction();
	const set = (change: object): void =>
		void run(() => act('/consent', { profileId: profile.id, ...change }));
	return (
		<div class="consents">
			<Consent
				label="SMS marketing"
				consent={profile.marketing}
				onTurn={(marketing) => set({ marketing })}
			/>
			<Consent
				label="SMS transactional"
				consent={profile.transactional}
				onTurn={(transactional) => set({ transactional })}
			/>
			<Consent
				label="WhatsApp marketing"
				consent={profile.whatsAppMarketing}
				onTurn={(whatsAppMarketing) => set({ whatsAppMarketing })}
			/>
			<Window whatsApp={profile.whatsApp} />
			<Failure words={error} />
		</div>
	);
}

/** Comes with a message of the customer's; nobody can give it. */
function Window({ whatsApp }: Pick<ProfileView, 'whatsApp'>) {
	const { until, displayName } = whatsApp;
	const { now } = useNow();
	return (
		<div class="setting">
			<div>
				<span class="setting-label">WhatsApp replies</span>
				<small>
					{until === null
						? 'Never wrote there'
						: `${now < until ? 'Until' : 'Ended'} ${dayOf(until)} ${timeOf(until)}, as `}
					{until !== null && <bdi>{displayName}</bdi>}
				</small>
			</div>
		</div>
	);
}

function Consent(props: {
	label: string;
	consent: ConsentView;
	onTurn: (isGiven: boolean) => void;
}) {
	const { state, at } = props.consent;
	const words = useId();
	return (
		<div class="setting">
			<div>
				<span class="setting-label">{props.label}</span>
				<small id={words}>
					{consentWords[state]}
					{at !== null && `, ${dayOf(at)} ${timeOf(at)}`}
				</small>
			</div>
			<Toggle
				label={props.label}
				isOn={state === 'SUBSCRIBED'}
				describedBy={words}
				onTurn={props.onTurn}
			/>
		</div>
	);
}

const kinds = [
	{ name: 'campaign', words: 'Campaign' },
	{ name: 'flow', words: 'Flow' },
	{ name: 'inbox', words: 'Inbox' },
] as const;
const brandChannels = [
	{ name: 'sms', words: 'SMS' },
	{ name: 'whatsapp', words: 'WhatsApp' },
] as const;

/** Sends a message as the brand: as a campaign, a flow, or a person in Klaviyo's Inbox. */
function BrandText({ profile }: { profile: ProfileView }) {
	const [kind, setKind] = useState<(typeof kinds)[number]['name']>('campaign');
	const { looking } = useConsole();
	const [chosen, setChosen] = useState<(typeof brandChannels)[number]['name']>();
	const channel = chosen ?? (looking.channel === 'whatsapp' ? 'whatsapp' : 'sms');
	const { phone, name } = profile;
	return (
		<details class="brand-text">
			<summary>
				Text as the brand <Icon name="chevron" />
			</summary>
			<Composer
				label={`Text ${name} as the brand`}
				placeholder={phone === null ? 'This profile has no phone' : `Text ${name}`}
				goal="brand"
				button="Send"
				disabled={phone === null}
				onSend={(body) => act('/brand-message', { to: phone, body, kind, channel })}
			>
				<Segments label="Sent by" options={kinds} chosen={kind} onChoose={setKind} />
				<Segments label="Channel" options={brandChannels} chosen={channel} onChoose={setChosen} />
			</Composer>
		</details>
	);
}

function Timeline({ profile }: { profile: ProfileView }) {
	const { looking, look } = useConsole();
	const { rows, total } = profile.timeline;
	return (
		<>
			<h3>
				Timeline <span class="count">{total.toLocaleString('en')}</span>
			</h3>
			{total === 0 && (
				<p class="hint">No events yet. Messages and ticket metrics are listed here.</p>
			)}
			<ol class="timeline">
				{rows.map((event, at) => (
					<Event key={event.id} event={event} after={rows[at - 1]} />
				))}
			</ol>
			<More
				count={total - rows.length}
				words="Show earlier"
				onMore={() => look({ timelineLimit: looking.timelineLimit + 100 })}
			/>
		</>
	);
}

/** An event at a glance, from the properties that its metric has. */
function glanceOf({ properties }: TimelineEvent): string {
	const extra = properties.$extra;
	const inner = typeof extra === 'object' && extra !== null ? { ...extra } : {};
	const known: Record<string, unknown> = { ...inner, ...properties };
	const said = known['Message Body'] ?? known.subject ?? known.Method ?? '';
	return typeof said === 'string' ? said : '';
}

function Event(props: { event: TimelineEvent; after: TimelineEvent | undefined }) {
	const { event, after } = props;
	const { metric, at, properties } = event;
	const isTicket = /Ticket$/.test(metric);
	return (
		<>
			{(after === undefined || dayOf(after.at) !== dayOf(at)) && <li class="day">{dayOf(at)}</li>}
			<li class={isTicket ? 'event is-ticket' : 'event'}>
				<details>
					<summary>
						<span class="event-top">
							<strong>
								<bdi>{metric}</bdi>
							</strong>
							<time dateTime={isoOf(at)} title={isoOf(at)}>
								{timeOf(at)}
							</time>
						</span>
						<span class="glance">
							<bdi>{glanceOf(event)}</bdi>
						</span>
					</summary>
					<Properties of={{ unique_id: event.uniqueId, ...properties }} />
				</details>
			</li>
		</>
	);
}
