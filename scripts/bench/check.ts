/** Checks that the alternative handles the same simple conversation as the package: otherwise the comparison is unfair. */
import { playConversation } from '../demo/conversation';
import type { Tell } from '../demo/telling';
import { setBenchStage } from './stage';

export async function checkAlternative(
	tell: Tell,
	progress: (line: string) => void,
): Promise<void> {
	for (const side of ['alternative', 'ours'] as const) {
		progress(`The ${side === 'ours' ? 'package' : 'alternative'}:`);
		const stage = await setBenchStage({ progress });
		try {
			await stage.listen(side);
			const { messages } = stage.workflows[side];
			await playConversation(
				{
					sandbox: stage.sandbox,
					n8n: stage.n8n,
					templates: [],
					workflow: () => ({ id: messages, name: '', file: '' }),
					close: async () => {},
				},
				tell,
			);
		} finally {
			await stage.close();
		}
	}
}
