/** In place of what n8n-core loads for nodes of others and no test needs: whatever is taken from it is nothing. */
const nothing = new Proxy(function () {}, {
	get: (target, name) => (name === 'prototype' ? target.prototype : nothing),
});
module.exports = { __esModule: true, default: nothing };
module.exports = new Proxy(module.exports, {
	get: (target, name) => (name in target ? target[name] : nothing),
});
