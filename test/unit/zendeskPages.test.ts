import { readPages } from '../../nodes/ZendeskSync/api/client';
import { groupPage } from '../../nodes/ZendeskSync/api/wire';
import { zendeskThat } from '../recorded/vendors';

const pageWith = (cursor: string | null) => ({
	status: 200,
	headers: {},
	body: { groups: [{ id: 1, name: 'Support' }], meta: { has_more: true, after_cursor: cursor } },
});

it('A cursor that leads to itself ends the reading of a list', async () => {
	const zendesk = await zendeskThat(() => pageWith('again'));
	const { pages } = await readPages(zendesk, 'The groups', '/api/v2/groups', {}, groupPage);
	expect(pages).toHaveLength(2);
});

it('A page that says that there is more and not where ends it too', async () => {
	const zendesk = await zendeskThat(() => pageWith(null));
	const { pages } = await readPages(zendesk, 'The groups', '/api/v2/groups', {}, groupPage);
	expect(pages).toHaveLength(1);
});
