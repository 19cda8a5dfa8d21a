import { AppError } from "../../errors.ts";
import type { CallContext } from "../../domain/generator.ts";
import { toIsbn13 } from "../../domain/isbn.ts";
import type { WorkCandidate } from "../../domain/resolver.ts";
import type { HttpClient } from "../http.ts";
import { readBooks } from "./isbndb_records.ts";

/** ISBNs in one batch on the Basic plan; where it is fewer, a refusal tells. */
const BATCH_MAX = 100;

/** The smallest limit any plan has; a batch refused below it is refused for another reason. */
const LEAST_BATCH = 10;

const TOO_LARGE = 413;

/**
 * The batch read of ISBNdb (`POST /books`): the works that the given ISBNs belong to, unknown ones
 * missing. A batch refused as too large (413) is sent again in halves, and later ones are as small
 * from the start. Throws `AppError` with a PROVIDER_* code.
 */
export function createIsbnCheck(
  http: HttpClient,
  { apiKey }: { readonly apiKey: string },
): (isbns: readonly string[], context: CallContext) => Promise<readonly WorkCandidate[]> {
  let batchSize = BATCH_MAX;

  async function read(batch: readonly string[], context: CallContext) {
    const reply = await http.send({
      method: "POST",
      path: "/books",
      headers: { authorization: apiKey, "content-type": "application/json" },
      body: JSON.stringify({ isbns: batch }),
      signal: context.signal,
      // Whether a batch counts once or per ISBN is disputed; this is the dearer reading.
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
        start += batch.length;
      } catch (error) {
        if (!isTooLarge(error) || batch.length <= LEAST_BATCH) throw error;
        batchSize = Math.min(batchSize, Math.max(LEAST_BATCH, Math.floor(batch.length / 2)));
      }
    }
    return works;
  };
}

function isTooLarge(error: unknown): boolean {
  return error instanceof AppError && error.details["status"] === TOO_LARGE;
}
