/**
 * Which files of a message are shown to agents: what phones send, and nothing executable. The host's content type is not
 * trusted: the first bytes have to agree. No SVG: it may hold scripts.
 */

export interface MediaKind {
	/** The type that is stated for the file, whatever the host says. */
	type: string;
	ending: string;
}

interface KnownType extends MediaKind {
	/** Other names that hosts use for it. */
	aliases?: readonly string[];
	begins(bytes: Uint8Array): boolean;
}

/** Bytes that the first box of a video may have. More means that it is not one. */
const MAX_BOX_BYTES = 4096;

const asciiAt = (bytes: Uint8Array, start: number, length: number): string =>
	String.fromCharCode(...bytes.slice(start, start + length));

const starts =
	(...beginnings: string[]) =>
	(bytes: Uint8Array): boolean =>
		beginnings.some((beginning) => asciiAt(bytes, 0, beginning.length) === beginning);

/** A RIFF file names its format after its length. */
const riff =
	(form: string) =>
	(bytes: Uint8Array): boolean =>
		asciiAt(bytes, 0, 4) === 'RIFF' && asciiAt(bytes, 8, 4) === form;

/** The brand of the container that MPEG-4, QuickTime, 3GPP and HEIC share. */
function brandOf(bytes: Uint8Array): string | undefined {
	const [a = 0, b = 0, c = 0, d = 0] = bytes;
	const size = ((a * 256 + b) * 256 + c) * 256 + d;
	const isBox = size >= 8 && size <= MAX_BOX_BYTES && asciiAt(bytes, 4, 4) === 'ftyp';
	return isBox ? asciiAt(bytes, 8, 4) : undefined;
}

const branded =
	(pattern: RegExp) =>
	(bytes: Uint8Array): boolean => {
		const brand = brandOf(bytes);
		return brand !== undefined && pattern.test(brand);
	};

/** Old QuickTime videos have no brand. */
const isBareQuickTime = (bytes: Uint8Array): boolean =>
	/^(moov|mdat|wide|free|skip)$/.test(asciiAt(bytes, 4, 4));

/** An MPEG audio frame: eleven set bits, then a valid version and layer. */
const isFrame = ([first = 0, second = 0]: Uint8Array, layers: readonly number[]): boolean =>
	first === 0xff &&
	(second & 0xe0) === 0xe0 &&
	(second & 0x18) !== 0x08 &&
	layers.includes((second & 0x06) >> 1);

const PHOTO = /^(hei[cfmsx]|hev[cmsx]|mif1|msf1)$/;
const BRANDED_FILM = branded(/^(?!hei|hev|mif1|msf1|avif|avis)/);

const KNOWN_TYPES: readonly KnownType[] = [
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
		// Its four reserved bytes are zero.
		begins: (bytes) => asciiAt(bytes, 0, 2) === 'BM' && asciiAt(bytes, 6, 4) === '\0\0\0\0',
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
		begins: (bytes) => /^(\xef\xbb\xbf)?BEGIN:VCARD\r?\n/i.test(asciiAt(bytes, 0, 20)),
	},
];

/** The type without its parameters. */
const mimeTypeOf = (contentType: string): string =>
	contentType.replace(/;.*$/s, '').trim().toLowerCase();

const knownType = (contentType: string): KnownType | undefined =>
	KNOWN_TYPES.find(
		({ type, aliases }) =>
			type === mimeTypeOf(contentType) || aliases?.includes(mimeTypeOf(contentType)) === true,
	);

/** Whether a file may be downloaded at all, by the type that its host states. */
export const mayBeMedia = (contentType: string): boolean => knownType(contentType) !== undefined;

/**
 * The type of a file. Hosts mistake one kind of picture for another: then the bytes decide, among the allowed types.
 *
 * @returns undefined for a file that must not be shown to agents
 */
export function mediaKindOf(contentType: string, bytes: Uint8Array): MediaKind | undefined {
	const said = knownType(contentType);
	if (!said) return undefined;
	const { type, ending } =
		(said.begins(bytes) ? said : KNOWN_TYPES.find((one) => one.begins(bytes))) ?? {};
	return type && ending ? { type, ending } : undefined;
}
