/** What a parser reads of an answer. */

/** What stands at a path: `data[].attributes.name` is a 'string'. */
export type Paths = Map<string, Set<string>>;

const typeOf = (value: unknown): string => {
	if (value === null) return 'null';
	return Array.isArray(value) ? 'array' : typeof value;
};

function note(paths: Paths, path: string, value: unknown): void {
	const types = paths.get(path) ?? new Set();
	types.add(typeOf(value));
	paths.set(path, types);
}

const below = (path: string, name: string): string => (path === '' ? name : `${path}.${name}`);

/** All paths of a value. */
export function pathsOf(value: unknown, paths: Paths = new Map(), path = ''): Paths {
	if (typeof value !== 'object' || value === null) return paths;
	if (Array.isArray(value)) {
		for (const item of value) {
			note(paths, `${path}[]`, item);
			pathsOf(item, paths, `${path}[]`);
		}
		return paths;
	}
	for (const [name, inner] of Object.entries(value)) {
		note(paths, below(path, name), inner);
		pathsOf(inner, paths, below(path, name));
	}
	return paths;
}

/**
 * The same value, which notes what is read of it and found there. Going through all members of an object, as a look at
 * how deep it is does, is no reading of them but where `open` says so: below such a path the names are the sender's own.
 */
export function noting<T>(value: T, paths: Paths, open: readonly string[] = [], path = ''): T {
	if (typeof value !== 'object' || value === null) return value;
	const isOpen = open.some((name) => path === name || path.startsWith(`${name}.`));
	/** Names that are being gone through: asking for a member's descriptor comes before taking it. */
	const gone = new Set<PropertyKey>();
	return new Proxy(value, {
		getOwnPropertyDescriptor(target, name) {
			gone.add(name);
			return Reflect.getOwnPropertyDescriptor(target, name);
		},
		get(target, name) {
			const inner = Reflect.get(target, name) as unknown;
			const isMember = typeof name === 'string' && Object.hasOwn(target, name);
			if (!isMember || (Array.isArray(target) && name === 'length')) return inner;
			const at = Array.isArray(target) ? `${path}[]` : below(path, name);
			const isTransient = gone.delete(name) && !isOpen;
			if (!isTransient && inner !== undefined) note(paths, at, inner);
			return noting(inner, paths, open, at);
		},
	});
}
