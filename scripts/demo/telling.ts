/** What the demo's scenes share. */
import type { SandboxTicket } from '../../sandbox/types';

/** Reports what was seen: who, what, which ticket, which status, which metric. */
export type Tell = (who: string, what: string) => void;

/** How long a scene waits for one thing to become true. */
export const RETRY_FOR_MS = 60_000;

/** @throws Error that names what is not as it should be */
export function expect(isTrue: boolean, what: string): void {
	if (!isTrue) throw new Error(`Not as it should be: ${what}`);
}

export const show = ({ id, status }: SandboxTicket): string => `ticket ${id} (${status})`;

/** Fictional numbers (555-01xx). */
export const customers = {
	ana: {
		phone: '+12125550101',
		email: 'ana@customer.test-shop.dev',
		firstName: 'Ana',
		consents: true,
	},
	ben: { phone: '+12125550102', firstName: 'Ben', consents: true },
	cleo: { phone: '+12125550103', firstName: 'Cleo', consents: false },
	dan: { phone: '+12125550104', firstName: 'Dan', consents: true },
	eva: { phone: '+12125550105', firstName: 'Eva', consents: true },
	finn: { phone: '+12125550106', firstName: 'Finn', consents: false },
};
