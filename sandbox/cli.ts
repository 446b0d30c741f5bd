import { Command, InvalidArgumentError } from 'commander';
import { startSandbox } from './index';

const number = (text: string): number => {
	const value = Number(text);
	if (!Number.isFinite(value) || value < 0) throw new InvalidArgumentError('Not a number.');
	return value;
};

const options = new Command('sandbox')
	.description('A local Zendesk and a local Klaviyo to try the nodes against.')
	.option('--zendesk-port <port>', 'port of the local Zendesk', number, 4010)
	.option('--klaviyo-port <port>', 'port of the local Klaviyo', number, 4020)
	.option('--control-port <port>', 'port of the control server and its page', number, 4030)
	.option('--record <file>', 'write every call as a JSON line')
	.option('--limits <factor>', "multiplies the vendors' rate limits", number, 1)
	.option('--seed <seed>', 'seed of ids and faults', number, 1)
	.option(
		'--hurry <factor>',
		'how much faster than real vendors deliveries are retried and reads catch up',
		number,
		1,
	)
	.parse()
	.opts<{
		zendeskPort: number;
		klaviyoPort: number;
		controlPort: number;
		record?: string;
		limits: number;
		seed: number;
		hurry: number;
	}>();

async function main(): Promise<void> {
	const sandbox = await startSandbox(options);
	const { zendesk, klaviyo, controlUrl } = sandbox;
	process.stdout.write(`Sandbox is running. Stop it with Ctrl+C.

Zendesk   ${zendesk.url}
  e-mail         ${zendesk.account.email}
  API token      ${zendesk.account.apiToken}
  OAuth client   ${zendesk.account.oauthClientId}
  OAuth secret   ${zendesk.account.oauthClientSecret}
  authorize      ${zendesk.url}/oauth/authorizations/new
  token          ${zendesk.url}/oauth/tokens

Klaviyo   ${klaviyo.url}
  API key        ${klaviyo.account.apiKey}
  OAuth client   ${klaviyo.account.oauthClientId}
  OAuth secret   ${klaviyo.account.oauthClientSecret}
  authorize      ${klaviyo.url}/oauth/authorize
  token          ${klaviyo.url}/oauth/token
  brand's number ${klaviyo.brandPhone}

Console   ${controlUrl}   open it in a browser to play customer and agent

The same over HTTP
  A subscribed customer:
    curl -X POST ${controlUrl}/profile -H 'content-type: application/json' -d '{"phone":"+12025550111","firstName":"Ada"}'
  She texts the brand:
    curl -X POST ${controlUrl}/message -H 'content-type: application/json' -d '{"from":"+12025550111","body":"Where is my order?"}'
  Ben, a customer without consent, writes on WhatsApp:
    curl -X POST ${controlUrl}/message -H 'content-type: application/json' -d '{"from":"+12025550112","channel":"whatsapp","displayName":"Ben","body":"Is it there yet?"}'
  The agent answers:
    curl -X POST ${controlUrl}/reply -H 'content-type: application/json' -d '{"ticketId":"101","body":"On its way!","public":true}'
  The agent solves the ticket, and a day passes:
    curl -X POST ${controlUrl}/update -H 'content-type: application/json' -d '{"ticketId":"101","status":"solved"}'
    curl -X POST ${controlUrl}/clock -H 'content-type: application/json' -d '{"advanceMs":90000000}'
  What everything looks like now:
    curl ${controlUrl}/state
`);
	const stop = (): void => void sandbox.close().then(() => process.exit(0));
	process.once('SIGINT', stop);
	process.once('SIGTERM', stop);
}

void main();
