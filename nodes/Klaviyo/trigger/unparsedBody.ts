/**
 * n8n parses a request before the node sees it, and responds with 422 to broken JSON, which a flow webhook may send. A
 * node of version 1 gets the unparsed bytes if its `options.binaryData` is true (`parseRequestBody` in n8n's
 * webhook-helpers). Hidden, since it is not a choice.
 */
import type { INodeProperties } from 'n8n-workflow';

/** Part of the collection `options`, whose default sets it to true. */
export const unparsedBodyOption: INodeProperties = {
	displayName: 'Unparsed Body',
	name: 'binaryData',
	type: 'hidden',
	default: false,
};
