/** Message: Send Reply. Sends what *Claim Reply* claimed on the ticket, once; looks up what it found unclear. */
import type {
	IDataObject,
	IExecuteFunctions,
	INodeExecutionData,
	INodeProperties,
} from 'n8n-workflow';
import { NodeOperationError, updateDisplayOptions } from 'n8n-workflow';
import pLimit from 'p-limit';
import { claimedReply, type ClaimedReply } from '../../../../domain/reply/items';
import { concernsAgent, lookUpReply, sendReply, type Texter } from '../../../../domain/reply/send';
import { asFailure, asOutput, itemError } from '../../../shared/items';
import type { Operation } from '../../../shared/operation';
import { objectParameter } from '../../../shared/parameters';
import { klaviyoOf } from '../../api/client';
import { texterOf } from '../../api/texter';

/** Conversations at once, within Klaviyo's three sends a second. */
const SIDE_BY_SIDE = 3;

const properties: INodeProperties[] = [
	{
		displayName: 'Reply',
		name: 'reply',
		type: 'json',
		default: '={{ $json }}',
		description:
			"What 'Claim Reply' of Zendesk Sync gave. Of an unclear reply it is only looked up whether it was sent; what is neither claimed nor unclear is passed on as it is.",
	},
];

/** @throws NodeOperationError when the parameter holds no claim */
function replyAt(context: IExecuteFunctions, claim: IDataObject, itemIndex: number): ClaimedReply {
	const parsed = claimedReply.safeParse(claim);
	if (parsed.success) return parsed.data;
	throw new NodeOperationError(context.getNode(), "The field 'Reply' holds no claimed reply", {
		itemIndex,
		description:
			"Put a Zendesk Sync node with the operation 'Claim Reply' before this one: only a claimed reply is sent, so that none is sent twice.",
	});
}

async function sendItem(
	context: IExecuteFunctions,
	texter: Texter,
	input: INodeExecutionData,
	itemIndex: number,
): Promise<IDataObject> {
	const claim = objectParameter(context, 'reply', itemIndex);
	const isUnclear = claim.outcome === 'unclear';
	// Somebody else's, refused or given up: it goes on with the outcome that it has.
	if (claim.outcome !== undefined && claim.outcome !== 'claimed' && !isUnclear)
		return { ...input.json };
	const reply = replyAt(context, claim, itemIndex);
	const sent = isUnclear ? await lookUpReply(reply, texter) : await sendReply(reply, texter);
	return {
		...input.json,
		...sent,
		concernsAgent: concernsAgent(sent, isUnclear || reply.attempt > 1),
	};
}

export const sendReplyOperation: Operation = {
	properties: updateDisplayOptions(
		{ show: { resource: ['message'], operation: ['sendReply'] } },
		properties,
	),

	async execute(context, items) {
		const texter = texterOf(await klaviyoOf(context));
		const limit = pLimit(SIDE_BY_SIDE);
		// A claim is good for 30 seconds only: one reply that fails must not keep the others from being sent.
		const outputs = await Promise.all(
			items.map((input, itemIndex) =>
				limit(async () => {
					try {
						return asOutput(await sendItem(context, texter, input, itemIndex), itemIndex);
					} catch (error) {
						return itemError(context, error, itemIndex);
					}
				}),
			),
		);
		const failure = outputs.find((output) => output instanceof Error);
		const isAnyDone = outputs.some((output) => Array.isArray(output));
		if (failure && !isAnyDone && !context.continueOnFail()) throw failure;
		return outputs.flatMap((output, itemIndex) =>
			Array.isArray(output)
				? output
				: [asFailure(items[itemIndex] ?? { json: {} }, output, itemIndex)],
		);
	},
};
