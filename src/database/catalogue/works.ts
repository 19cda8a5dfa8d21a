import type { WorkKeys } from "../../domain/names/work_keys.ts";
import type { PartialDate } from "../../domain/months/partial_date.ts";
import { trigramSimilarity } from "../../domain/text/trigram_similarity.ts";
import { momentParameter, type Queryable, type Transaction } from "../connection/connection.ts";

/** Any constant of our own: the family of locks that months take on the books they store. */
const BOOK_LOCKS = 721_504;

/**
 * Waits until no other month is storing a book with one of these keys (author keys and ISBNs), for
 * the rest of the transaction. Two months that name the same book would otherwise not see each
 * other's and store it twice; months without a book in common don't wait for each other. Everybody
 * locks in the order of the hashes, so that nobody waits in a circle.
 */
export async function lockBooks(tx: Transaction, keys: readonly string[]): Promise<void> {
  await tx`
    SELECT pg_advisory_xact_lock(${BOOK_LOCKS}::int, hash)
    FROM (
      SELECT DISTINCT hashtext(key) AS hash FROM unnest(${keys as string[]}::text[]) AS key
      ORDER BY hash
    ) AS ordered`;
}

/** A stored work, with what is needed to tell whether it is the same book. */
export interface KnownWork {
  readonly work_id: number;
  /** With its subtitle, after a colon. */
  readonly title: string;
  /** Its authors' names joined with " & ". */
  readonly author: string;
  readonly is_synthetic: boolean;
}

/** Which of these ISBNs are stored, and the work each belongs to. */
export async function findWorksByIsbn(
  sql: Queryable,
  isbns: readonly string[],
): Promise<{ isbn13: string; work_id: number; is_synthetic: boolean }[]> {
  return await sql<{ isbn13: string; work_id: number; is_synthetic: boolean }[]>`
    SELECT e.isbn13, w.id AS work_id, w.is_synthetic
    FROM edition e JOIN work w ON w.id = e.work_id
    WHERE e.isbn13 = ANY(${isbns as string[]}::text[])`;
}

/** Trigram similarity from which a title of the same author is worth a closer look (product rule). */
const SIMILAR_TITLE = 0.6;

/** A stored work that may be the asked one, before its title is looked at. */
interface FiledWork {
  readonly index: number;
  readonly work_id: number;
  readonly title_key: string;
  readonly is_identical: boolean;
}

/**
 * Stored works that are identical, or by the same author with the same or a similar title, for each of
 * the given keys. Similar is not same (volumes of a series are similar): the caller decides.
 */
export async function findSimilarWorks(
  sql: Queryable,
  books: readonly WorkKeys[],
): Promise<(KnownWork & { readonly index: number; readonly is_identical: boolean })[]> {
  const asked = books.flatMap(({ author_keys, identity_key }, index) =>
    author_keys.map((author_key) => ({ index, author_key, identity_key }))
  );
  const filed = await sql<FiledWork[]>`
    SELECT DISTINCT asked.index, w.id AS work_id, w.title_key,
      w.identity_key = asked.identity_key AS is_identical
    FROM unnest(
      ${asked.map((book) => book.index)}::int[],
      ${asked.map((book) => book.author_key)}::text[],
      ${asked.map((book) => book.identity_key)}::text[]
    ) AS asked (index, author_key, identity_key)
    CROSS JOIN LATERAL (
      SELECT * FROM work WHERE author_key = asked.author_key
      UNION
      SELECT * FROM work WHERE identity_key = asked.identity_key
    ) AS w
    ORDER BY index, is_identical DESC, work_id`;
  // Not by the database, which compares only the letters that its locale knows.
  const alike = filed.filter(({ index, title_key, is_identical }) => {
    const wanted = books[index]!.title_key;
    return is_identical || title_key === wanted ||
      trigramSimilarity(title_key, wanted) >= SIMILAR_TITLE;
  });
  const works = await readKnownWorks(sql, alike.map(({ work_id }) => work_id));
  return alike.map(({ index, work_id, is_identical }) => ({
    ...works.get(work_id)!,
    index,
    is_identical,
  }));
}

async function readKnownWorks(
  sql: Queryable,
  ids: readonly number[],
): Promise<Map<number, KnownWork>> {
  if (ids.length === 0) return new Map();
  const rows = await sql<KnownWork[]>`
    SELECT w.id AS work_id, w.is_synthetic, w.title || coalesce(': ' || w.subtitle, '') AS title,
      coalesce((
        SELECT string_agg(a.name, ' & ' ORDER BY wa.position)
        FROM work_author wa JOIN author a ON a.id = wa.author_id WHERE wa.work_id = w.id
      ), '') AS author
    FROM work w WHERE w.id = ANY(${ids as number[]}::int[])`;
  return new Map(rows.map((row) => [row.work_id, row]));
}

export interface NewWork extends Omit<WorkKeys, "author_keys"> {
  readonly title: string;
  readonly subtitle: string | null;
  readonly language: string | null;
  readonly first_published: PartialDate | null;
  readonly is_synthetic: boolean;
  /** 0–100: how much of the book's metadata is known. */
  readonly completeness: number;
}

/** Inserts works and returns their ids in the same order. None may be identical to a stored one. */
export async function storeWorks(
  sql: Queryable,
  { works, monthId, at }: { works: readonly NewWork[]; monthId: number; at: Date | null },
): Promise<number[]> {
  if (works.length === 0) return [];
  const moment = momentParameter(at);
  const rows = await sql<{ id: number; identity_key: string }[]>`
    INSERT INTO work (title, subtitle, title_key, author_key, identity_key, language,
      first_published_year, first_published_month, first_published_day, is_synthetic, completeness,
      month_id, created_at, updated_at)
    SELECT title, subtitle, title_key, author_key, identity_key, language, (first_published ->> 'year')::int,
      (first_published ->> 'month')::int, (first_published ->> 'day')::int, is_synthetic,
      completeness, ${monthId}, coalesce(${moment}::timestamptz, now()),
      coalesce(${moment}::timestamptz, now())
    FROM jsonb_to_recordset(${sql.json(works as never)}::jsonb) AS given (
      title text, subtitle text, title_key text, author_key text, identity_key text, language text,
      first_published jsonb, is_synthetic boolean, completeness int)
    RETURNING id, identity_key`;
  const ids = new Map(rows.map((row) => [row.identity_key, row.id]));
  return works.map((work) => ids.get(work.identity_key)!);
}

/** What a stored work becomes. */
export interface RewrittenWork extends NewWork {
  readonly work_id: number;
}

/**
 * Writes everything anew that is told of these works, their keys included, and unlinks their authors.
 * No other work may be identical to what one of them becomes.
 */
export async function rewriteWorks(
  sql: Queryable,
  { works, at }: { works: readonly RewrittenWork[]; at: Date | null },
): Promise<void> {
  if (works.length === 0) return;
  const rewritten = sql`
    UPDATE work SET title = given.title, subtitle = given.subtitle, title_key = given.title_key,
      author_key = given.author_key, identity_key = given.identity_key, language = given.language,
      is_synthetic = given.is_synthetic, completeness = given.completeness,
      first_published_year = (first_published ->> 'year')::int,
      first_published_month = (first_published ->> 'month')::int,
      first_published_day = (first_published ->> 'day')::int,
      updated_at = coalesce(${momentParameter(at)}::timestamptz, now())
    FROM jsonb_to_recordset(${sql.json(works as never)}::jsonb) AS given (
      work_id int, title text, subtitle text, title_key text, author_key text, identity_key text,
      language text, first_published jsonb, is_synthetic boolean, completeness int)
    WHERE work.id = given.work_id`;
  const ids = works.map(({ work_id }) => work_id);
  await Promise.all([
    rewritten,
    sql`DELETE FROM work_author WHERE work_id = ANY(${ids}::int[])`,
  ]);
}

/** Another work that bears this key; null when there is none. */
export async function findIdenticalWork(
  sql: Queryable,
  { identity_key, other_than }: { identity_key: string; other_than: number },
): Promise<number | null> {
  const [row] = await sql<{ id: number }[]>`
    SELECT id FROM work WHERE identity_key = ${identity_key} AND id <> ${other_than}`;
  return row?.id ?? null;
}

/** Lets works give way to others that are the same book: what pointed at them points at those. */
export async function mergeWorks(
  sql: Queryable,
  merges: readonly { readonly work_id: number; readonly into: number }[],
): Promise<void> {
  if (merges.length === 0) return;
  const given = sql`jsonb_to_recordset(${sql.json(merges as never)}::jsonb)
    AS given (work_id int, "into" int)`;
  const ids = merges.map(({ work_id }) => work_id);
  await Promise.all([
    sql`UPDATE candidate SET work_id = given.into FROM ${given}
      WHERE candidate.work_id = given.work_id`,
    sql`UPDATE edition SET work_id = given.into FROM ${given}
      WHERE edition.work_id = given.work_id`,
    sql`DELETE FROM work WHERE id = ANY(${ids}::int[])`,
  ]);
}

/** Stores the authors of new or rewritten works, each name once, and links them in the order given. */
export async function storeAuthors(
  sql: Queryable,
  authors: readonly {
    readonly work_id: number;
    readonly name: string;
    readonly name_key: string;
    readonly position: number;
  }[],
): Promise<void> {
  if (authors.length === 0) return;
  const given = sql`jsonb_to_recordset(${sql.json(authors as never)}::jsonb)
    AS given (work_id int, name text, name_key text, position int)`;
  await sql`
    INSERT INTO author (name, name_key)
    SELECT DISTINCT ON (name_key) name, name_key FROM ${given} ORDER BY name_key, position
    ON CONFLICT (name_key) DO NOTHING`;
  // A statement of its own, which sees what the first one, or another month meanwhile, has inserted.
  await sql`
    INSERT INTO work_author (work_id, author_id, position)
    SELECT given.work_id, author.id, given.position FROM ${given} JOIN author USING (name_key)
    ON CONFLICT (work_id, author_id) DO NOTHING`;
}
