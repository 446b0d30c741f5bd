import { useEffect, useState } from 'preact/hooks';
import { useConsole } from '../state/console';
import { Icon } from './Icon';

/** The values for n8n's credentials, and what is connected. */
export function Connect() {
	const { zendesk, klaviyo } = useConsole().sections.setup;
	return (
		<>
			<p class="lead">
				Enter these in n8n's credentials. They work on this machine only, and only while the sandbox
				runs.
			</p>
			<h3>Zendesk Sync API</h3>
			<Webhooks count={zendesk.webhooks} />
			<dl class="copies">
				<Copy label="Zendesk URL" text={zendesk.url} />
				<Copy label="Email" text={zendesk.email} />
				<Copy label="API Token" text={zendesk.apiToken} />
				<Copy label="OAuth client ID" text={zendesk.clientId} />
				<Copy label="OAuth client secret" text={zendesk.clientSecret} />
			</dl>
			<h3>Klaviyo API</h3>
			<Webhooks count={klaviyo.webhooks} />
			<dl class="copies">
				<Copy label="Base URL" text={klaviyo.url} />
				<Copy label="Private API Key" text={klaviyo.apiKey} />
				<Copy label="OAuth client ID" text={klaviyo.clientId} />
				<Copy label="OAuth client secret" text={klaviyo.clientSecret} />
				<Copy label="Brand’s number" text={klaviyo.phone} />
			</dl>
		</>
	);
}

function Webhooks({ count }: { count: number }) {
	return (
		<p class={count > 0 ? 'connection is-on' : 'connection'}>
			{count === 0
				? 'No webhook yet: none of your workflows is listening.'
				: count === 1
					? 'One n8n webhook is registered.'
					: `${count} n8n webhooks are registered.`}
		</p>
	);
}

function Copy({ label, text }: { label: string; text: string }) {
	const [isCopied, setCopied] = useState(false);
	useEffect(() => {
		if (!isCopied) return undefined;
		const forgetting = setTimeout(() => setCopied(false), 2000);
		return () => clearTimeout(forgetting);
	}, [isCopied]);
	return (
		<div>
			<dt>{label}</dt>
			<dd>
				<code>{text}</code>
				<button
					type="button"
					class="quiet icon-only"
					aria-label={isCopied ? `${label} is copied` : `Copy ${label}`}
					onClick={() =>
						void navigator.clipboard.writeText(text).then(
							() => setCopied(true),
							() => setCopied(false),
						)
					}
				>
					<Icon name={isCopied ? 'check' : 'copy'} />
				</button>
			</dd>
		</div>
	);
}
