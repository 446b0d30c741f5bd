/** @returns the list in parts of at most `size`, in order: what a request takes at once */
export const portionsOf = <T>(list: readonly T[], size: number): T[][] =>
	Array.from({ length: Math.ceil(list.length / size) }, (_, part) =>
		list.slice(part * size, (part + 1) * size),
	);
