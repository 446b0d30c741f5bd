/** The reply that *Claim Reply* of Zendesk Sync claimed, from a parameter. */
import { type IDataObject, type IExecuteFunctions, NodeOperationError } from 'n8n-workflow';
import { claimedReply, type ClaimedReply } from '../../../../domain/reply/items';

/** @throws NodeOperationError if the parameter is not a claimed reply */
export function claimedReplyAt(
	context: IExecuteFunctions,
	claim: IDataObject,
	itemIndex: number,
): ClaimedReply {
	const parsed = claimedReply.safeParse(claim);
	if (parsed.success) return parsed.data;
	throw new NodeOperationError(context.getNode(), "'Reply' is not a claimed reply", {
		itemIndex,
		description:
			"Add a Zendesk Sync node with the operation 'Claim Reply' before this one. Only claimed replies are sent, so that none is sent twice.",
	});
}
