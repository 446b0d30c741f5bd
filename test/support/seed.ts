/** `SEED=123 npm test` uses another seed; without it the seed is fixed, so that each run gives the same result. */
export const seed = Number(process.env.SEED ?? 20261123);
