import { useState } from 'preact/hooks';
import { act, textIn, useAction } from '../state/api';
import { useConsole } from '../state/console';
import { rove } from '../state/roving';
import { Failure, More } from './basics';
import { Dialog } from './Dialog';
import { Icon } from './Icon';
import { Popover } from './Popover';

export function initialsOf(name: string): string {
	const words = name
		.replace(/[^\p{L}\p{N} ]/gu, '')
		.split(' ')
		.filter(Boolean);
	return [words[0], words.length > 1 ? words.at(-1) : '']
		.map((word) => [...(word ?? '')][0] ?? '')
		.join('')
		.toUpperCase();
}

/** Who texts: one of the customers, or a new one. */
export function CustomerChoice({ onNew }: { onNew: () => void }) {
	const { sections, looking, look } = useConsole();
	const { customers, thread } = sections;
	const name = thread?.name ?? 'Choose a customer';
	return (
		<Popover
			class="customer-choice"
			goal="customers"
			button={
				<>
					<span class="avatar" aria-hidden="true">
						{initialsOf(name)}
					</span>
					<span class="customer-name">
						<strong>{name}</strong>
						<small>{thread?.phone ?? 'no phone'}</small>
					</span>
					<span class="sr-only">Choose another customer</span>
					<Icon name="chevron" />
				</>
			}
		>
			{(close) => (
				<>
					<input
						type="search"
						aria-label="Search customers"
						placeholder={`Search ${customers.total.toLocaleString('en')} customers`}
						value={looking.customerSearch}
						ref={(field) => field?.focus()}
						onInput={(event) => look({ customerSearch: event.currentTarget.value })}
					/>
					<ul class="choices" onKeyDown={rove}>
						{customers.rows.map((row) => (
							<li key={row.id}>
								<button
									type="button"
									data-item
									aria-current={row.id === looking.customer}
									onClick={() => {
										look({
											customer: row.id,
											customerSearch: '',
											threadLimit: 60,
											timelineLimit: 40,
										});
										close();
									}}
								>
									<span class="avatar" aria-hidden="true">
										{initialsOf(row.name)}
									</span>
									<span class="customer-name">
										<strong>{row.name}</strong>
										<small>{row.last?.words ?? row.phone ?? row.email ?? ''}</small>
									</span>
								</button>
							</li>
						))}
					</ul>
					{customers.rows.length === 0 && <p class="hint">No customer matches.</p>}
					<More
						count={customers.matching - customers.rows.length}
						words="Show more"
						onMore={() => look({ customerLimit: looking.customerLimit + 100 })}
					/>
					<button
						type="button"
						class="wide"
						onClick={() => {
							close();
							onNew();
						}}
					>
						<Icon name="plus" /> New customer
					</button>
				</>
			)}
		</Popover>
	);
}

/** A Klaviyo profile with a phone, ready to text. */
export function NewCustomer(props: { onClose: () => void; onMade: (id: string) => void }) {
	const { onClose, onMade } = props;
	const { sections, look } = useConsole();
	const { freePhone } = sections.setup;
	const [given, setGiven] = useState({
		firstName: '',
		phone: freePhone,
		email: '',
		smsMarketing: true,
	});
	const { isBusy, error, run } = useAction();
	const field = (name: 'firstName' | 'phone' | 'email', label: string, hint?: string) => (
		<label class="field">
			<span>{label}</span>
			<input
				type="text"
				inputMode={name === 'email' ? 'email' : name === 'phone' ? 'tel' : 'text'}
				value={given[name]}
				onInput={(event) => setGiven({ ...given, [name]: event.currentTarget.value })}
			/>
			{hint !== undefined && <small>{hint}</small>}
		</label>
	);
	const create = async (): Promise<void> => {
		const { firstName, phone, email, smsMarketing } = given;
		await run(async () => {
			const made = await act('/profile', {
				firstName: firstName.trim() || null,
				phone: phone.trim() || null,
				email: email.trim() || null,
				smsMarketing,
			});
			const id = textIn(made, 'id') ?? '';
			look({ customer: id });
			onMade(id);
		});
	};
	return (
		<Dialog title="New customer" onClose={onClose}>
			<form
				onSubmit={(event) => {
					event.preventDefault();
					void create();
				}}
			>
				{field('firstName', 'First name')}
				{field(
					'phone',
					'Phone',
					'With + and country code. Suggested: a number reserved for fiction.',
				)}
				{field('email', 'E-mail (optional)')}
				<label class="check">
					<input
						type="checkbox"
						checked={given.smsMarketing}
						onChange={(event) => setGiven({ ...given, smsMarketing: event.currentTarget.checked })}
					/>
					Subscribed to SMS marketing
				</label>
				<Failure words={error} />
				<div class="dialog-foot">
					<button type="button" onClick={onClose}>
						Cancel
					</button>
					<button type="submit" class="primary" disabled={isBusy}>
						Create
					</button>
				</div>
			</form>
		</Dialog>
	);
}
