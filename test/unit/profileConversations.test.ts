import { conversationsOf } from '../../nodes/Klaviyo/api/profile';
import { profileResource } from '../../nodes/Klaviyo/api/wire';

const profileWith = (data: unknown) =>
	profileResource.parse({ id: 'P', attributes: {}, relationships: { conversations: { data } } });
const shown = (id: string, channel: string) => ({
	type: 'conversation',
	id,
	attributes: { channel },
});

describe("A profile's conversations", () => {
	const both = profileWith([{ id: 'A' }, { id: 'B' }]);

	it('are told apart by the channels that are shown', () => {
		expect(conversationsOf(both, [shown('A', 'whatsapp'), shown('B', 'sms')])).toEqual({
			sms: 'B',
			whatsapp: 'A',
		});
	});

	it('are taken for no channel that is not shown', () => {
		const none = { sms: undefined, whatsapp: undefined };
		const unnamed = (id: string) => ({ type: 'conversation', id, attributes: {} });
		expect(conversationsOf(both, [])).toEqual(none);
		expect(conversationsOf(both, [unnamed('A'), unnamed('B')])).toEqual(none);
		expect(conversationsOf(both, [unnamed('A'), shown('B', 'whatsapp')])).toEqual({
			sms: undefined,
			whatsapp: 'B',
		});
		const one = profileWith([{ id: 'A' }]);
		for (const included of [[], [unnamed('A')], [shown('A', 'instagram')]])
			expect(conversationsOf(one, included)).toEqual(none);
		expect(conversationsOf(one, [shown('A', 'whatsapp')])).toEqual({ ...none, whatsapp: 'A' });
		expect(conversationsOf(one, [shown('A', 'SMS')])).toEqual({ ...none, sms: 'A' });
	});

	it('is that of SMS where there is but one by its form, as older revisions have it', () => {
		expect(conversationsOf(profileWith({ id: 'A' }), []).sms).toBe('A');
		expect(conversationsOf(profileWith({ id: 'A' }), [shown('A', 'whatsapp')])).toEqual({
			sms: undefined,
			whatsapp: 'A',
		});
	});
});
