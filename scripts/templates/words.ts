/** What the first note of every template says in the same way. */
import manifest from '../../package.json';

interface Words {
	title: string;
	/** What it does, for whom. */
	what: string;
	/** Beside the package and both credentials. */
	needs?: string;
	/** What to do before it runs, one step each. */
	steps: string[];
	/** What else to know. */
	more?: string;
}

const CREDENTIALS =
	'credentials named *Klaviyo account* (Klaviyo Sync API) and *Zendesk account* (Zendesk Sync OAuth2 API). With other names or kinds, choose them in each node.';

export const overviewOf = ({ title, what, needs, steps, more }: Words): string =>
	[
		`## ${title}\n${what}`,
		`**Needs** n8n that you host yourself with the package *${manifest.name}*, and ${CREDENTIALS}${needs ? ` ${needs}` : ''}`,
		`**Set up**\n${steps.map((step, index) => `${index + 1}. ${step}`).join('\n')}`,
		...(more ? [more] : []),
	].join('\n\n');

/** What a branch of the outcome Switch gets, for the note beside it. */
export const branchesOf = (title: string, branches: Record<string, string>, more = ''): string =>
	[
		`**${title}**`,
		Object.entries(branches)
			.map(([name, meaning]) => `- *${name}*: ${meaning}`)
			.join('\n'),
		...(more ? [more] : []),
	].join('\n\n');
