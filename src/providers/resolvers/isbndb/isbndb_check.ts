import { AppError } from "../../../errors.ts";
import type { CallContext } from "../../../domain/generation/generator.ts";
import { toIsbn13 } from "../../../domain/isbns/isbn.ts";
import type { WorkCandidate } from "../../../domain/matching/resolver.ts";
import type { HttpClient } from "../../http/http.ts";
import { readBooks } from "./isbndb_records.ts";

/** ISBNs in one batch on the Basic plan; where it is fewer, a refusal tells. */
const BATCH_MAX = 100;

/** The limit of the smallest plan, Academic; a batch refused below it is refused for another reason. */
const LEAST_BATCH = 10;

/** How a batch beyond the plan's limit is refused: the specification says 413, some plans say 400. */
const TOO_LARGE: readonly unknown[] = [400, 413];

/**
 * The batch read of ISBNdb (`POST /books`): the works that the given ISBNs belong to, unknown ones
 * missing. A batch refused as too large is sent again in halves, and later ones are as small from the
 * start. Throws `AppError` with a PROVIDER_* code.
 */
export function createIsbnCheck(
  http: HttpClient,
  { apiKey }: { readonly apiKey: string },
): (isbns: readonly string[], context: CallContext) => Promise<readonly WorkCandidate[]> {
  let batchSize = BATCH_MAX;
  let largestTaken = 0;

  async function read(batch: readonly string[], context: CallContext) {
    const reply = await http.send({
      method: "POST",
      path: "/books",
      headers: { authorization: apiKey, "content-type": "application/json" },
      body: JSON.stringify({ isbns: batch }),
      signal: context.signal,
      // Each ISBN counts as a call of the day (OpenAPI 2.7.0).
      cost: batch.length,
      onCall: () => context.onCall("isbndb"),
    });
    const asked = new Set(batch);
    // A record of another book would speak for an ISBN that was not asked about.
    return readBooks(reply, batch.length).filter((work) => asked.has(work.provider_key));
  }

  return async (isbns, context) => {
    const valid = [...new Set(isbns.map(toIsbn13).filter((isbn) => isbn !== null))];
    const works: WorkCandidate[] = [];
    for (let start = 0; start < valid.length;) {
      const batch = valid.slice(start, start + batchSize);
      try {
        works.push(...await read(batch, context));
        largestTaken = Math.max(largestTaken, batch.length);
        start += batch.length;
      } catch (error) {
        const isSmall = batch.length <= Math.max(LEAST_BATCH, largestTaken);
        if (!isTooLarge(error) || isSmall) throw error;
        batchSize = Math.min(batchSize, Math.max(LEAST_BATCH, Math.floor(batch.length / 2)));
      }
    }
    return works;
  };
}

function isTooLarge(error: unknown): boolean {
  return error instanceof AppError && TOO_LARGE.includes(error.details["status"]);
}
