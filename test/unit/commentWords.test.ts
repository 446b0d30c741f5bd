import { commentWords, type WrittenComment } from '../../domain/comment/words';

const ofHtml = (html: string): string => commentWords({ html_body: html });

/** As an agent's reply comes from the agent interface: of a recorded ticket, with other words. */
const reply = {
	html_body:
		'<div class="zd-comment" dir="auto">Hi Ana,<br>&nbsp;<br>Q&amp;A is below.<br>\n\n<span class="collapse-signature"></span><div class="signature"><p dir="auto">Mia Moss<br>\nAcme Care</p></div></div>',
	plain_body: 'Hi Ana,\n&nbsp;\nQ&amp;A is below.\n\n\n  Mia Moss\n\nAcme Care',
	body: 'Hi Ana,\n\nQ&A is below.\n\nMia Moss\nAcme Care',
};

describe('The text of a comment', () => {
	it('is what the agent wrote, without the signature', () => {
		expect(commentWords(reply)).toBe('Hi Ana,\n\nQ&A is below.');
	});

	it('has the signature if it is wanted', () => {
		expect(commentWords(reply, { keepSignature: true })).toBe(
			'Hi Ana,\n\nQ&A is below.\n\nMia Moss\nAcme Care',
		);
	});

	it('is empty for a signature alone: the other bodies contain nothing else', () => {
		const html_body = '<div class="zd-comment"><div class="Signature big"><p>Mia</p></div></div>';
		const comment = { html_body, plain_body: 'Mia', body: 'Mia' };
		expect(commentWords(comment)).toBe('');
		expect(commentWords(comment, { keepSignature: true })).toBe('Mia');
	});

	it.each<[string, WrittenComment, string]>([
		['plain_body, decoded, where there is no HTML', { html_body: '', plain_body: 'Q&amp;A &lt;3&nbsp; it', body: 'Q&A' }, 'Q&A <3 it'], // prettier-ignore
		['plain_body where the HTML shows nothing', { html_body: '<p> <br>&nbsp;</p>', plain_body: 'Yes' }, 'Yes'], // prettier-ignore
		['body, as it is, where the others are empty', { html_body: '', plain_body: '', body: ' It *ships* &amp; \n\n\n\n today ' }, 'It *ships* &amp;\n\ntoday'], // prettier-ignore
		['body where the others are missing', { html_body: null, body: 'Yes' }, 'Yes'],
		['body where plain_body is only blanks', { plain_body: '&nbsp;\n', body: 'Yes' }, 'Yes'],
		['none where there is nothing', {}, ''],
	])('is %s', (_, comment, words) => {
		expect(commentWords(comment)).toBe(words);
	});

	it('leaves an address in plain_body alone that only seems to contain an entity', () => {
		const plain_body = 'https://a.test/?a=1&copy=2&amp;b=3';
		expect(commentWords({ plain_body })).toBe('https://a.test/?a=1&copy=2&b=3');
	});
});

describe('In the text of HTML', () => {
	it.each<[string, string, string]>([
		['a line break is one', 'One<br>two<br/>three</br>four', 'One\ntwo\nthree\nfour'],
		['blocks are lines', '<div>One</div><div>two</div>three', 'One\ntwo\nthree'],
		['paragraphs are set apart, once', '<p>One</p>\n\n<p>two<br></p><p>&nbsp;</p><p>three</p>', 'One\n\ntwo\n\nthree'], // prettier-ignore
		['there is no more than one empty line', 'One<br><br><br><br>two', 'One\n\ntwo'],
		['a raw line break is white space', 'One\ntwo\r\n\tthree', 'One two three'],
		['preformatted text keeps its lines', '<pre>One\n  two\r\n\n\n\nthree</pre>four', 'One\ntwo\n\nthree\nfour'], // prettier-ignore
		['blanks of any kind are one', 'One&nbsp; &emsp;two&#160;&#xA0;three', 'One two three'],
		['what nobody sees is gone', 'On&shy;e\u200b t&ZeroWidthSpace;wo\ufeff', 'One two'],
		['entities are letters, of whatever kind', '&lt;3 &amp; &eacute; &#8364; &#x20AC; &notin; &NotEqualTilde; &copy &amp;amp;', '<3 & é € € ∉ ≂̸ © &amp;'], // prettier-ignore
		['what is not shown is not said', '<head><title>t</title></head><style>a{}</style><script>b("<p>c</p>")</script><!-- d --><![CDATA[e]]><template><div><template>f</template>g</div></template>Yes', 'Yes'], // prettier-ignore
		[
			'a page whose head was never closed has words',
			'<html><head><meta charset=x><body>Yes',
			'Yes',
		],
		['what is never closed loses nothing', '<div><p><b>One<ul><li>two<table><tr><td>three', 'One\n- two\nthree'], // prettier-ignore
		['what was never opened does no harm', '</b></div></a></li></ul></pre></td>One</p>two', 'One\n\ntwo'], // prettier-ignore
		['a sign that is no tag is a word', 'I <3 it, 1 < 2 > 0 & so', 'I <3 it, 1 < 2 > 0 & so'],
	])('%s', (_, html, words) => {
		expect(ofHtml(html)).toBe(words);
	});

	it.each<[string, string, string]>([
		['with words says its address after them', 'You can <a href="https://ups.example/t/1?a=1&amp;b=2" rel="x">track <b>it</b> here</a>.', 'You can track it here (https://ups.example/t/1?a=1&b=2).'], // prettier-ignore
		['whose words are its address says it once', '<a href="https://a.test/x/">https://a.test/x</a>', 'https://a.test/x'], // prettier-ignore
		['may leave the scheme out', '<a href="http://Acme.test/">acme.test</a>', 'acme.test'],
		['may hold its address among other words', '<a href="https://a.test/x">Here: https://a.test/x.</a>', 'Here: https://a.test/x.'], // prettier-ignore
		['does not hold a longer one', '<a href="https://a.test/x">See https://a.test/x.png</a>', 'See https://a.test/x.png (https://a.test/x)'], // prettier-ignore
		['may be spelt with other signs', '<a href="https://a.test/%C3%A9">https://a.test/é</a>', 'https://a.test/é'], // prettier-ignore
		['without words says its address', 'Here:<a href="https://a.test"></a>now', 'Here: https://a.test now'], // prettier-ignore
		['to a person says who it is', '<a href="mailto:mia@a.test?subject=x">Mia</a>, <a href="mailto:mia@a.test">mia@a.test</a>', 'Mia (mia@a.test), mia@a.test'], // prettier-ignore
		['to a phone says the number, once', '<a href="tel:+12125550123">+1 (212) 555-0123</a>, <a href="tel:+12125550123">us</a>', '+1 (212) 555-0123, us (+12125550123)'], // prettier-ignore
		['that leads nowhere is its words', '<a href="javascript:alert(1)">One</a> <a href="#top">two</a> <a href="/agent/tickets/1">#3</a> <a>four</a> <a href="mailto:">five</a>', 'One two #3 four five'], // prettier-ignore
		['has its address in one piece', '<a href=" https://a.test/a b\n ">x</a>', 'x (https://a.test/a%20b)'], // prettier-ignore
		['around a block says it on its line', '<a href="https://a.test"><div>One</div></a>two', 'One (https://a.test)\ntwo'], // prettier-ignore
		['ends where the next one begins', '<a href="https://a.test">One <a href="https://b.test">two</a>', 'One (https://a.test) two (https://b.test)'], // prettier-ignore
		['that is never closed says its address', '<a href=https://a.test>One', 'One (https://a.test)'],
	])('a link %s', (_, html, words) => {
		expect(ofHtml(html)).toBe(words);
	});

	it.each<[string, string, string]>([
		['has marks', 'A<ul><li>One</li><li> two </li></ul>z', 'A\n- One\n- two\nz'],
		['has numbers', '<ol><li>One<li>two</ol>', '1. One\n2. two'],
		['begins where it says', '<ol start="3"><li>One</li><li value="7">two</li><li>three</li></ol><ol start=x><li>four</ol>', '3. One\n7. two\n8. three\n1. four'], // prettier-ignore
		['may hold another', '<ol><li>One<ul><li>in</li></ul></li><li>two</li></ol>', '1. One\n- in\n2. two'], // prettier-ignore
		['may hold paragraphs', '<ul>\n<li>\n<p>One</p>\n<p>more</p>\n</li>\n<li><p>two</p></li></ul>', '- One\nmore\n- two'], // prettier-ignore
		['has no mark for nothing', '<ul><li></li><li>One</li></ul>', '- One'],
	])('a list %s', (_, html, words) => {
		expect(ofHtml(html)).toBe(words);
	});

	it.each<[string, string, string]>([
		['has its cells apart', 'A<table><thead><tr><th>Order</th><td>4711</td></tr></thead><tr><td> Total </td><td><p>$20</p></td></tr></table>z', 'A\nOrder | 4711\nTotal | $20\nz'], // prettier-ignore
		['has no room for empty cells', '<table><tr><td></td><td>One</td><td>&nbsp;</td><td>two</td></tr></table>', 'One | two'], // prettier-ignore
		['that only lays out keeps its lines', '<table><tr><td>One<br>two<table><tr><td>a<td>b<tr><td>c</table></td></tr></table>', 'One\ntwo\na | b\nc'], // prettier-ignore
	])('a table %s', (_, html, words) => {
		expect(ofHtml(html)).toBe(words);
	});

	it.each<[string, string, string]>([
		['is its address', 'See<img src="https://a.test/p.png?a&amp;b" alt="x">there', 'See https://a.test/p.png?a&b there'], // prettier-ignore
		[
			'without one is its description',
			'<img src="cid:1" alt="A parcel">, <img alt="">',
			'A parcel,',
		],
		['that links to itself is there once', '<a href="https://a.test/p.png"><img src="https://a.test/p.png"></a>', 'https://a.test/p.png'], // prettier-ignore
	])('a picture %s', (_, html, words) => {
		expect(ofHtml(html)).toBe(words);
	});

	it.each<[string, string, string]>([
		['is cut with all that is in it', 'One<div class="signature"><div>Mia<div>Acme</div></div><a href="https://a.test">us</a></div><p>two</p>', 'One\n\ntwo'], // prettier-ignore
		['that is never closed is cut to the end', '<div>One<div class=signature><b>Mia</div>', 'One'],
		['is told by its whole name', '<div class="signature-day">One</div><p class="signature">two</p>', 'One\n\ntwo'], // prettier-ignore
	])('a signature %s', (_, html, words) => {
		expect(ofHtml(html)).toBe(words);
	});
});
