import { assertEquals } from "@std/assert";
import { systemClock } from "../../src/clock.ts";
import type { Database } from "../../src/database/connection/connection.ts";
import { migrate, readMigrations } from "../../src/database/migrations/migrate.ts";
import type { ResolverName } from "../../src/domain/matching/resolver.ts";
import { NO_SERIES, type StatedSeries } from "../../src/domain/series/series_fields.ts";
import { type Simulator, startSimulator } from "../../src/simulator/simulator.ts";
import { simulatedResolvers } from "../bench/simulated_resolvers.ts";

/** Makes the database note when each answer of a resolver is stored, also one that replaces another. */
export async function noteStoredAnswers({ sql }: Database): Promise<void> {
  await migrate(sql, await readMigrations());
  await sql.unsafe(`
    CREATE TABLE stored_answer (
      resolution_key text NOT NULL, provider text NOT NULL, stored_at timestamptz NOT NULL
    );
    CREATE FUNCTION note_stored_answer() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      INSERT INTO stored_answer VALUES (new.resolution_key, new.provider, clock_timestamp());
      RETURN new;
    END $$;
    CREATE TRIGGER note_stored_answer AFTER INSERT OR UPDATE ON evidence
      FOR EACH ROW EXECUTE FUNCTION note_stored_answer();`);
}

/** A book one resolver answered about, with the requests that takes. */
interface AnsweredBook {
  readonly provider: ResolverName;
  readonly key: string;
  /** Milliseconds since 1970, when the answer was stored first. */
  readonly stored_ms: number;
  readonly paths: ReadonlySet<string>;
}

/** What the simulator's journal says about the answers the database holds. */
export interface AskedAgain {
  readonly book_count: number;
  /** Requests about a book whose answer was stored already. */
  readonly after_stored: readonly string[];
  /** Requests that were repeated before there was an answer to store. */
  readonly repeated_count: number;
}

/**
 * Holds the journal against the stored answers. Which requests belong to a book is found by asking
 * another simulator about it, after all is over. A request two questions share, such as one book under two
 * years, is only one too many when both were answered.
 */
export async function findAskedAgain(
  { sql }: Database,
  { journal }: Pick<Simulator, "journal">,
): Promise<AskedAgain> {
  const books = await replay(await findAnswers(sql));
  const byPath = Map.groupBy(
    books.flatMap((book) => [...book.paths].map((path) => ({ book, path }))),
    ({ book, path }) => `${book.provider} ${path}`,
  );
  const seen = new Set<string>();
  const afterStored: string[] = [];
  let repeatedCount = 0;
  for (const { service, path, at } of journal.entries()) {
    if (isAboutPersons(path)) continue;
    const request = `${service} ${path}`;
    const askers = byPath.get(request) ?? [];
    if (askers.length === 0) continue;
    if (askers.every(({ book }) => book.stored_ms < Date.parse(at))) afterStored.push(request);
    else if (seen.has(request) && askers.length === 1) repeatedCount++;
    seen.add(request);
  }
  const unasked = books.filter(({ provider, paths }) =>
    // An answer of ISBNdb may as well come from the batch check.
    provider !== "isbndb" && ![...paths].some((path) => seen.has(`${provider} ${path}`))
  );
  assertEquals(unasked, [], "each answer has its requests in the journal");
  return { book_count: books.length, after_stored: afterStored, repeated_count: repeatedCount };
}

/**
 * What authors are called is asked for every book of theirs, one included whose answer was called off
 * because another provider's was enough: such a request says nothing of a single book.
 */
function isAboutPersons(path: string): boolean {
  return path.includes("action=wbgetentities") && path.includes("props=labels&");
}

interface StoredAnswer extends StatedSeries {
  readonly provider: ResolverName;
  readonly key: string;
  readonly title: string;
  readonly author: string;
  readonly year: number;
  readonly stored_ms: number;
}

async function findAnswers(sql: Database["sql"]): Promise<StoredAnswer[]> {
  return await sql<StoredAnswer[]>`
    SELECT s.provider, s.resolution_key AS key, r.title, r.author, r.year, r.series, r.number,
      extract(epoch FROM min(s.stored_at))::float8 * 1000 AS stored_ms
    FROM stored_answer s JOIN resolution r ON r.key = s.resolution_key
    GROUP BY s.provider, s.resolution_key, r.title, r.author, r.year, r.series, r.number`;
}

async function replay(answers: readonly StoredAnswer[]): Promise<AnsweredBook[]> {
  const simulator = await startSimulator({ clock: systemClock });
  const { journal } = simulator;
  const context = { signal: new AbortController().signal, onCall: () => {} };
  const books: AnsweredBook[] = [];
  for (const resolver of simulatedResolvers(simulator, 1).flat()) {
    for (const answer of answers.filter(({ provider }) => provider === resolver.name)) {
      // The series may have been stated first after the book was asked for without it.
      for (const stated of answer.series === null ? [NO_SERIES] : [answer, NO_SERIES]) {
        const { series, number } = stated;
        await resolver.find({ ...answer, series, number, month: null, language: "en" }, context);
      }
      books.push({ ...answer, paths: new Set(journal.entries().map(({ path }) => path)) });
      journal.clear();
    }
  }
  await simulator.close();
  return books;
}
