import type { KnownAuthor, SettledAuthor } from "../../domain/catalogue/settle_authors.ts";
import type { Queryable, Transaction } from "../connection/connection.ts";

/** The stored authors who bear one of these names, locked until the transaction ends, oldest first. */
export async function lockAuthors(
  tx: Transaction,
  nameKeys: readonly string[],
): Promise<KnownAuthor[]> {
  const keys = nameKeys as string[];
  return await tx<KnownAuthor[]>`
    SELECT id AS author_id, name_key,
      array_prepend(name_key, array_remove(name_keys, name_key)) AS name_keys
    FROM author WHERE name_key = ANY(${keys}::text[]) OR name_keys && ${keys}::text[]
    ORDER BY id
    FOR UPDATE`;
}

/**
 * Stores new authors and returns their ids in the same order; one whom another month has stored meanwhile
 * is that one. Locks them until the transaction ends.
 */
export async function storeAuthors(
  sql: Queryable,
  authors: readonly Pick<SettledAuthor, "name" | "name_key">[],
): Promise<number[]> {
  if (authors.length === 0) return [];
  const rows = await sql<{ id: number; name_key: string }[]>`
    INSERT INTO author (name, name_key)
    SELECT DISTINCT ON (name_key) name, name_key
    FROM jsonb_to_recordset(${
    sql.json(authors as never)
  }::jsonb) AS given (name text, name_key text)
    ORDER BY name_key
    ON CONFLICT (name_key) DO UPDATE SET name_key = excluded.name_key
    RETURNING id, name_key`;
  const ids = new Map(rows.map(({ id, name_key }) => [name_key, id]));
  return authors.map(({ name_key }) => ids.get(name_key)!);
}

/** Lets authors give way to others who are the same person: their works and names become those'. */
export async function mergeAuthors(
  sql: Queryable,
  merges: readonly { readonly author_id: number; readonly into: number }[],
): Promise<void> {
  if (merges.length === 0) return;
  const given = sql`jsonb_to_recordset(${sql.json(merges as never)}::jsonb)
    AS given (author_id int, "into" int)`;
  const ids = merges.map(({ author_id }) => author_id);
  await Promise.all([
    sql`INSERT INTO work_author (work_id, author_id, position, credited_as)
      SELECT w.work_id, given.into, w.position, w.credited_as
      FROM work_author w JOIN ${given} USING (author_id) ORDER BY w.position
      ON CONFLICT (work_id, author_id) DO NOTHING`,
    sql`DELETE FROM author WHERE id = ANY(${ids}::int[])`,
  ]);
}

/** Keeps all names of these authors; each is known by the longest, unless that is another's. */
export async function nameAuthors(
  sql: Queryable,
  authors: readonly {
    readonly author_id: number;
    readonly name_key: string;
    readonly name_keys: readonly string[];
  }[],
): Promise<void> {
  const given = sql`jsonb_to_recordset(${sql.json(authors as never)}::jsonb)
    AS given (author_id int, name_key text, name_keys jsonb)`;
  await sql`
    UPDATE author SET name_key = CASE WHEN EXISTS (
        SELECT 1 FROM author other
        WHERE other.name_key = given.name_key AND other.id <> given.author_id
      ) THEN author.name_key ELSE given.name_key END,
      name_keys = ARRAY(SELECT jsonb_array_elements_text(given.name_keys))
    FROM ${given}
    WHERE author.id = given.author_id`;
}

/** An author of a work, and the name its records bear. */
export interface WorkAuthor {
  readonly work_id: number;
  readonly author_id: number;
  readonly position: number;
  readonly credited_as: string;
}

/** Links works that have no authors yet with theirs, in the order given. */
export async function linkAuthors(sql: Queryable, links: readonly WorkAuthor[]): Promise<void> {
  await sql`
    INSERT INTO work_author (work_id, author_id, position, credited_as)
    SELECT work_id, author_id, position, credited_as
    FROM jsonb_to_recordset(${sql.json(links as never)}::jsonb) AS given (
      work_id int, author_id int, position int, credited_as text)
    ORDER BY position
    ON CONFLICT (work_id, author_id) DO NOTHING`;
}

/** Takes these works' authors from them, and returns who they were. */
export async function unlinkAuthors(
  sql: Queryable,
  workIds: readonly number[],
): Promise<number[]> {
  if (workIds.length === 0) return [];
  const rows = await sql<{ author_id: number }[]>`
    DELETE FROM work_author WHERE work_id = ANY(${workIds as number[]}::int[]) RETURNING author_id`;
  return rows.map(({ author_id }) => author_id);
}

/** Shows these authors by the name that most of their works bear, of as many the longest. */
export async function showAuthors(sql: Queryable, authorIds: readonly number[]): Promise<void> {
  await sql`
    UPDATE author SET name = most.credited_as
    FROM (
      SELECT DISTINCT ON (author_id) author_id, credited_as FROM work_author
      WHERE author_id = ANY(${authorIds as number[]}::int[]) AND credited_as IS NOT NULL
      GROUP BY author_id, credited_as
      ORDER BY author_id, count(*) DESC, length(credited_as) DESC, credited_as COLLATE "C"
    ) AS most
    WHERE author.id = most.author_id AND author.name <> most.credited_as`;
}

/**
 * Removes those of these authors who have no work left. Whom another month holds is about to get one, and
 * stays; that none of the others has one is seen by the second statement, after they were locked.
 */
export async function removeBareAuthors(
  tx: Transaction,
  authorIds: readonly number[],
): Promise<void> {
  if (authorIds.length === 0) return;
  const locked = await tx<{ id: number }[]>`
    SELECT id FROM author WHERE id = ANY(${authorIds as number[]}::int[])
    FOR UPDATE SKIP LOCKED`;
  await tx`
    DELETE FROM author a WHERE id = ANY(${locked.map(({ id }) => id)}::int[])
      AND NOT EXISTS (SELECT 1 FROM work_author w WHERE w.author_id = a.id)`;
}
