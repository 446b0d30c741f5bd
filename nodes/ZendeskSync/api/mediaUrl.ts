/** Pictures may only be fetched from public addresses, so that a message cannot make n8n read its own network. */
import { isLoopback } from '../../shared/origin';

const IPV4 = /^\d{1,3}(\.\d{1,3}){3}$/;

/** Networks that are not part of the public Internet: https://www.iana.org/assignments/iana-ipv4-special-registry. */
const SPECIAL_IPV4: ReadonlyArray<readonly [network: string, bits: number]> = [
	['0.0.0.0', 8],
	['10.0.0.0', 8],
	['100.64.0.0', 10],
	['127.0.0.0', 8],
	['169.254.0.0', 16],
	['172.16.0.0', 12],
	['192.0.0.0', 24],
	['192.0.2.0', 24],
	['192.88.99.0', 24],
	['192.168.0.0', 16],
	['198.18.0.0', 15],
	['198.51.100.0', 24],
	['203.0.113.0', 24],
	['224.0.0.0', 3],
];

const asNumber = (address: string): number =>
	address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);

const isPublicIpv4 = (address: string): boolean =>
	!SPECIAL_IPV4.some(([network, bits]) => {
		const size = 2 ** (32 - bits);
		return Math.floor(asNumber(address) / size) === Math.floor(asNumber(network) / size);
	});

/** Global unicast is 2000::/3; documentation networks and those that wrap an IPv4 address are excluded. */
function isPublicIpv6(address: string): boolean {
	const [first = '', second = ''] = address.split(':');
	const [high, low] = [parseInt(first || '0', 16), parseInt(second || '0', 16)];
	if (high < 0x2000 || high > 0x3fff || high === 0x2002) return false;
	return !(high === 0x2001 && (low === 0 || low === 0xdb8));
}

/**
 * Host names that lead to this machine or its network: RFC 6761, RFC 6762, RFC 8375, and what clouds and companies
 * use.
 */
const LOCAL_NAME =
	/(^|\.)(localhost|local|localdomain|internal|intranet|intra|corp|home|lan|private|cluster|consul|default|docker|prod|svc|home\.arpa)$/;

export const IN_PRIVATE_NETWORK = 'is in a private network';

/**
 * Characters. Signed addresses of pictures have hundreds. The time to parse a hostile one grows faster than its
 * length.
 */
const MAX_LENGTH = 4000;

function isPublic(hostname: string): boolean {
	const host = hostname.replace(/\.+$/, '');
	if (IPV4.test(host)) return isPublicIpv4(host);
	if (host.startsWith('[')) return isPublicIpv6(host.slice(1, -1));
	return host.includes('.') && !LOCAL_NAME.test(host);
}

/**
 * @param allowLoopback whether Zendesk itself is on this machine, as the sandbox is: then the pictures may be, too
 * @returns why nothing may be fetched from there, or undefined if it is allowed
 */
export function mediaFault(url: string, allowLoopback: boolean): string | undefined {
	// The URL parser turns 127.1, 0x7f000001 and 2130706433 into 127.0.0.1.
	if (url.length > MAX_LENGTH || !URL.canParse(url)) return 'is not a valid web address';
	const { protocol, hostname, port, username, password } = new URL(url);
	if (allowLoopback && isLoopback(url) && /^https?:$/.test(protocol)) return undefined;
	if (protocol !== 'https:') return 'is not https';
	if (username || password) return 'has a user name or password in it';
	if (!isPublic(hostname)) return IN_PRIVATE_NETWORK;
	// Servers on other ports are unlikely to hold pictures.
	return port ? 'is not on the standard https port' : undefined;
}
