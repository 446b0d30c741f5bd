/** A customer is one user in Zendesk, whatever channels they write on. */
import { noFault, type Verdict } from './effects';
import { numberOf } from './messages';
import type { Truth } from './truth';

export function judgeUsers({ users, tickets }: Truth): Verdict {
	const known = new Map<string, Set<string>>();
	const note = (phone: string | null | undefined, id: string): void => {
		if (phone) known.set(phone, (known.get(phone) ?? new Set()).add(id));
	};
	for (const { id, role, phone } of users) if (role === 'end-user') note(phone, id);
	for (const { externalId, requesterId } of tickets) note(numberOf(externalId), requesterId);
	const doubled = [...known].flatMap(([phone, ids]) =>
		ids.size > 1 ? `user of ${phone}: ${[...ids].join(', ')}` : [],
	);
	return { ...noFault(), doubled };
}
