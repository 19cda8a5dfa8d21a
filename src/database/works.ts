import type { PartialDate } from "../domain/partial_date.ts";
import { momentParameter, type Queryable } from "./connection.ts";

/** Any constant of our own: months that store books take turns on it. */
const CATALOGUE_LOCK_KEY = 7_215_042_712;

/**
 * Waits until no other month is storing books, for the rest of the transaction. Two months that name
 * the same book would otherwise not see each other's and store it twice.
 */
export async function lockCatalogue(sql: Queryable): Promise<void> {
  await sql`SELECT pg_advisory_xact_lock(${CATALOGUE_LOCK_KEY})`;
}

/** A stored work, with what is needed to tell whether it is the same book. */
export interface KnownWork {
  readonly work_id: number;
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

/**
 * Stored works by the same author whose title is the same or similar, for each of the given keys.
 * Similar is not same (volumes of a series are similar): the caller decides.
 */
export async function findSimilarWorks(
  sql: Queryable,
  books: readonly { readonly title_key: string; readonly author_key: string }[],
): Promise<(KnownWork & { readonly index: number; readonly is_exact: boolean })[]> {
  return await sql<(KnownWork & { index: number; is_exact: boolean })[]>`
    SELECT (asked.position - 1)::int AS index, w.id AS work_id, w.title, w.is_synthetic,
      w.title_key = asked.title_key AS is_exact,
      coalesce((
        SELECT string_agg(a.name, ' & ' ORDER BY wa.position)
        FROM work_author wa JOIN author a ON a.id = wa.author_id WHERE wa.work_id = w.id
      ), '') AS author
    FROM unnest(
      ${books.map((book) => book.title_key)}::text[],
      ${books.map((book) => book.author_key)}::text[]
    ) WITH ORDINALITY AS asked (title_key, author_key, position)
    JOIN work w ON w.author_key = asked.author_key
      AND (w.title_key = asked.title_key
        OR similarity(w.title_key, asked.title_key) >= ${SIMILAR_TITLE})
    ORDER BY index, is_exact DESC, w.id`;
}

export interface NewWork {
  readonly title: string;
  readonly subtitle: string | null;
  readonly title_key: string;
  readonly author_key: string;
  readonly language: string | null;
  readonly first_published: PartialDate | null;
  readonly is_synthetic: boolean;
  /** 0–100: how much of the book's metadata is known. */
  readonly completeness: number;
}

/** Inserts works and returns their ids in the same order. Keys must differ from stored ones. */
export async function storeWorks(
  sql: Queryable,
  { works, monthId, at }: { works: readonly NewWork[]; monthId: number; at: Date | null },
): Promise<number[]> {
  if (works.length === 0) return [];
  const moment = momentParameter(at);
  const rows = await sql<{ id: number; title_key: string; author_key: string }[]>`
    INSERT INTO work (title, subtitle, title_key, author_key, language, first_published_year,
      first_published_month, first_published_day, is_synthetic, completeness, month_id, created_at,
      updated_at)
    SELECT title, subtitle, title_key, author_key, language, (first_published ->> 'year')::int,
      (first_published ->> 'month')::int, (first_published ->> 'day')::int, is_synthetic,
      completeness, ${monthId}, coalesce(${moment}::timestamptz, now()),
      coalesce(${moment}::timestamptz, now())
    FROM jsonb_to_recordset(${sql.json(works as never)}::jsonb) AS given (
      title text, subtitle text, title_key text, author_key text, language text,
      first_published jsonb, is_synthetic boolean, completeness int)
    RETURNING id, title_key, author_key`;
  const ids = new Map(rows.map((row) => [`${row.title_key}\n${row.author_key}`, row.id]));
  return works.map((work) => ids.get(`${work.title_key}\n${work.author_key}`)!);
}

/** Turns synthetic works into confirmed ones, with what the confirmed edition tells about them. */
export async function confirmWorks(
  sql: Queryable,
  { works, at }: {
    works: readonly {
      readonly work_id: number;
      readonly completeness: number;
      readonly language: string | null;
      readonly first_published: PartialDate | null;
    }[];
    at: Date | null;
  },
): Promise<void> {
  if (works.length === 0) return;
  await sql`
    UPDATE work SET is_synthetic = false, completeness = given.completeness,
      language = coalesce(given.language, work.language),
      first_published_year = (first_published ->> 'year')::int,
      first_published_month = (first_published ->> 'month')::int,
      first_published_day = (first_published ->> 'day')::int,
      updated_at = coalesce(${momentParameter(at)}::timestamptz, now())
    FROM jsonb_to_recordset(${sql.json(works as never)}::jsonb) AS given (
      work_id int, completeness int, language text, first_published jsonb)
    WHERE work.id = given.work_id AND work.is_synthetic`;
}

/** Stores the authors of new works, each name once, and links them in the order given. */
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
  const given = sql.json(authors as never);
  await sql`
    INSERT INTO author (name, name_key)
    SELECT DISTINCT ON (name_key) name, name_key
    FROM jsonb_to_recordset(${given}::jsonb) AS given (name text, name_key text, position int)
    ORDER BY name_key, position
    ON CONFLICT (name_key) DO NOTHING`;
  await sql`
    INSERT INTO work_author (work_id, author_id, position)
    SELECT given.work_id, author.id, given.position
    FROM jsonb_to_recordset(${given}::jsonb) AS given (work_id int, name_key text, position int)
    JOIN author USING (name_key)
    ON CONFLICT (work_id, author_id) DO NOTHING`;
}
