/** 'auto' follows the system. */
export type Theme = 'auto' | 'light' | 'dark';

const place = 'sandbox-console-theme';
const isTheme = (text: string | null): text is Theme =>
	text === 'auto' || text === 'light' || text === 'dark';

export function rememberedTheme(): Theme {
	const remembered = localStorage.getItem(place);
	return isTheme(remembered) ? remembered : 'auto';
}

export function applyTheme(theme: Theme): void {
	const root = document.documentElement;
	if (theme === 'auto') root.removeAttribute('data-theme');
	else root.dataset.theme = theme;
	localStorage.setItem(place, theme);
}
