import type { IDataObject, INode } from 'n8n-workflow';
import { backlogOf } from '../../nodes/shared/backlog';
import { forgetProcess } from '../../nodes/shared/processMemory';

interface Event {
	key: string;
	at: number;
	group?: string;
	isReply?: boolean;
}

const backlog = backlogOf<Event>({
	keyOf: ({ key }) => key,
	timeOf: ({ at }) => at,
	groupOf: ({ group, key }) => group ?? key,
	maxOf: ({ isReply }) => (isReply ? 25 : Infinity),
});

const node: INode = {
	id: 'N',
	name: 'Trigger',
	type: 'trigger',
	typeVersion: 1,
	position: [0, 0],
	parameters: {},
};

const events = (count: number, more: Partial<Event> = {}): Event[] =>
	Array.from({ length: count }, (_, at) => ({ key: `e${at}`, at, ...more }));
const keys = (portion: Event[]): string[] => portion.map(({ key }) => key);

describe('What catch-up has found', () => {
	/** As n8n keeps it: what a poll writes is there at the next one if n8n has taken the poll's items. */
	let kept: IDataObject;
	beforeEach(() => {
		forgetProcess();
		kept = {};
	});

	const portion = (
		found: Event[],
		{ isLeft = true, inTime = true, isTaken = true } = {},
	): Event[] => {
		const written = { ...kept };
		const context = {
			getWorkflow: () => ({ id: 'W', active: true }),
			getNode: () => node,
			getWorkflowStaticData: () => written,
		};
		const brought = backlog.portion(context, found, () => isLeft, inTime);
		if (isTaken) kept = written;
		return brought;
	};

	it('comes in portions, the newest first, each event once and in order', () => {
		const first = portion(events(6000));
		expect(keys(first)).toEqual(keys(events(6000).slice(3500)));
		expect(keys(portion([]))).toEqual(keys(events(3500).slice(1000)));
		expect(keys(portion([{ key: 'new', at: 9000 }]))).toEqual([...keys(events(1000)), 'new']);
		expect(portion([])).toEqual([]);
	});

	it('comes 25 replies at a time, and a ticket in its order', () => {
		const ticket = (group: string, from: number) =>
			events(20, { isReply: true, group }).map((one) => ({
				...one,
				key: `${group}${one.at}`,
				at: from + one.at,
			}));
		const [old, young] = [ticket('old', 0), ticket('young', 100)];
		expect(keys(portion([...young, ...old]))).toEqual(keys([...old.slice(0, 5), ...young]));
		expect(keys(portion([]))).toEqual(keys(old.slice(5)));
	});

	it('is left out if it was completed while it waited', () => {
		portion(events(3000));
		expect(portion([], { isLeft: false })).toEqual([]);
		expect(portion([])).toEqual([]);
	});

	it('comes again if n8n has not accepted it, but not for ever', () => {
		const found = events(2);
		for (let poll = 0; poll < 3; poll++)
			expect(keys(portion(poll === 0 ? found : [], { isTaken: false }))).toEqual(['e0', 'e1']);
		expect(portion([], { isTaken: false })).toEqual([]);
	});

	it('comes again at once if the poll took longer than n8n waits', () => {
		expect(keys(portion(events(1), { inTime: false }))).toEqual(['e0']);
		expect(keys(portion([]))).toEqual(['e0']);
		expect(portion([])).toEqual([]);
	});
});
