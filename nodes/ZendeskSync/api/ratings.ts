/**
 * Lists how customers rated tickets. An account has the older ratings or surveys, and Zendesk refuses the list that it
 * does not have, or says nothing in it. So both are asked for.
 */
import type { IDataObject } from 'n8n-workflow';
import { z } from 'zod';
import { isOk, sentences, type VendorAnswer } from '../../shared/answer';
import { portionsOf } from '../../shared/portions';
import { errorText, readPages, saysNoAccount, type Zendesk } from './client';
import { paths } from './paths';
import { ratingOf, type RatingRecord, responseOf } from './ratingRecords';

/** Milliseconds by which the times of a survey's answer and of its older rating may differ. */
const SAME = 60_000;

/** Some accounts show a survey's answer as an older rating too, with all that it was before it was changed. */
const isAnswerIn =
	(surveys: readonly RatingRecord[]) =>
	({ ticketId, at }: RatingRecord): boolean =>
		surveys.some((one) => one.ticketId === ticketId && one.at >= at - SAME);

const TICKETS_PER_REQUEST = 100;

/** Whether the account has no such list, or the credential may not read it. The Guide answers with a page if it is off. */
export const isRefused = (answer: VendorAnswer): boolean =>
	answer.status === 403 || (answer.status === 404 && !saysNoAccount(answer));

export const kindsOfRatings = ['older', 'surveys'] as const;
export type KindOfRatings = (typeof kindsOfRatings)[number];

interface Asked {
	/** Milliseconds since 1970: asks for records made from then on. A filter by time asks when a record was made. */
	since: number;
	/** Instead, all surveys of these tickets. The older ratings cannot be asked for by ticket. */
	ticketIds?: readonly string[];
	/** Kinds that are known to be refused. */
	without?: ReadonlySet<KindOfRatings>;
	retryForMs?: number;
	/** Whether there is no time for another page. */
	isOver?: () => boolean;
}

export interface RatingsRead {
	ratings: RatingRecord[];
	/** What Zendesk answered in place of a list that it refused. */
	refused: Map<KindOfRatings, VendorAnswer>;
	/** Whether there was time for all pages. */
	isComplete: boolean;
}

const lists: Record<
	KindOfRatings,
	{
		path: string;
		query: (asked: Asked) => IDataObject;
		page: z.ZodType<{ records: unknown[] }, z.ZodTypeDef, unknown>;
		read: (raw: unknown) => RatingRecord | undefined;
	}
> = {
	older: {
		path: paths.satisfactionRatings,
		query: ({ since }) => ({ score: 'received', start_time: Math.floor(since / 1000) }),
		page: z
			.object({ satisfaction_ratings: z.array(z.unknown()) })
			.transform(({ satisfaction_ratings: records }) => ({ records })),
		read: ratingOf,
	},
	surveys: {
		path: paths.surveyResponses,
		query: ({ since, ticketIds }) =>
			ticketIds === undefined
				? { 'filter[created_at_start]': since }
				: { 'filter[subject_zrns]': ticketIds.map((id) => `zen:ticket:${id}`).join(',') },
		page: z
			.object({ survey_responses: z.array(z.unknown()) })
			.transform(({ survey_responses: records }) => ({ records })),
		read: responseOf,
	},
};

/** @throws NodeApiError if Zendesk does not answer, or answers in a shape that is not known */
export async function readRatings(zendesk: Zendesk, asked: Asked): Promise<RatingsRead> {
	const what = 'The ratings could not be read';
	const refused: RatingsRead['refused'] = new Map();
	let isComplete = true;
	const readKind = async (
		kind: KindOfRatings,
		ticketIds = asked.ticketIds,
	): Promise<RatingRecord[]> => {
		if (asked.without?.has(kind) || refused.has(kind)) return [];
		const { path, query, page, read } = lists[kind];
		const goesOn = (): boolean => {
			if (!asked.isOver?.()) return true;
			isComplete = false;
			return false;
		};
		const { pages, last } = await readPages(
			zendesk,
			what,
			path,
			query({ ...asked, ...(ticketIds ? { ticketIds } : {}) }),
			page,
			goesOn,
			async (call) => await zendesk.request({ ...call, retryForMs: asked.retryForMs }),
		);
		if (isRefused(last)) refused.set(kind, last);
		else if (!isOk(last)) throw zendesk.refusal(what, last);
		return pages.flatMap(({ records }) => records.flatMap((raw) => read(raw) ?? []));
	};
	const older = await readKind('older');
	const surveys = await readKind('surveys');
	// A survey may have been sent long before it was answered, and its answer shows as an older rating.
	const alone = older.filter((one) => !isAnswerIn(surveys)(one)).map(({ ticketId }) => ticketId);
	for (const some of portionsOf(asked.ticketIds ? [] : [...new Set(alone)], TICKETS_PER_REQUEST))
		surveys.push(...(await readKind('surveys', some)));
	return {
		ratings: [...surveys, ...older.filter((one) => !isAnswerIn(surveys)(one))],
		refused,
		isComplete,
	};
}

/** What Zendesk says in place of its lists, for a person. */
export const noRatings = (answers: Iterable<VendorAnswer>): string =>
	sentences([...new Set([...answers].map((answer) => errorText(answer)))]) ||
	'Zendesk refuses to list them';
