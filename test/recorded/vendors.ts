/** The vendors as the product's own functions see them, where every request gets an answer of the test's. */
import { type ILoadOptionsFunctions, type INode, NodeApiError } from 'n8n-workflow';
import { klaviyoOf, type Klaviyo } from '../../nodes/Klaviyo/api/client';
import { type Zendesk, zendeskOf } from '../../nodes/ZendeskSync/api/client';
import type { VendorCall, VendorContext } from '../../nodes/shared/send';
import type { Vendor } from '../../nodes/shared/transport';
import { isOk, type VendorAnswer } from '../../nodes/shared/answer';
import type { Given } from './fixtures';

/** The answer to a path, without its query. */
export type Answers = (path: string) => Given;

const node: INode = {
	id: 'node',
	name: 'Node',
	type: 'test.node',
	typeVersion: 1,
	position: [0, 0],
	parameters: {},
};

let keys = 0;

const context = {
	getNode: () => node,
	getNodeParameter: () => 'apiToken',
	getCredentials: async () => ({
		zendeskUrl: 'https://larchloom.zendesk.com',
		// The product remembers by the key what an account has.
		apiKey: `pk_${++keys}`,
		webhookSecret: '',
	}),
	helpers: {},
} as unknown as VendorContext;

const answering = <T extends Vendor>(vendor: T, answers: Answers): T => {
	const request = async ({ path }: VendorCall): Promise<VendorAnswer> =>
		answers(path.split('?')[0] ?? path);
	return {
		...vendor,
		tryRequest: request,
		request,
		requestOk: async (what: string, call: VendorCall) => {
			const answer = await request(call);
			if (!isOk(answer)) throw vendor.refusal(what, answer);
			return answer;
		},
	};
};

export const zendeskThat = async (answers: Answers): Promise<Zendesk> =>
	answering(await zendeskOf(context), answers);

export const klaviyoThat = async (answers: Answers): Promise<Klaviyo> =>
	answering(await klaviyoOf(context), answers);

/** As a list to choose from in the editor asks. */
export const editorThat = (given: Given): ILoadOptionsFunctions =>
	({
		...context,
		helpers: {
			httpRequestWithAuthentication: async () => ({
				statusCode: given.status,
				headers: given.headers,
				body: given.body,
			}),
		},
	}) as unknown as ILoadOptionsFunctions;

/** For what is to be seen of a refusal. */
export const descriptionOf = (error: unknown): string =>
	error instanceof NodeApiError ? `${error.message}: ${error.description ?? ''}` : String(error);
