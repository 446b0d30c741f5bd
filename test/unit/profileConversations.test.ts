import { conversationsOf } from '../../nodes/Klaviyo/api/profiles';
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

	it('are taken for no channel that is not shown, except a single one, as older revisions give it', () => {
		expect(conversationsOf(both, [])).toEqual({ sms: undefined, whatsapp: undefined });
		expect(conversationsOf(profileWith({ id: 'A' }), []).sms).toBe('A');
		expect(conversationsOf(profileWith([{ id: 'A' }]), [shown('A', 'whatsapp')]).sms).toBe(
			undefined,
		);
	});
});
