/** What n8n says around a trigger while a workflow is built, in words of ours: its own say to create an event. */
import type { INodeTypeDescription } from 'n8n-workflow';

interface TriggerWords {
	/** Whose events they are. */
	vendor: string;
	/** How a person makes one happen, as an imperative. */
	makeOne: string;
}

const LIST = '<a data-key="executions">executions list</a>';

export function triggerPanel({
	vendor,
	makeOne,
}: TriggerWords): Pick<INodeTypeDescription, 'triggerPanel' | 'eventTriggerDescription'> {
	const building = `<b>While building your workflow</b>, click 'Fetch Test Event'. It brings the newest real event of each kind that you chose, and changes nothing in ${vendor}. If there is none yet, ${makeOne}.<br /><br />`;
	return {
		eventTriggerDescription: `Waiting for an event in ${vendor}. To make one happen, ${makeOne}.`,
		triggerPanel: {
			header: `Bring in a real event from ${vendor}`,
			executionsHelp: {
				inactive: `${building}<b>Once you are happy with it</b>, publish it. Then each event starts it. You find those executions in the ${LIST}, not here.`,
				active: `${building}<b>This workflow is published</b>, so each event also starts it. You find those executions in the ${LIST}, not here.`,
			},
			activationHint: {
				inactive:
					'Publish this workflow to have each event start it. What happens before the first publication is not delivered.',
				active:
					'This workflow is published: each event starts it. Those executions are not shown here.',
			},
		},
	};
}
