/** Growth as a picture: two panels, with values relative to the smallest case. Flat lines are good. */
import type { Grown } from './measures/growth';

const PANEL = { width: 340, height: 200, left: 48, top: 46, gap: 48 };
/** The goal, relative to the smallest case. */
const WANTED = 1.2;
const STEP = 0.5;

interface Line {
	name: string;
	style: 'time' | 'calls';
	of: (grown: Grown, first: Grown) => number;
}

const LINES: Line[] = [
	{
		name: 'time per message',
		style: 'time',
		of: ({ figures }, first) =>
			(first.figures.messagesPerSecond ?? NaN) / (figures.messagesPerSecond ?? NaN),
	},
	{
		name: 'Zendesk calls per message',
		style: 'calls',
		of: ({ figures }, first) =>
			(figures.zendeskCallsPerMessage ?? NaN) / (first.figures.zendeskCallsPerMessage ?? NaN),
	},
];

const STYLE = `text { font: 12px system-ui, sans-serif; fill: #1f2328; } .title { font-weight: 600; font-size: 13px; }
.axis { stroke: #8c959f; } .wanted { fill: #2da44e; opacity: 0.12; } .line { fill: none; stroke-width: 2; }
.time { stroke: #0969da; fill: #0969da; } .calls { stroke: #bc4c00; fill: #bc4c00; } .line.calls { stroke-dasharray: 6 4; }
.paper { fill: #ffffff; }
@media (prefers-color-scheme: dark) { text { fill: #e6edf3; } .paper { fill: #0d1117; } .time { stroke: #58a6ff; fill: #58a6ff; } .calls { stroke: #f0883e; fill: #f0883e; } }`;

const round = (pixels: number): number => Number(pixels.toFixed(1));

/** The end of the axis, so that every value is on it. */
function highestOf(grown: Grown[]): number {
	const [first] = grown;
	const values = first ? LINES.flatMap(({ of }) => grown.map((one) => of(one, first))) : [];
	return Math.max(1.5, ...values.map((value) => Math.ceil(value / STEP) * STEP));
}

function panel(title: string, grown: Grown[], highest: number, index: number): string {
	const [first] = grown;
	if (!first) return '';
	const left = PANEL.left + index * (PANEL.width + PANEL.gap + PANEL.left);
	const bottom = PANEL.top + PANEL.height;
	const logs = grown.map(({ size }) => Math.log10(size));
	const [low, high] = [Math.min(...logs), Math.max(...logs)];
	const x = (size: number): number =>
		round(left + 16 + ((Math.log10(size) - low) / (high - low || 1)) * (PANEL.width - 32));
	const y = (value: number): number => round(bottom - (value / highest) * PANEL.height);
	const lines = LINES.map(({ style, of }) => {
		const points = grown.map((one) => [x(one.size), y(of(one, first))] as const);
		const path = points.map((point) => point.join(',')).join(' ');
		const dots = points.map(
			([cx, cy]) => `<circle class="${style}" cx="${cx}" cy="${cy}" r="3.5"/>`,
		);
		return `<polyline class="line ${style}" style="fill:none" points="${path}"/>${dots.join('')}`;
	});
	const marks = Array.from({ length: highest / STEP + 1 }, (_, step) => step * STEP).map(
		(value) =>
			`<text x="${left - 8}" y="${y(value) + 4}" text-anchor="end">${value}</text><line class="axis" x1="${left - 4}" x2="${left}" y1="${y(value)}" y2="${y(value)}"/>`,
	);
	const sizes = grown.map(
		({ size }) =>
			`<text x="${x(size)}" y="${bottom + 18}" text-anchor="middle">${size.toLocaleString('en')}</text>`,
	);
	return `<text class="title" x="${left}" y="${PANEL.top - 14}">${title}</text>
<rect class="wanted" x="${left}" y="${y(WANTED)}" width="${PANEL.width}" height="${bottom - y(WANTED)}"/>
<line class="axis" x1="${left}" x2="${left}" y1="${PANEL.top}" y2="${bottom}"/><line class="axis" x1="${left}" x2="${left + PANEL.width}" y1="${bottom}" y2="${bottom}"/>
${marks.join('')}${sizes.join('')}
${lines.join('\n')}`;
}

export function growthPlot(conversations: Grown[], threads: Grown[]): string {
	const width = 2 * (PANEL.left + PANEL.width) + PANEL.gap + 24;
	const height = PANEL.top + PANEL.height + 62;
	// The same for both panels, so that they can be compared.
	const highest = Math.max(highestOf(conversations), highestOf(threads));
	const legend = LINES.map(({ name, style }, index) => {
		const left = PANEL.left + index * 160;
		const top = height - 16;
		return `<line class="line ${style}" x1="${left}" x2="${left + 24}" y1="${top - 4}" y2="${top - 4}"/><text x="${left + 32}" y="${top}">${name}</text>`;
	});
	return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="What a message costs as an account grows, relative to the smallest case">
<style>${STYLE}</style>
<rect class="paper" width="${width}" height="${height}"/>
${panel('Conversations in the account', conversations, highest, 0)}
${panel('Comments in the thread', threads, highest, 1)}
${legend.join('')}<text x="${PANEL.left + 350}" y="${height - 16}">1 = the smallest case; green: within ${WANTED}</text>
</svg>
`;
}
