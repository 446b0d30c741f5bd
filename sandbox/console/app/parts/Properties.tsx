import { Words } from './basics';

/** Names and values as a list; complex values as JSON. */
export function Properties({ of }: { of: Record<string, unknown> }) {
	return (
		<dl class="properties">
			{Object.entries(of).map(([name, value]) => (
				<div key={name}>
					<dt>
						<bdi>{name}</bdi>
					</dt>
					<dd>
						<Value of={value} />
					</dd>
				</div>
			))}
		</dl>
	);
}

function Value({ of }: { of: unknown }) {
	if (of === null || of === undefined || of === '') return <span class="nothing">empty</span>;
	if (typeof of === 'object') return <pre>{JSON.stringify(of, null, 2)}</pre>;
	return <Words>{String(of)}</Words>;
}
