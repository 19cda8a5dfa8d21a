import type { WorkKeys } from "../../domain/names/work_keys.ts";
import type { PartialDate } from "../../domain/months/partial_date.ts";
import { trigramSimilarity } from "../../domain/text/trigram_similarity.ts";
import {
  type Fragment,
  momentParameter,
  type Queryable,
  type Transaction,
} from "../connection/connection.ts";

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
  /** With its subtitle after a colon, and its place in a series in brackets. */
  readonly title: string;
  /** Its authors' names joined with " & ". */
  readonly author: string;
  readonly is_synthetic: boolean;
  /** Key of the resolution by whose records it is named, that of its first edition; null when it has none. */
  readonly named_by: string | null;
}

/** Which of these ISBNs are stored, and the work each belongs to. */
export async function findWorksByIsbn(
  sql: Queryable,
  isbns: readonly string[],
): Promise<(Pick<KnownWork, "work_id" | "is_synthetic" | "named_by"> & { isbn13: string })[]> {
  return await sql<
    (Pick<KnownWork, "work_id" | "is_synthetic" | "named_by"> & { isbn13: string })[]
  >`
    SELECT e.isbn13, w.id AS work_id, w.is_synthetic, ${namingKey(sql)} AS named_by
    FROM edition e JOIN work w ON w.id = e.work_id
    WHERE e.isbn13 = ANY(${isbns as string[]}::text[])`;
}

function namingKey(sql: Queryable): Fragment {
  return sql`(SELECT resolution_key FROM edition WHERE work_id = w.id
    ORDER BY created_at, isbn13 LIMIT 1)`;
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
    SELECT w.id AS work_id, w.is_synthetic, ${namingKey(sql)} AS named_by,
      w.title || coalesce(': ' || w.subtitle, '')
        || coalesce(' (' || w.series || ', #' || w.series_place || ')', '') AS title,
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
  readonly series: string | null;
  readonly series_place: string | null;
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
    INSERT INTO work (title, subtitle, series, series_place, title_key, author_key, identity_key, language,
      first_published_year, first_published_month, first_published_day, is_synthetic, completeness,
      month_id, created_at, updated_at)
    SELECT title, subtitle, series, series_place, title_key, author_key, identity_key, language,
      (first_published ->> 'year')::int, (first_published ->> 'month')::int, (first_published ->> 'day')::int, is_synthetic,
      completeness, ${monthId}, coalesce(${moment}::timestamptz, now()),
      coalesce(${moment}::timestamptz, now())
    FROM jsonb_to_recordset(${sql.json(works as never)}::jsonb) AS given (
      title text, subtitle text, series text, series_place text, title_key text, author_key text,
      identity_key text, language text, first_published jsonb, is_synthetic boolean, completeness int)
    RETURNING id, identity_key`;
  const ids = new Map(rows.map((row) => [row.identity_key, row.id]));
  return works.map((work) => ids.get(work.identity_key)!);
}

/** What a stored work becomes. */
export interface RewrittenWork extends NewWork {
  readonly work_id: number;
}

/** The assignments that give a work the names of `given`; its identity only where no other work has it. */
function newNames(sql: Queryable): Fragment {
  return sql`title = given.title, subtitle = given.subtitle, series = given.series,
    series_place = given.series_place, title_key = given.title_key, author_key = given.author_key,
    identity_key = CASE WHEN EXISTS (
      SELECT 1 FROM work other
      WHERE other.identity_key = given.identity_key AND other.id <> given.work_id
    ) THEN work.identity_key ELSE given.identity_key END`;
}

/** Writes everything anew that is told of these works, their keys included. Their authors stay. */
export async function rewriteWorks(
  sql: Queryable,
  { works, at }: { works: readonly RewrittenWork[]; at: Date | null },
): Promise<void> {
  if (works.length === 0) return;
  await sql`
    UPDATE work SET ${newNames(sql)}, language = given.language, is_synthetic = given.is_synthetic,
      completeness = given.completeness,
      first_published_year = (first_published ->> 'year')::int,
      first_published_month = (first_published ->> 'month')::int,
      first_published_day = (first_published ->> 'day')::int,
      updated_at = coalesce(${momentParameter(at)}::timestamptz, now())
    FROM jsonb_to_recordset(${sql.json(works as never)}::jsonb) AS given (
      work_id int, title text, subtitle text, series text, series_place text, title_key text,
      author_key text, identity_key text, language text, first_published jsonb, is_synthetic boolean,
      completeness int)
    WHERE work.id = given.work_id`;
}

/** A work under other names, with the keys of these. */
export type RenamedWork = Pick<
  RewrittenWork,
  | "work_id"
  | "title"
  | "subtitle"
  | "series"
  | "series_place"
  | "title_key"
  | "author_key"
  | "identity_key"
>;

/** Gives these works other names and nothing else. Their authors stay. */
export async function renameWorks(
  sql: Queryable,
  { works, at }: { works: readonly RenamedWork[]; at: Date | null },
): Promise<void> {
  if (works.length === 0) return;
  await sql`
    UPDATE work SET ${newNames(sql)},
      updated_at = coalesce(${momentParameter(at)}::timestamptz, now())
    FROM jsonb_to_recordset(${sql.json(works as never)}::jsonb) AS given (
      work_id int, title text, subtitle text, series text, series_place text, title_key text,
      author_key text, identity_key text)
    WHERE work.id = given.work_id`;
}

/** The names a work is stored under. */
export interface WorkNames {
  readonly work_id: number;
  readonly title: string;
  readonly subtitle: string | null;
  readonly series: string | null;
  readonly series_place: string | null;
  readonly identity_key: string;
  /** Its authors as its records name them, in order; null for one whom an older version stored. */
  readonly credits: readonly (string | null)[];
}

/** The names these works are stored under. */
export async function readWorkNames(
  sql: Queryable,
  workIds: readonly number[],
): Promise<WorkNames[]> {
  if (workIds.length === 0) return [];
  return await sql<WorkNames[]>`
    SELECT w.id AS work_id, w.title, w.subtitle, w.series, w.series_place, w.identity_key,
      ARRAY(SELECT wa.credited_as FROM work_author wa WHERE wa.work_id = w.id
        ORDER BY wa.position) AS credits
    FROM work w WHERE w.id = ANY(${workIds as number[]}::int[])`;
}

/** Works that bear one of these keys already, which another work is to get. */
export async function findIdenticalWorks(
  sql: Queryable,
  works: readonly { readonly work_id: number; readonly identity_key: string }[],
): Promise<{ work_id: number; like: number }[]> {
  if (works.length === 0) return [];
  return await sql<{ work_id: number; like: number }[]>`
    SELECT w.id AS work_id, given.work_id AS "like"
    FROM jsonb_to_recordset(${
    sql.json(works as never)
  }::jsonb) AS given (work_id int, identity_key text)
    JOIN work w ON w.identity_key = given.identity_key AND w.id <> given.work_id`;
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
