/** Which files of a message are shown to agents. */
import fc from 'fast-check';
import { mayBeMedia, mediaKindOf } from '../../domain/media';

const latin = (text: string): Buffer => Buffer.from(text, 'latin1');

const box = (brand: string): string => `\0\0\0\x18ftyp${brand}\0\0\0\0`;

describe('A file of a message', () => {
	it.each<[type: string, beginning: string, called: string, ending: string]>([
		['image/jpeg', '\xff\xd8\xff\xe0', 'image/jpeg', 'jpg'],
		['IMAGE/JPG; q=1', '\xff\xd8\xff\xe1', 'image/jpeg', 'jpg'],
		['image/png', '\x89PNG\r\n\x1a\n', 'image/png', 'png'],
		['image/gif', 'GIF89a', 'image/gif', 'gif'],
		['image/webp', 'RIFF\x10\0\0\0WEBPVP8 ', 'image/webp', 'webp'],
		['image/heif', box('heic'), 'image/heic', 'heic'],
		['video/mp4', box('isom'), 'video/mp4', 'mp4'],
		['video/3gpp', box('3gp4'), 'video/3gpp', '3gp'],
		['video/quicktime', box('qt  '), 'video/quicktime', 'mov'],
		['video/quicktime', '\0\0\0\x08wide', 'video/quicktime', 'mov'],
		['audio/x-m4a', box('M4A '), 'audio/mp4', 'm4a'],
		['audio/mpeg', 'ID3\x04', 'audio/mpeg', 'mp3'],
		['audio/mpeg', '\xff\xfb\x90', 'audio/mpeg', 'mp3'],
		['audio/aac', '\xff\xf1\x50', 'audio/aac', 'aac'],
		['audio/amr', '#!AMR\n', 'audio/amr', 'amr'],
		['audio/ogg', 'OggS', 'audio/ogg', 'ogg'],
		['application/pdf', '%PDF-1.7', 'application/pdf', 'pdf'],
		['text/x-vcard; charset=utf-8', 'BEGIN:VCARD\r\nVERSION:3.0', 'text/vcard', 'vcf'],
		['text/vcard', '\xef\xbb\xbfbegin:vcard\n', 'text/vcard', 'vcf'],
	])('of type %s is recognized by its bytes', (type, beginning, called, ending) => {
		expect(mayBeMedia(type)).toBe(true);
		expect(mediaKindOf(type, latin(beginning))).toEqual({ type: called, ending });
	});

	it('is what its bytes say if the host mistakes one picture for another', () => {
		expect(mediaKindOf('image/jpeg', latin('\x89PNG\r\n\x1a\n'))).toEqual({
			type: 'image/png',
			ending: 'png',
		});
	});

	it.each([
		'image/svg+xml',
		'image/x-svg+xml',
		'image/html',
		'video/exe',
		'audio/hta',
		'video/js',
		'text/html',
		'application/octet-stream',
		'application/x-msdownload',
		'',
	])('of type %s is not accepted', (type) => {
		expect(mayBeMedia(type)).toBe(false);
		expect(mediaKindOf(type, latin('\xff\xd8\xff\xe0'))).toBeUndefined();
	});

	it.each([
		'MZ\x90\0\x03\0\0\0',
		'MZ\x90\0ftypisom',
		'<svg onload="alert(1)">',
		'<html>',
		'<?xml version="1.0"?>',
		'#!/bin/sh\n',
		'PK\x03\x04',
		'\x7fELF',
		'BM-not-a-picture',
		'\0\0\0\x18ftypavif',
		'BEGIN:VCALENDAR\n',
		'',
	])('that begins with %j is not accepted, whatever its host says', (beginning) => {
		for (const type of ['image/jpeg', 'video/mp4', 'audio/mpeg', 'application/pdf', 'text/vcard'])
			expect(mediaKindOf(type, latin(beginning))).toBeUndefined();
	});

	it('has an ending from the list, or none at all, whatever host and bytes say', () => {
		const type = fc.oneof(
			fc.string(),
			fc.stringMatching(/^(image|video|audio|text|application)\/[a-z0-9+.-]{1,12}$/),
			fc.constantFrom('image/jpeg', 'video/mp4', 'audio/mpeg', 'text/vcard'),
		);
		fc.assert(
			fc.property(type, fc.uint8Array({ maxLength: 64 }), (said, bytes) => {
				const { ending = 'jpg' } = mediaKindOf(said, bytes) ?? {};
				expect(ending).toMatch(
					/^(3g2|3gp|aac|amr|bmp|gif|heic|jpg|m4a|mov|mp3|mp4|mpg|ogg|pdf|png|tiff|vcf|wav|webm|webp)$/,
				);
			}),
		);
	});
});
