import { useLayoutEffect, useState } from 'preact/hooks';
import type { SandboxPhoneMessage } from '../../../types';
import { act, useAction } from '../state/api';
import { useConsole } from '../state/console';
import { focusOn } from '../state/shortcuts';
import { dayOf, isoOf, timeOf } from '../state/time';
import { Empty, Failure, Link, More, Pane, Words } from './basics';
import { Channels } from './Channels';
import { Composer } from './Composer';
import { CustomerChoice, NewCustomer } from './Customers';
import { Icon } from './Icon';
import { useStickyEnd } from './useStickyEnd';
import { WhatsApp } from './WhatsApp';

/** Why the brand sent a message: invisible to the customer, but useful to a tester. */
const kinds: Record<SandboxPhoneMessage['kind'], string> = {
	customer: '',
	campaign: 'Campaign',
	flow: 'Flow',
	inbox: 'Inbox',
	api: 'Reply',
	automatic: 'Automatic',
};
const trySaying = ['Where is my order?', 'I want to cancel my order', 'HELP', 'STOP'];

/** The customer's phone: what they see and what they text. */
export function Phone() {
	const { sections, looking } = useConsole();
	const { customers, thread } = sections;
	const [isAdding, setAdding] = useState(false);
	const [newest, setNewest] = useState('');
	const addDialog = isAdding && (
		<NewCustomer
			onClose={() => setAdding(false)}
			onMade={(id) => {
				setNewest(id);
				setAdding(false);
			}}
		/>
	);
	const isOfCustomer = thread?.profileId === looking.customer;
	const isSettled = isOfCustomer && thread.channel === looking.channel;
	const isNewShown = isSettled && thread.profileId === newest;
	useLayoutEffect(() => {
		if (!isNewShown) return;
		focusOn(thread.phone === null ? 'customers' : 'compose');
		setNewest('');
	}, [isNewShown]);
	return (
		<Pane
			name="phone"
			title="Customer"
			icon="phone"
			tools={
				customers.total > 0 && (
					<button
						type="button"
						class="quiet icon-only"
						aria-label="New customer"
						title="New customer"
						onClick={() => setAdding(true)}
					>
						<Icon name="plus" />
					</button>
				)
			}
		>
			{customers.total === 0 ? (
				<Empty icon="phone" title="No customers yet">
					<p>A customer is a profile in Klaviyo with a phone that can text the brand.</p>
					<button type="button" class="primary" data-goal="compose" onClick={() => setAdding(true)}>
						<Icon name="plus" /> New customer
					</button>
				</Empty>
			) : (
				<>
					<CustomerChoice onNew={() => setAdding(true)} />
					{isOfCustomer && <Channels key={thread.profileId} thread={thread} />}
					{isSettled && <Thread key={`${thread.profileId} ${thread.channel}`} />}
				</>
			)}
			{addDialog}
		</Pane>
	);
}

function Thread() {
	const { sections, looking, look } = useConsole();
	const { thread, setup } = sections;
	const messages = thread?.messages ?? [];
	const box = useStickyEnd(thread?.profileId ?? '', messages.length);
	const [suggestion, suggest] = useState<{ words: string }>();
	const [picture, setPicture] = useState<string | null>(null);
	const [displayName, setDisplayName] = useState(thread?.whatsApp.displayName ?? '');
	const wordless = useAction();
	if (thread === null) return null;
	const { phone, name, channel } = thread;
	const isWhatsApp = channel === 'whatsapp';
	const send = async (body: string): Promise<void> => {
		await act('/message', {
			...{ from: phone, body, channel },
			...(isWhatsApp && displayName.trim() ? { displayName: displayName.trim() } : {}),
			...(picture ? { mediaUrl: picture } : {}),
		});
		setPicture(null);
	};
	return (
		<>
			{isWhatsApp && <WhatsApp thread={thread} displayName={displayName} onName={setDisplayName} />}
			<div
				class="thread scroll"
				ref={box}
				tabIndex={0}
				role="log"
				aria-label={`Messages of ${name}`}
			>
				<More
					count={thread.earlier}
					words="Show earlier"
					onMore={() => look({ threadLimit: looking.threadLimit + 100 })}
				/>
				{messages.length === 0 && phone !== null && (
					<div class="first-words">
						<p>
							No messages yet. The brand’s number is <b>{setup.klaviyo.phone}</b>.
						</p>
						<p>Try one of these:</p>
						{trySaying.map((words) => (
							<button key={words} type="button" onClick={() => suggest({ words })}>
								{words}
							</button>
						))}
					</div>
				)}
				{messages.map((message, at) => (
					<Text key={message.eventId} message={message} before={messages[at - 1]} />
				))}
			</div>
			{!isWhatsApp && !thread.canReceive && (
				<p class="notice">Not subscribed to SMS: the brand cannot text {name}.</p>
			)}
			<Failure words={wordless.error} />
			<Composer
				label={`Text as ${name}`}
				placeholder={phone === null ? 'This customer has no phone' : `Text as ${name}`}
				goal="compose"
				button="Send"
				disabled={phone === null}
				isSendableEmpty={Boolean(picture)}
				suggestion={suggestion}
				onSend={send}
				beside={
					isWhatsApp ? (
						<button
							type="button"
							class="quiet icon-only"
							aria-label="Send something without words"
							title="Send a picture, a voice message or a reaction: Klaviyo shows no words"
							disabled={phone === null || wordless.isBusy}
							onClick={() => void wordless.run(() => send(''))}
						>
							<Icon name="voice" />
						</button>
					) : (
						<button
							type="button"
							class="quiet icon-only"
							aria-label="Add a picture"
							title="Add a picture"
							aria-pressed={picture !== null}
							disabled={phone === null}
							onClick={() => setPicture(picture === null ? '' : null)}
						>
							<Icon name="picture" />
						</button>
					)
				}
			>
				{picture !== null && (
					<input
						type="url"
						class="picture-link"
						aria-label="Link to the picture"
						placeholder="https:// link to the picture"
						value={picture}
						ref={(field) => {
							if (picture === '') field?.focus();
						}}
						onInput={(event) => setPicture(event.currentTarget.value)}
						onKeyDown={(event) => {
							if (event.key === 'Escape') setPicture(null);
						}}
					/>
				)}
			</Composer>
		</>
	);
}

function Text(props: { message: SandboxPhoneMessage; before: SandboxPhoneMessage | undefined }) {
	const { message, before } = props;
	const at = Date.parse(message.at);
	const isNewDay = before === undefined || dayOf(Date.parse(before.at)) !== dayOf(at);
	const isOwn = message.direction === 'in';
	return (
		<>
			{isNewDay && <p class="day">{dayOf(at)}</p>}
			<article class={isOwn ? 'text is-own' : 'text'}>
				<div class="bubble">
					<span class="sr-only">{isOwn ? 'Customer: ' : 'Brand: '}</span>
					<Words>{message.body}</Words>
					{message.body === '' && message.mediaUrl === undefined && <em>Without words</em>}
					{message.mediaUrl !== undefined && (
						<span class="picture">
							<Icon name="picture" /> <Link to={message.mediaUrl}>Picture</Link>
						</span>
					)}
				</div>
				<footer>
					{!isOwn && <span class="kind">{kinds[message.kind]}</span>}
					<time dateTime={isoOf(at)} title={isoOf(at)}>
						{timeOf(at)}
					</time>
				</footer>
			</article>
		</>
	);
}
