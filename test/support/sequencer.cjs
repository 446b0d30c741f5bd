/**
 * Files that start a real n8n come first: they wait most of the time, the first of all for n8n's installation, and
 * whoever else runs beside them loses nothing by it.
 */
const { default: Sequencer } = require('@jest/test-sequencer');

module.exports = class extends Sequencer {
	async sort(tests) {
		const inOrder = await super.sort(tests);
		const isReal = ({ path }) => /[\\/]e2e[\\/]/.test(path);
		return [...inOrder.filter(isReal), ...inOrder.filter((test) => !isReal(test))];
	}
};
