import { z } from "zod";
import { MAX_CAP_USD } from "../../domain/money/cost_cap.ts";

const PROBLEM = `must be an amount in US dollars from 0 to ${MAX_CAP_USD}`;

/** A cap on what models may cost, in US dollars. */
export const capSchema = z.number(PROBLEM).min(0, PROBLEM).max(MAX_CAP_USD, PROBLEM);
