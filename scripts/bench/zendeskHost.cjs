/**
 * Loaded into n8n by the benchmark. n8n's Zendesk node always calls `https://<subdomain>.zendesk.com`; this file sends
 * those requests to the local Zendesk, without TLS and without the `.json` at the path's end, which Zendesk accepts and the
 * local one does not.
 */
const http = require('node:http');
const https = require('node:https');

const local = new URL(process.env.BENCH_ZENDESK_URL);
const overTls = https.request;

https.request = function request(...args) {
	const [options, answered] = args;
	const host = options && (options.hostname ?? options.host);
	if (typeof host !== 'string' || !host.endsWith('.zendesk.com')) return overTls.apply(this, args);
	return http.request(
		{
			method: options.method,
			headers: options.headers,
			auth: options.auth,
			protocol: 'http:',
			hostname: local.hostname,
			port: local.port,
			path: options.path.replace(/\.json(?=\?|$)/, ''),
			// A connection for each request, as n8n makes them for everything else.
			agent: new http.Agent(),
		},
		answered,
	);
};
