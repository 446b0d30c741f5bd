/** n8n's editor in a real browser, as a builder sees it: one n8n for all scenes, which are in the folder `editor`. */
import { describeAgentName } from './editor/agentName';
import { describeCheckSetup } from './editor/checkSetup';
import { describeCredentials } from './editor/credentials';
import { describeLocators } from './editor/locators';
import { describePublication } from './editor/publication';
import { describeFirstRun } from './editor/firstRun';
import { describeInBrowser, useScene } from './editor/scene';
import { TEST_LIMIT, useStage } from './support/stage';

jest.setTimeout(TEST_LIMIT);

describeInBrowser("In n8n's editor", () => {
	const stage = useStage({ publish: [], n8n: { editor: true } });
	const scene = useScene(stage);
	const { canvas } = scene;

	it('a template is shown with all of its nodes', async () => {
		const { n8n, workflow } = stage();
		const { id } = workflow('01');
		const { nodes } = await n8n.workflow(id);
		await canvas().show(id, nodes.length);
		expect(await canvas().issues()).toEqual([]);
	});

	describeCheckSetup(scene);
	describeFirstRun(scene);
	describeLocators(scene);
	describeAgentName(scene);
	describeCredentials(scene);
	describePublication(scene);
});
