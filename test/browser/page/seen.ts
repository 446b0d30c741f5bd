/** Runs inside the page: measures what a user sees. */

interface Colour {
	red: number;
	green: number;
	blue: number;
	alpha: number;
}

const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });

/** Any CSS colour as sRGB, by painting it. */
function parsed(css: string): Colour {
	if (canvas === null) throw new Error('No canvas');
	canvas.clearRect(0, 0, 1, 1);
	canvas.fillStyle = css;
	canvas.fillRect(0, 0, 1, 1);
	const [red = 0, green = 0, blue = 0, alpha = 0] = canvas.getImageData(0, 0, 1, 1).data;
	return { red, green, blue, alpha: alpha / 255 };
}

function over(top: Colour, below: Colour): Colour {
	const mix = (a: number, b: number): number => a * top.alpha + b * (1 - top.alpha);
	return {
		red: mix(top.red, below.red),
		green: mix(top.green, below.green),
		blue: mix(top.blue, below.blue),
		alpha: 1,
	};
}

function luminance({ red, green, blue }: Colour): number {
	const linear = (part: number): number => {
		const share = part / 255;
		return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
	};
	return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
}

function ratio(a: Colour, b: Colour): number {
	const [light = 0, dark = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
	return (light + 0.05) / (dark + 0.05);
}

/** What is behind an element's text: its background and those of all its ancestors, on top of each other. */
function backgroundOf(element: Element): Colour {
	const layers: Colour[] = [];
	for (let at: Element | null = element; at !== null; at = at.parentElement)
		layers.push(parsed(getComputedStyle(at).backgroundColor));
	const page = parsed(matchMedia('(prefers-color-scheme: dark)').matches ? '#000' : '#fff');
	return layers.reduceRight((below, layer) => over(layer, below), page);
}

function isSeen(element: Element): boolean {
	const { width, height } = element.getBoundingClientRect();
	const isForReaders = element.closest('.sr-only, .skip') !== null;
	return width > 1 && height > 1 && !isForReaders && element.checkVisibility();
}

const ownWords = (element: Element): string => {
	if (element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement)
		return element.value || element.placeholder;
	return [...element.childNodes]
		.filter((node) => node.nodeType === Node.TEXT_NODE)
		.map((node) => node.textContent?.trim() ?? '')
		.join(' ')
		.trim();
};

const isDisabled = (element: Element): boolean => element.closest(':disabled') !== null;

/** Texts whose contrast is below WCAG's AA, with their contrast. */
export function contrastFaults(): string[] {
	const faults: string[] = [];
	for (const element of document.querySelectorAll('body *')) {
		const words = ownWords(element);
		if (words === '' || !isSeen(element) || isDisabled(element)) continue;
		if (element instanceof HTMLOptionElement) continue;
		const style = getComputedStyle(element);
		const behind = backgroundOf(element);
		const colour = parsed(style.color);
		const opacity = Number(style.opacity);
		const measured = ratio(over({ ...colour, alpha: colour.alpha * opacity }, behind), behind);
		const size = parseFloat(style.fontSize);
		const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
		if (measured < (isLarge ? 3 : 4.5))
			faults.push(`${words.slice(0, 40)} (${element.className}): ${measured.toFixed(2)}`);
	}
	return faults;
}

const controls = 'button, input, select, textarea, a[href], summary, [tabindex="0"]';

/** Controls without an accessible name. */
export function namelessControls(): string[] {
	return [...document.querySelectorAll<HTMLElement>(controls)]
		.filter((element) => isSeen(element) && nameOf(element) === '')
		.map((element) => element.outerHTML.slice(0, 120));
}

function nameOf(element: HTMLElement): string {
	const labelled = element.getAttribute('aria-labelledby');
	const label = labelled === null ? null : document.getElementById(labelled);
	const given = element.getAttribute('aria-label') ?? label?.textContent ?? '';
	if (given !== '') return given;
	if ('labels' in element && element.labels instanceof NodeList)
		for (const around of element.labels) if (around.textContent) return around.textContent;
	return element.textContent?.trim() ?? '';
}

/** Targets smaller than WCAG 2.2 allows (24 by 24). */
export function smallTargets(): string[] {
	return [...document.querySelectorAll<HTMLElement>('button, input, select, summary')]
		.filter((element) => {
			// A box that is ticked can be clicked on its label too.
			const target = element.closest('label') ?? element;
			const { width, height } = target.getBoundingClientRect();
			return isSeen(element) && (width < 24 || height < 24);
		})
		.map((element) => element.outerHTML.slice(0, 120));
}

/** Whether the focused element shows that it has the focus. */
export function showsFocus(): boolean {
	const element = document.activeElement;
	if (element === null) return false;
	const { outlineStyle, outlineWidth } = getComputedStyle(element);
	return outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2;
}

/** The focused element, by its name or its goal. */
export function focused(): string {
	const element = document.activeElement;
	return element instanceof HTMLElement ? (element.dataset.goal ?? nameOf(element)) : '';
}

/** Background of the first element that a selector finds, as it is seen. */
export function background(selector: string): string {
	const element = document.querySelector(selector);
	if (element === null) throw new Error(`Nothing is ${selector}`);
	const { red, green, blue } = backgroundOf(element);
	return [red, green, blue].map(Math.round).join(' ');
}

/** What an element shows in the window's width: its box, cut off by those of its ancestors that hide what is outside. */
function seenBox(element: Element): DOMRect {
	let { left, top, right, bottom } = element.getBoundingClientRect();
	for (let at = element.parentElement; at !== null; at = at.parentElement) {
		if (getComputedStyle(at).overflow === 'visible') continue;
		const around = at.getBoundingClientRect();
		left = Math.max(left, around.left);
		top = Math.max(top, around.top);
		right = Math.min(right, around.right);
		bottom = Math.min(bottom, around.bottom);
	}
	return new DOMRect(left, top, Math.max(0, right - left), Math.max(0, bottom - top));
}

/** Texts and controls that lie over each other, in pairs. */
export function overlaps(): string[] {
	const parts = [...document.querySelectorAll('body *')]
		.filter((element) => isSeen(element) && (element.matches(controls) || ownWords(element) !== ''))
		.map((element) => ({ element, box: seenBox(element) }))
		.filter(({ box }) => box.width > 1 && box.height > 1);
	const shared = (from: number, to: number, start: number, end: number): number =>
		Math.min(to, end) - Math.max(from, start);
	return parts.flatMap((one, at) =>
		parts.slice(at + 1).flatMap((other) => {
			if (one.element.contains(other.element) || other.element.contains(one.element)) return [];
			const wide = shared(one.box.left, one.box.right, other.box.left, other.box.right);
			const high = shared(one.box.top, one.box.bottom, other.box.top, other.box.bottom);
			const name = ({ element }: typeof one): string =>
				`${element.className} ${element.textContent?.trim().slice(0, 30) ?? ''}`;
			return wide > 1 && high > 1 ? [`${name(one)} / ${name(other)}`] : [];
		}),
	);
}

/** What has to be scrolled sideways. */
export function sideways(): string[] {
	return [...document.querySelectorAll('body, body *')]
		.filter((element) => {
			const isPage = element === document.body;
			const scrolls = isPage || ['auto', 'scroll'].includes(getComputedStyle(element).overflowX);
			return scrolls && element.scrollWidth > element.clientWidth + 1;
		})
		.map((element) => `${element.tagName} ${element.className}`);
}

/** Whether the page is wider than the window. */
export function overflows(): boolean {
	return document.documentElement.scrollWidth > window.innerWidth;
}
