const { createHash } = require('node:crypto');

/**
 * Files that start a real n8n come first: they wait most of the time, the first of all for n8n's installation, and
 * whoever else runs beside them loses nothing by it.
 *
 * With `ORDER=<any word> npm test`, the files come in an order that depends on that word alone: no file may need another.
 */
const { default: Sequencer } = require('@jest/test-sequencer');

module.exports = class extends Sequencer {
	async sort(tests) {
		const { ORDER } = process.env;
		const placeOf = ({ path }) =>
			createHash('md5')
				.update(`${ORDER} ${path.split('/test/').at(-1)}`)
				.digest('hex');
		if (ORDER) return [...tests].sort((one, other) => placeOf(one).localeCompare(placeOf(other)));
		const inOrder = await super.sort(tests);
		const isReal = ({ path }) => /[\\/]e2e[\\/]/.test(path);
		return [...inOrder.filter(isReal), ...inOrder.filter((test) => !isReal(test))];
	}
};
