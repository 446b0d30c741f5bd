/**
 * Which files of a message are put before agents: what phones send, and nothing that could run. The type that a host gives
 * is a stranger's word, so the first bytes have to say the same. No SVG: it may hold scripts.
 */

export interface MediaKind {
	/** What the file is called by, whatever the host calls it. */
	type: string;
	ending: string;
}

interface Known extends MediaKind {
	/** Other names that hosts give it. */
	aliases?: readonly string[];
	begins(bytes: Uint8Array): boolean;
}

/** How many bytes the first box of a film may have: more is none. */
const LONGEST_BOX = 4096;

const messageAt = (bytes: Uint8Array, start: number, length: number): string =>
	String.fromCharCode(...bytes.slice(start, start + length));

const starts =
	(...beginnings: string[]) =>
	(bytes: Uint8Array): boolean =>
		beginnings.some((beginning) => messageAt(bytes, 0, beginning.length) === beginning);

/** A RIFF file: what is in it stands after its length. */
const riff =
	(form: string) =>
	(bytes: Uint8Array): boolean =>
		messageAt(bytes, 0, 4) === 'RIFF' && messageAt(bytes, 8, 4) === form;

/** The brand of the container that MPEG-4, QuickTime, 3GPP and HEIC share. */
function brandOf(bytes: Uint8Array): string | undefined {
	const [a = 0, b = 0, c = 0, d = 0] = bytes;
	const size = ((a * 256 + b) * 256 + c) * 256 + d;
	const isBox = size >= 8 && size <= LONGEST_BOX && messageAt(bytes, 4, 4) === 'ftyp';
	return isBox ? messageAt(bytes, 8, 4) : undefined;
}

const branded =
	(pattern: RegExp) =>
	(bytes: Uint8Array): boolean => {
		const brand = brandOf(bytes);
		return brand !== undefined && pattern.test(brand);
	};

/** Old QuickTime films have no brand. */
const isBareQuickTime = (bytes: Uint8Array): boolean =>
	/^(moov|mdat|wide|free|skip)$/.test(messageAt(bytes, 4, 4));

/** Of MPEG sound: eleven bits that are set, then a version and a layer that exist. */
const isFrame = ([first = 0, second = 0]: Uint8Array, layers: readonly number[]): boolean =>
	first === 0xff &&
	(second & 0xe0) === 0xe0 &&
	(second & 0x18) !== 0x08 &&
	layers.includes((second & 0x06) >> 1);

const PHOTO = /^(hei[cfmsx]|hev[cmsx]|mif1|msf1)$/;
const BRANDED_FILM = branded(/^(?!hei|hev|mif1|msf1|avif|avis)/);

const KNOWN: readonly Known[] = [
	{
		type: 'image/jpeg',
		ending: 'jpg',
		aliases: ['image/jpg', 'image/pjpeg'],
		begins: starts('\xff\xd8\xff'),
	},
	{
		type: 'image/png',
		ending: 'png',
		aliases: ['image/x-png'],
		begins: starts('\x89PNG\r\n\x1a\n'),
	},
	{ type: 'image/gif', ending: 'gif', begins: starts('GIF87a', 'GIF89a') },
	{ type: 'image/webp', ending: 'webp', begins: riff('WEBP') },
	{
		type: 'image/heic',
		ending: 'heic',
		aliases: ['image/heif', 'image/heic-sequence', 'image/heif-sequence'],
		begins: branded(PHOTO),
	},
	{ type: 'image/tiff', ending: 'tiff', begins: starts('II*\0', 'MM\0*') },
	{
		type: 'image/bmp',
		ending: 'bmp',
		aliases: ['image/x-ms-bmp'],
		// Four bytes of it are always empty.
		begins: (bytes) => messageAt(bytes, 0, 2) === 'BM' && messageAt(bytes, 6, 4) === '\0\0\0\0',
	},
	{
		type: 'video/mp4',
		ending: 'mp4',
		aliases: ['video/x-m4v', 'video/mpeg4'],
		begins: BRANDED_FILM,
	},
	{
		type: 'video/quicktime',
		ending: 'mov',
		begins: (bytes) => BRANDED_FILM(bytes) || isBareQuickTime(bytes),
	},
	{ type: 'video/3gpp', ending: '3gp', aliases: ['video/3gp'], begins: BRANDED_FILM },
	{ type: 'video/3gpp2', ending: '3g2', begins: BRANDED_FILM },
	{ type: 'video/mpeg', ending: 'mpg', begins: starts('\0\0\x01\xba', '\0\0\x01\xb3') },
	{ type: 'video/webm', ending: 'webm', begins: starts('\x1aE\xdf\xa3') },
	{
		type: 'audio/mp4',
		ending: 'm4a',
		aliases: ['audio/m4a', 'audio/x-m4a', 'audio/mp4a-latm'],
		begins: BRANDED_FILM,
	},
	{ type: 'audio/3gpp', ending: '3gp', begins: BRANDED_FILM },
	{
		type: 'audio/mpeg',
		ending: 'mp3',
		aliases: ['audio/mp3', 'audio/x-mp3', 'audio/mpeg3'],
		begins: (bytes) => starts('ID3')(bytes) || isFrame(bytes, [1, 2, 3]),
	},
	{
		type: 'audio/aac',
		ending: 'aac',
		aliases: ['audio/x-aac', 'audio/aacp'],
		begins: (bytes) => isFrame(bytes, [0]),
	},
	{
		type: 'audio/amr',
		ending: 'amr',
		aliases: ['audio/amr-nb', 'audio/amr-wb'],
		begins: starts('#!AMR'),
	},
	{
		type: 'audio/ogg',
		ending: 'ogg',
		aliases: ['audio/opus', 'application/ogg'],
		begins: starts('OggS'),
	},
	{
		type: 'audio/wav',
		ending: 'wav',
		aliases: ['audio/x-wav', 'audio/wave', 'audio/vnd.wave'],
		begins: riff('WAVE'),
	},
	{ type: 'audio/webm', ending: 'webm', begins: starts('\x1aE\xdf\xa3') },
	{ type: 'application/pdf', ending: 'pdf', begins: starts('%PDF-') },
	{
		type: 'text/vcard',
		ending: 'vcf',
		aliases: ['text/x-vcard', 'text/directory'],
		begins: (bytes) => /^(\xef\xbb\xbf)?BEGIN:VCARD\r?\n/i.test(messageAt(bytes, 0, 20)),
	},
];

/** What a host calls a file, without what follows the name. */
const nameOf = (contentType: string): string =>
	contentType.replace(/;.*$/s, '').trim().toLowerCase();

const knownBy = (contentType: string): Known | undefined =>
	KNOWN.find(
		({ type, aliases }) =>
			type === nameOf(contentType) || aliases?.includes(nameOf(contentType)) === true,
	);

/** Whether a file of this type may be fetched at all, as far as its host's word goes. */
export const mayBeMedia = (contentType: string): boolean => knownBy(contentType) !== undefined;

/**
 * What a file is. Hosts mistake one picture for another: then the bytes decide, among the types that may be.
 *
 * @returns undefined for what must not be put before agents
 */
export function mediaKindOf(contentType: string, bytes: Uint8Array): MediaKind | undefined {
	const said = knownBy(contentType);
	if (!said) return undefined;
	const { type, ending } =
		(said.begins(bytes) ? said : KNOWN.find((one) => one.begins(bytes))) ?? {};
	return type && ending ? { type, ending } : undefined;
}
