/** The first note of each template, in one form. */
import manifest from '../../package.json';

interface Words {
	title: string;
	/** What the template does, and for whom. */
	what: string;
	/** What it needs besides the package and both credentials. */
	needs?: string;
	/** What to do before it runs, one step each. */
	steps: string[];
	/** Anything else worth knowing. */
	more?: string;
}

const CREDENTIALS =
	'one credential of each type, *Klaviyo API* and *Zendesk Sync OAuth2 API*. The nodes find them by the names that n8n suggests. If yours have other names or types, select them in each node.';

export const overviewOf = ({ title, what, needs, steps, more }: Words): string =>
	[
		`## ${title}\n${what}`,
		`**Needs** a self-hosted n8n with the package *${manifest.name}*, and ${CREDENTIALS}${needs ? ` ${needs}` : ''}`,
		`**Set up**\n${steps.map((step, index) => `${index + 1}. ${step}`).join('\n')}`,
		...(more ? [more] : []),
	].join('\n\n');

/** What each branch of a Switch receives, for the note beside it. */
export const branchesOf = (title: string, branches: Record<string, string>, more = ''): string =>
	[
		`**${title}**`,
		Object.entries(branches)
			.map(([name, meaning]) => `- *${name}*: ${meaning}`)
			.join('\n'),
		...(more ? [more] : []),
	].join('\n\n');
