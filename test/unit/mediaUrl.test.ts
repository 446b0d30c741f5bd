import { mediaFault } from '../../nodes/ZendeskSync/api/mediaUrl';
import { isLoopback } from '../../nodes/shared/origin';

describe('The address of a picture', () => {
	it.each([
		'https://media.klaviyo.com/a/b.jpg?key=1',
		'https://8.8.8.8/x.png',
		'https://172.32.0.1/x.png',
		'https://[2a00:1450:4001:81b::200e]/x.png',
		'https://xn--bcher-kva.example/x.jpg',
	])('%s is fetched from', (url) => {
		expect(mediaFault(url, false)).toBeUndefined();
	});

	it.each([
		['no address', 'is not a valid web address'],
		['', 'is not a valid web address'],
		[`https://media.klaviyo.com/${'x'.repeat(4000)}`, 'is not a valid web address'],
		['http://media.klaviyo.com/b.jpg', 'is not https'],
		['file:///etc/passwd', 'is not https'],
		['ftp://media.klaviyo.com/b.jpg', 'is not https'],
		['https://user:word@media.klaviyo.com/b.jpg', 'has a user name or password in it'],
		['https://media.klaviyo.com:22/b.jpg', 'is not on the standard https port'],
		['https://8.8.8.8:8443/b.jpg', 'is not on the standard https port'],
	])('%j %s', (url, fault) => {
		expect(mediaFault(url, false)).toBe(fault);
	});

	it.each([
		'https://127.0.0.1/x',
		'https://127.1/x',
		'https://2130706433/x',
		'https://0x7f.0.0.1/x',
		'https://0177.0.0.1/x',
		'https://0/x',
		'https://10.1.2.3/x',
		'https://100.64.0.1/x',
		'https://169.254.169.254/latest/meta-data',
		'https://172.16.0.1/x',
		'https://172.31.255.255/x',
		'https://192.168.1.1/x',
		'https://224.0.0.1/x',
		'https://255.255.255.255/x',
		'https://[::1]/x',
		'https://[::]/x',
		'https://[::ffff:127.0.0.1]/x',
		'https://[fd00::1]/x',
		'https://[fe80::1]/x',
		'https://[64:ff9b::7f00:1]/x',
		'https://[2002:7f00:1::]/x',
		'https://[2001:db8::1]/x',
		'https://localhost/x',
		'https://LOCALHOST./x',
		'https://n8n.localhost/x',
		'https://redis/x',
		'https://metadata.google.internal/x',
		'https://printer.local/x',
		'https://nas.home.arpa/x',
		'https://kubernetes.default/x',
		'https://vault.prod/x',
		'https://vault.service.consul/x',
		'https://media.shop.svc/x',
	])('%s is in a private network', (url) => {
		expect(mediaFault(url, false)).toBe('is in a private network');
	});

	it('may be on this machine only if Zendesk is, too', () => {
		for (const url of ['http://127.0.0.1:8080/x', 'https://localhost/x', 'http://[::1]:1/x']) {
			expect(mediaFault(url, true)).toBeUndefined();
			expect(mediaFault(url, false)).toBeDefined();
		}
		expect(mediaFault('https://10.0.0.1/x', true)).toBe('is in a private network');
		expect(isLoopback('http://127.0.0.1:8080')).toBe(true);
		expect(isLoopback('https://acme.zendesk.com')).toBe(false);
	});
});
