/** The package's classes, for whoever loads it as a module. n8n itself reads the paths in package.json. */
module.exports = {
	...require('./dist/credentials/KlaviyoSyncApi.credentials.js'),
	...require('./dist/credentials/KlaviyoSyncOAuth2Api.credentials.js'),
	...require('./dist/credentials/ZendeskSyncApi.credentials.js'),
	...require('./dist/credentials/ZendeskSyncOAuth2Api.credentials.js'),
	...require('./dist/nodes/Klaviyo/Klaviyo.node.js'),
	...require('./dist/nodes/Klaviyo/KlaviyoTrigger.node.js'),
	...require('./dist/nodes/ZendeskSync/ZendeskSync.node.js'),
	...require('./dist/nodes/ZendeskSync/ZendeskSyncTrigger.node.js'),
};
