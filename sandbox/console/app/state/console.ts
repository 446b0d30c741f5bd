import { createContext } from 'preact';
import { useContext, useEffect, useState } from 'preact/hooks';
import type { Looking, Sections } from '../../shapes';

export const firstLook: Looking = {
	customer: '',
	channel: 'sms',
	ticket: '',
	customerSearch: '',
	customerLimit: 50,
	threadLimit: 60,
	timelineLimit: 40,
	ticketSearch: '',
	ticketStatus: '',
	ticketLimit: 50,
	commentLimit: 60,
	onlyCustomer: false,
	logOf: '',
	logKind: '',
	logPolls: false,
	logSearch: '',
	logLimit: 100,
	logUntil: -1,
};

/** Which part of the ticket is open, and who sees what is written there. */
export interface DeskView {
	part: 'conversation' | 'history';
	way: 'reply' | 'note';
}

export interface Console {
	sections: Sections;
	looking: Looking;
	look(change: Partial<Looking>): void;
	desk: DeskView;
	setDesk(change: Partial<DeskView>): void;
}

export const ConsoleContext = createContext<Console | undefined>(undefined);

/** What is shown, what the page looks at, and how to look elsewhere. */
export function useConsole(): Console {
	const found = useContext(ConsoleContext);
	if (found === undefined) throw new Error('Outside of the console');
	return found;
}

/** What the page looks at is in its address: it survives a reload and can be linked to. */
export function lookFromAddress(): Looking {
	const said = new URLSearchParams(location.hash.slice(1));
	return {
		...firstLook,
		customer: said.get('customer') ?? '',
		ticket: said.get('ticket') ?? '',
	};
}

export function rememberInAddress({ customer, ticket }: Looking): void {
	const said = new URLSearchParams();
	if (customer !== '') said.set('customer', customer);
	if (ticket !== '') said.set('ticket', ticket);
	const hash = said.size === 0 ? '' : `#${said}`;
	if (hash !== location.hash) history.replaceState(null, '', hash === '' ? '/' : hash);
}

function isComplete(sections: Partial<Sections>): sections is Sections {
	return sections.clock !== undefined && sections.log !== undefined;
}

/** The current sections, kept up to date while the page is open. */
export function useSections(looking: Looking): { sections: Sections | undefined; isLive: boolean } {
	const [sections, setSections] = useState<Partial<Sections>>({});
	const [isLive, setLive] = useState(false);
	const query = new URLSearchParams(
		Object.entries(looking).map(([name, value]) => [name, String(value)]),
	).toString();
	useEffect(() => {
		const source = new EventSource(`/console/stream?${query}`);
		source.onopen = () => setLive(true);
		source.onerror = () => setLive(false);
		source.onmessage = ({ data }) => {
			// What the sandbox sends is made from the same types.
			const fresh: Partial<Sections> = JSON.parse(String(data));
			setSections((known) => ({ ...known, ...fresh }));
		};
		return () => source.close();
	}, [query]);
	return { sections: isComplete(sections) ? sections : undefined, isLive };
}
