import { shortcuts } from '../state/shortcuts';
import { Toggle } from './basics';
import { Dialog } from './Dialog';
import { ONLY_VENDORS } from './Header';

export function Help(props: {
	isOn: boolean;
	onTurn: (isOn: boolean) => void;
	onClose: () => void;
}) {
	return (
		<Dialog title="How to use the console" onClose={props.onClose}>
			<p>
				Play the customer on the left and the agent in the middle. The right side shows what Klaviyo
				knows, and the traffic between n8n and the vendors is below. Move the clock to see what
				happens after hours and days.
			</p>
			<p>{ONLY_VENDORS}</p>
			<div class="setting">
				<div>
					<span class="setting-label">Single-key shortcuts</span>
					<small>They work while you are not typing.</small>
				</div>
				<Toggle label="Single-key shortcuts" isOn={props.isOn} onTurn={props.onTurn} />
			</div>
			<dl class="keys">
				{shortcuts.map(({ key, words }) => (
					<div key={key}>
						<dt>
							<kbd>{key}</kbd>
						</dt>
						<dd>{words}</dd>
					</div>
				))}
				<div>
					<dt>
						<kbd>Enter</kbd>
					</dt>
					<dd>Send what you wrote</dd>
				</div>
				<div>
					<dt>
						<kbd>Shift</kbd> <kbd>Enter</kbd>
					</dt>
					<dd>New line</dd>
				</div>
				<div>
					<dt>
						<kbd>↑</kbd> <kbd>↓</kbd>
					</dt>
					<dd>Move in a list</dd>
				</div>
				<div>
					<dt>
						<kbd>Esc</kbd>
					</dt>
					<dd>Leave a field, or close what is open</dd>
				</div>
			</dl>
		</Dialog>
	);
}
