/**
 * n8n parses a request before the node sees it, and answers 422 to broken JSON, which a flow webhook may send. It lets
 * a node of version 1 have the bytes alone when its `options.binaryData` is true (`parseRequestBody` in n8n's
 * webhook-helpers). Hidden, since nobody has to choose it.
 */
import type { INodeProperties } from 'n8n-workflow';

/** Part of the collection `options`, which holds it, as true, from the start. */
export const unparsedBodyOption: INodeProperties = {
	displayName: 'Unparsed Body',
	name: 'binaryData',
	type: 'hidden',
	default: false,
};
