/**
 * Random tests have two sizes: a quick one, which still finds what they were written for, and the full one, which
 * `TESTS=all` before a command runs.
 */
export const isFull = process.env.TESTS === 'all';

export const sizeOf = <T>({ quick, all }: { quick: T; all: T }): T => (isFull ? all : quick);
