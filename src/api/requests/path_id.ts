import { z } from "zod";

/** The largest number Postgres gives to a row: that of an `integer`. */
export const MAX_ID = 2_147_483_647;

const PROBLEM = "must be a whole number from 1";

/** The number of a row, as it stands in a path. */
export const pathId = z.string().regex(/^[0-9]{1,10}$/, PROBLEM).transform(Number)
  .pipe(z.number().min(1, PROBLEM).max(MAX_ID, PROBLEM));
