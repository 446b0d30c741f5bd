/** A page to play customer and agent by hand. Plain HTML on purpose: it is a tool of the sandbox, not a product. */
export const page = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Sandbox</title>
<style>
body{font:15px/1.5 system-ui;margin:2rem;display:grid;grid-template-columns:1fr 1fr;gap:2rem}
.bubble{border:1px solid #ccc;border-radius:8px;padding:.4rem .7rem;margin:.3rem 0;white-space:pre-wrap}
.in{background:#eef}.out{background:#efe}.private{background:#ffd}input,textarea,select,button{font:inherit}
textarea{width:100%}h2 small{font-weight:normal}
</style></head><body>
<section><h1>Customer</h1>
<form id="text"><input name="from" value="+12025550111" aria-label="Customer's number">
<textarea name="body" rows="2" aria-label="Text"></textarea><button>Text the brand</button></form><div id="phones"></div></section>
<section><h1>Agent</h1><p><button id="day">Move the clock one day</button> <span id="now"></span></p><div id="tickets"></div></section>
<script>
const call = (path, body) => fetch(path, {method: 'POST', headers: {'content-type': 'application/json'}, body: JSON.stringify(body)}).then(async (answer) => { if (!answer.ok) alert((await answer.json()).error); });
const element = (tag, text, className) => { const e = document.createElement(tag); if (text) e.textContent = text; if (className) e.className = className; return e; };
async function show() {
	const state = await (await fetch('/state')).json();
	document.getElementById('now').textContent = state.now;
	const phones = document.getElementById('phones'); phones.replaceChildren();
	for (const [number, messages] of Object.entries(state.phones)) {
		phones.append(element('h2', number));
		for (const m of messages) phones.append(element('div', (m.direction === 'in' ? 'customer: ' : 'brand: ') + m.body, 'bubble ' + m.direction));
	}
	if (document.activeElement && document.activeElement.closest('#tickets')) return;
	const tickets = document.getElementById('tickets'); tickets.replaceChildren();
	for (const t of state.tickets.reverse()) {
		tickets.append(element('h2', '#' + t.id + ' ' + t.subject + ' [' + t.status + ']'));
		for (const c of t.comments) {
			const author = state.users.find((u) => u.id === c.authorId);
			tickets.append(element('div', (author ? author.name : c.authorId) + ': ' + c.body, 'bubble ' + (c.public ? '' : 'private')));
		}
		if (t.status === 'closed') continue;
		const form = element('form'); const body = element('textarea'); const status = element('select'); const send = element('button', 'Reply');
		for (const s of ['open', 'pending', 'hold', 'solved']) status.append(element('option', s));
		status.value = t.status === 'new' ? 'open' : t.status;
		form.append(body, status, send);
		form.onsubmit = async (event) => { event.preventDefault(); send.focus();
			if (body.value) await call('/reply', {ticketId: t.id, body: body.value, status: status.value}); else await call('/update', {ticketId: t.id, status: status.value});
			document.activeElement.blur(); await show(); };
		tickets.append(form);
	}
}
document.getElementById('text').onsubmit = async (event) => { event.preventDefault(); const form = event.target; await call('/text', {from: form.from.value, body: form.body.value}); form.body.value = ''; await show(); };
document.getElementById('day').onclick = async () => { await call('/clock', {advanceMs: 86400000}); await show(); };
show(); setInterval(show, 1500);
</script></body></html>`;
