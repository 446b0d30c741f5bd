/** `SEED=123 npm test` plays another run; without it the seed is fixed, so that a test says the same every time. */
export const seed = Number(process.env.SEED ?? 20261123);
