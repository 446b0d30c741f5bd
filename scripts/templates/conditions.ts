/** If and Switch nodes, with the conditions that the templates need. */
import type { INodeParameters } from 'n8n-workflow';
import type { Sketch } from './canvas';

/** The condition for an item to take a branch. */
export interface Condition {
	/** An expression, without its braces. */
	value: string;
	/** `true`, `false`, `empty` and `notEmpty` compare with nothing. */
	is: 'true' | 'false' | 'empty' | 'notEmpty' | { equal: string } | { among: string[] };
}

export const isTrue = (value: string): Condition => ({ value, is: 'true' });
export const isFalse = (value: string): Condition => ({ value, is: 'false' });
export const equals = (value: string, equal: string): Condition => ({ value, is: { equal } });
export const isAmong = (value: string, among: string[]): Condition => ({ value, is: { among } });

type Comparison = [left: string, right: string, type: string, operation: string];

function comparisonsOf({ value, is }: Condition): Comparison[] {
	if (is === 'true' || is === 'false') return [[value, '', 'boolean', is]];
	if (is === 'empty' || is === 'notEmpty') return [[value, '', 'array', is]];
	const words = 'equal' in is ? [is.equal] : is.among;
	return words.map((word) => [value, word, 'string', 'equals']);
}

/** As n8n's editor writes it. */
const filterOf = (condition: Condition): INodeParameters => ({
	options: { caseSensitive: true, leftValue: '', typeValidation: 'loose', version: 3 },
	conditions: comparisonsOf(condition).map(([left, rightValue, type, operation], index) => ({
		id: String(index + 1),
		leftValue: `={{ ${left} }}`,
		rightValue,
		operator: { type, operation, ...(type === 'string' ? {} : { singleValue: true }) },
	})),
	combinator: 'or',
});

/** The outputs are true and false. */
export const ifNode = (name: string, condition: Condition): Sketch => ({
	name,
	type: 'n8n-nodes-base.if',
	typeVersion: 2.3,
	parameters: { conditions: filterOf(condition), looseTypeValidation: true, options: {} },
	outputs: 2,
});

/**
 * @param branches each output's label and condition; an item takes the first branch whose condition holds
 * @param otherwise label of the last output, for items that match no branch
 */
export const switchNode = (
	name: string,
	branches: Record<string, Condition>,
	otherwise?: string,
): Sketch => ({
	name,
	type: 'n8n-nodes-base.switch',
	typeVersion: 3.4,
	parameters: {
		rules: {
			values: Object.entries(branches).map(([outputKey, condition]) => ({
				conditions: filterOf(condition),
				renameOutput: true,
				outputKey,
			})),
		},
		looseTypeValidation: true,
		options:
			otherwise === undefined ? {} : { fallbackOutput: 'extra', renameFallbackOutput: otherwise },
	},
	outputs: Object.keys(branches).length + (otherwise === undefined ? 0 : 1),
});
