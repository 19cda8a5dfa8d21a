import type { Queryable } from "../../../src/database/connection/connection.ts";

/**
 * What the records say of each confirmed work: one row for each title, the works' own and those of their
 * editions, with who bears it.
 */
const BORNE = `
  WITH asked AS (
    SELECT work_id, resolution_key FROM edition
    UNION SELECT work_id, resolution_key FROM candidate WHERE verdict = 'found'
  ), record AS (
    SELECT a.work_id, e.provider, r.record, r.record -> 'authors' AS authors
    FROM asked a JOIN evidence e USING (resolution_key)
      CROSS JOIN LATERAL jsonb_array_elements(e.works) AS r (record)
  ), borne AS (
    SELECT work_id, provider, lower(t.title) AS title,
      lower(t.title || coalesce(': ' || t.subtitle, '')) AS whole
    FROM record CROSS JOIN LATERAL (
      SELECT record ->> 'title' AS title, record ->> 'subtitle' AS subtitle
      UNION ALL
      SELECT edition ->> 'title', edition ->> 'subtitle'
      FROM jsonb_array_elements(record -> 'editions') AS edition
    ) AS t
  )`;

/** Every way a book can be stored under another name than its records have for it, as SQL that finds those. */
const MISNAMED: Readonly<Record<string, string>> = {
  "a title no record bears": `${BORNE}
    SELECT w.title AS found FROM work w WHERE NOT w.is_synthetic AND NOT EXISTS (
      SELECT 1 FROM borne b WHERE b.work_id = w.id AND (
        b.title = lower(w.title) OR b.whole = lower(w.title)
        OR left(b.title, length(w.title) + 2) IN (lower(w.title) || ' (', lower(w.title) || ', ')
        OR right(b.whole, length(w.title) + 2) = ': ' || lower(w.title)
      ))`,
  "a title fewer providers bear than another of its length": `${BORNE}, counted AS (
      SELECT work_id, title, count(DISTINCT provider) AS providers FROM borne GROUP BY 1, 2
    )
    SELECT w.title AS found FROM work w JOIN counted own ON own.work_id = w.id
      AND own.title = lower(w.title)
    WHERE NOT w.is_synthetic AND EXISTS (
      SELECT 1 FROM counted other WHERE other.work_id = w.id AND other.title <> own.title
        AND length(other.title) = length(own.title) AND other.providers > own.providers)`,
  "a series in a title": `
    SELECT title AS found FROM work
    WHERE NOT is_synthetic AND title || coalesce(' ' || subtitle, '') ~ '[(\\[][A-Z].*[)\\]]|#\\s*\\d'`,
  "a title in capitals": `
    SELECT title AS found FROM work WHERE NOT is_synthetic AND title ~ '[A-Z]{3}.* .*[A-Z]{3}'
      AND title = upper(title)`,
  "an author with a comma: inverted, or two people": `
    SELECT name AS found FROM author WHERE name ~ ',' AND name !~* ', (jr|sr|phd|md|esq)\\.?$'`,
  "two people in one author": `
    SELECT name AS found FROM author WHERE name ~ '[&;|/]|.+ .+ and .+ .+|.+ .+ with .+ .+'`,
  "two authors whom the records of a work show to be one": `${BORNE}, named AS (
      SELECT work_id, record, lower(author) AS name
      FROM record CROSS JOIN LATERAL jsonb_array_elements_text(authors) AS author
    )
    SELECT DISTINCT a.name || ' / ' || b.name AS found
    FROM author a JOIN author b ON a.id < b.id AND left(a.name, 1) = left(b.name, 1)
      AND substring(lower(a.name) from '\\S+$') = substring(lower(b.name) from '\\S+$')
    JOIN named one ON one.name = lower(a.name)
    JOIN named other ON other.name = lower(b.name) AND other.work_id = one.work_id
    WHERE NOT EXISTS (
      SELECT 1 FROM named x JOIN named y USING (work_id, record)
      WHERE x.work_id = one.work_id AND x.name = one.name AND y.name = other.name)`,
  "an author without a work": `
    SELECT name AS found FROM author a
    WHERE NOT EXISTS (SELECT 1 FROM work_author w WHERE w.author_id = a.id)`,
};

/** What is stored under another name than its records have for it, a line each. */
export async function listMisnamed(sql: Queryable): Promise<string[]> {
  const lines: string[] = [];
  for (const [kind, statement] of Object.entries(MISNAMED)) {
    const rows = await sql.unsafe<{ found: string }[]>(statement);
    lines.push(...rows.map(({ found }) => `${kind}: ${found}`));
  }
  return lines.toSorted();
}
