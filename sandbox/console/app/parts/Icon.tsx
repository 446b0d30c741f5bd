/** Drawn here, in one stroke width, so that the page loads nothing from elsewhere. */
const drawings = {
	phone:
		'M7 2.5h10a1.5 1.5 0 0 1 1.5 1.5v16a1.5 1.5 0 0 1-1.5 1.5H7A1.5 1.5 0 0 1 5.5 20V4A1.5 1.5 0 0 1 7 2.5ZM10.5 18.5h3',
	ticket:
		'M3 8.5V6.8A1.3 1.3 0 0 1 4.3 5.5h15.4A1.3 1.3 0 0 1 21 6.8v1.7a3.5 3.5 0 0 0 0 7v1.7a1.3 1.3 0 0 1-1.3 1.3H4.3A1.3 1.3 0 0 1 3 17.2v-1.7a3.5 3.5 0 0 0 0-7ZM14.5 9v1.5M14.5 13.5V15',
	person: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM4.5 20c.8-3.4 3.8-5 7.5-5s6.7 1.6 7.5 5',
	switches: 'M4 7h9M17 7h3M4 17h3M11 17h9M15 5v4M9 15v4',
	plug: 'M9 3v5M15 3v5M6.5 8h11v3.500a5.5 5.5 0 0 1-11 0ZM12 17v4',
	traffic: 'M4 8h14l-3.5-3.500M20 16H6l3.5 3.5',
	clock: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM12 7.500V12l3 2',
	send: 'M4 12 20.5 4.5 15.5 20l-3.5-6.500ZM12 13.500l8.5-9',
	note: 'M5 4h14v11l-5 5H5ZM14 20v-5h5M8.5 8.500h7M8.5 12h4',
	taller: 'M6 4h12M12 20V9M7.5 13 12 8.5l4.5 4.5',
	shorter: 'M6 20h12M12 4v11M7.5 11l4.5 4.5 4.5-4.5',
	plus: 'M12 5v14M5 12h14',
	chevron: 'm7 10 5 5 5-5',
	search: 'M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13ZM15.5 15.5 20 20',
	pause: 'M9 5v14M15 5v14',
	play: 'M8 5v14l11-7Z',
	sun: 'M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM12 2.500v2M12 19.500v2M2.5 12h2M19.5 12h2M5.3 5.300l1.4 1.400M17.3 17.300l1.4 1.400M18.7 5.300l-1.4 1.400M6.7 17.300l-1.4 1.4',
	moon: 'M20 14.5A8.5 8.5 0 1 1 9.5 4a6.8 6.8 0 0 0 10.5 10.500Z',
	auto: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM12 3v18M12 7h6M12 12h8.800M12 17h6',
	help: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM9.5 9.500a2.5 2.5 0 1 1 3.5 2.300c-.7.3-1 .9-1 1.700M12 16.700v.1',
	alert: 'M12 4 2.8 20h18.400ZM12 10v4.5M12 17.200v.1',
	picture: 'M4 5h16v14H4ZM4 16l5-5 4 4 3-3 4 4M15.5 9.500v.1',
	voice:
		'M12 14.5a3 3 0 0 0 3-3v-6a3 3 0 0 0-6 0v6a3 3 0 0 0 3 3ZM6 11.5a6 6 0 0 0 12 0M12 17.5V21',
	merge: 'M6 4v5c0 4 6 4 6 8v3M18 4v5c0 4-6 4-6 8M9 17l3 3 3-3',
	trash: 'M4.5 7h15M9.5 7V4.5h5V7M6.5 7l1 13h9l1-13',
	more: 'M5.5 12v.1M12 12v.1M18.5 12v.1',
	copy: 'M9 9h11v11H9ZM5 15H4V4h11v1',
	check: 'm5 12.5 4.5 4.5L19 7',
	close: 'M6 6l12 12M18 6 6 18',
	mail: 'M3.5 6h17v12h-17ZM3.5 7l8.5 6 8.5-6',
} as const;

export type IconName = keyof typeof drawings;

export function Icon({ name }: { name: IconName }) {
	return (
		<svg class={`icon icon-${name}`} viewBox="0 0 24 24" aria-hidden="true">
			<path d={drawings[name]} />
		</svg>
	);
}
