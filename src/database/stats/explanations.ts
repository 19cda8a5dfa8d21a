import type { MatchDecision } from "../../domain/matching/decide_match.ts";
import { foldText } from "../../domain/text/fold_text.ts";
import type { Contender } from "../../domain/experiments/experiment_result.ts";
import type { Month } from "../../domain/months/month.ts";
import type { PartialDate } from "../../domain/months/partial_date.ts";
import type { CandidateRow } from "../catalogue/candidates.ts";
import type { Queryable } from "../connection/connection.ts";
import type { NewEdition } from "../catalogue/editions.ts";
import type { AskedBook, Evidence, StoredResolution } from "../resolution/resolutions.ts";

/** A stored edition, and the month it was stored for. */
export interface ExplainedEdition extends NewEdition {
  readonly stored_for: Month | null;
  /** Since when it waits for its check; null when it does not. */
  readonly check_waits_since: Date | null;
}

/** A stored work with all its ISBNs. */
export interface ExplainedWork {
  readonly work_id: number;
  readonly title: string;
  readonly subtitle: string | null;
  readonly authors: readonly string[];
  readonly first_published: PartialDate | null;
  readonly is_synthetic: boolean;
  /** 0–100. */
  readonly completeness: number;
  readonly isbns: readonly string[];
}

/** A book as a month named it, and what became of it there. */
export interface ExplainedNaming extends CandidateRow, Month {}

/** A question of experiments about a month, whose answer named a book that was found to be `isbn13`. */
export interface ExplainedQuestion extends Contender, Month {
  readonly isbn13: string;
  /** Those that put the question and found this, earliest first. */
  readonly experiment_ids: readonly number[];
  /** When the first of them found it. */
  readonly found_at: Date;
  /** Whether one of them was asked to store what it found. */
  readonly is_storing: boolean;
}

/** What one provider answered. */
export interface ExplainedEvidence extends Evidence {
  readonly asked_at: Date;
}

/** A decision with what was asked and what the providers answered. `decision` is null while open. */
export interface ExplainedResolution {
  readonly key: string;
  readonly made:
    | StoredResolution<MatchDecision> & AskedBook & {
      readonly decided_at: Date;
      readonly expires_at: Date;
      readonly check_waits_since: Date | null;
    }
    | null;
  readonly evidence: readonly ExplainedEvidence[];
}

/** Everything stored that says why a book has its ISBN, or has none. */
export interface ExplainedBook {
  readonly edition: ExplainedEdition | null;
  readonly work: ExplainedWork | null;
  /** Every month that named the work, earliest first. */
  readonly namings: readonly ExplainedNaming[];
  /** Every question of an experiment whose answer named the work, by month and time. */
  readonly questions: readonly ExplainedQuestion[];
  readonly resolutions: readonly ExplainedResolution[];
}

/** Why a stored ISBN stands for its work; null when it is not stored. */
export async function explainIsbn(sql: Queryable, isbn13: string): Promise<ExplainedBook | null> {
  const [edition] = await findEditions(sql, [isbn13]);
  if (edition === undefined) return null;
  const [work] = await findWorks(sql, [edition.work_id]);
  const namings = await findNamings(sql, [edition.work_id]);
  const keys = namings.filter((naming) => naming.isbn13 === isbn13)
    .map(({ resolution_key }) => resolution_key);
  return {
    edition,
    work: work ?? null,
    namings,
    questions: await listQuestionsNaming(sql, work?.isbns ?? [isbn13]),
    resolutions: await findExplainedResolutions(sql, [edition.resolution_key, ...keys]),
  };
}

/**
 * What became of the books a month named whose title and author hold all of the words, in the order
 * in which it named them; no words give all of them. After them come stored books that only
 * experiments named for the month.
 */
export async function explainNamed(
  sql: Queryable,
  { month, words }: { month: Month; words: readonly string[] },
): Promise<ExplainedBook[]> {
  const wanted = words.map(foldText);
  const isWanted = (...texts: readonly string[]): boolean => {
    const text = foldText(texts.join(" "));
    return wanted.every((word) => text.includes(word));
  };
  const ofMonth = await findNamingsOfMonth(sql, month);
  const named = ofMonth.filter(({ title, author }) => isWanted(title, author));
  const namedWorks = new Set(ofMonth.map(({ work_id }) => work_id));
  const ofExperiments = (await findEditions(sql, await listIsbnsOfExperiments(sql, month)))
    .filter(({ work_id }) => !namedWorks.has(work_id));
  const works = await findWorks(sql, [
    ...named.flatMap(({ work_id }) => work_id ?? []),
    ...ofExperiments.map(({ work_id }) => work_id),
  ]);
  const workOf = (id: number | null) => works.find(({ work_id }) => work_id === id) ?? null;
  const others = ofExperiments.filter((edition) => {
    const { title, subtitle, authors } = workOf(edition.work_id)!;
    return isWanted(title, subtitle ?? "", edition.title, ...authors);
  });
  const editions = await findEditions(sql, named.flatMap(({ isbn13 }) => isbn13 ?? []));
  const namings = await findNamings(sql, works.map(({ work_id }) => work_id));
  const questions = await listQuestionsNaming(sql, works.flatMap(({ isbns }) => isbns));
  const resolutions = await findExplainedResolutions(
    sql,
    [...named, ...others].map(({ resolution_key }) => resolution_key),
  );
  const about = (one: ExplainedNaming | ExplainedEdition) => {
    const work = workOf(one.work_id);
    return {
      work,
      namings: namings.filter(({ work_id }) => work_id === one.work_id),
      questions: questions.filter(({ isbn13 }) => work?.isbns.includes(isbn13)),
      resolutions: resolutions.filter(({ key }) => key === one.resolution_key),
    };
  };
  return [
    ...named.map((naming) => ({
      ...about(naming),
      edition: editions.find(({ isbn13 }) => isbn13 === naming.isbn13) ?? null,
      ...(naming.work_id === null ? { namings: [naming] } : {}),
    })),
    ...others.map((edition) => ({ ...about(edition), edition })),
  ];
}

/** The questions of experiments whose answers named books that were found to be these ISBNs. */
export async function listQuestionsNaming(
  sql: Queryable,
  isbns: readonly string[],
): Promise<ExplainedQuestion[]> {
  const given = sql`${isbns as string[]}::text[]`;
  return await sql<ExplainedQuestion[]>`
    SELECT l.year, l.month, r.prompt_variant, r.prompt_version, r.generator, r.model, isbn13,
      array_agg(DISTINCT r.experiment_id ORDER BY r.experiment_id) AS experiment_ids,
      min(r.created_at) AS found_at, bool_or(r.books_stored IS NOT NULL) AS is_storing
    FROM experiment_result r JOIN backfill_log l ON l.id = r.month_id
      CROSS JOIN LATERAL unnest(r.isbns) AS isbn13
    WHERE r.isbns && ${given} AND isbn13 = ANY(${given})
    GROUP BY l.year, l.month, r.prompt_variant, r.prompt_version, r.generator, r.model, isbn13
    ORDER BY l.year, l.month, found_at, r.prompt_variant, r.prompt_version, r.generator,
      r.model, isbn13`;
}

/** What experiments found for the month, in the order in which they did. */
async function listIsbnsOfExperiments(sql: Queryable, { year, month }: Month): Promise<string[]> {
  const rows = await sql<{ isbn13: string }[]>`
    SELECT isbn13
    FROM experiment_result r JOIN backfill_log l ON l.id = r.month_id
      CROSS JOIN LATERAL unnest(r.isbns) WITH ORDINALITY AS named (isbn13, position)
    WHERE l.year = ${year} AND l.month = ${month}
    GROUP BY isbn13
    ORDER BY min(r.id), min(position), isbn13`;
  return rows.map(({ isbn13 }) => isbn13);
}

function findEditions(sql: Queryable, isbns: readonly string[]): Promise<ExplainedEdition[]> {
  return sql<ExplainedEdition[]>`
    SELECT e.isbn13, e.work_id, e.title, e.subtitle, e.language, e.binding, e.publisher, e.pages,
      CASE WHEN e.published_year IS NOT NULL THEN jsonb_build_object('year', e.published_year,
        'month', e.published_month, 'day', e.published_day) END AS published,
      e.resolution_key, e.score::float8 AS score, e.check_state, e.check_waits_since,
      CASE WHEN l.id IS NOT NULL THEN jsonb_build_object('year', l.year, 'month', l.month) END
        AS stored_for
    FROM edition e LEFT JOIN backfill_log l ON l.id = e.month_id
    WHERE e.isbn13 = ANY(${isbns as string[]}::text[])
    ORDER BY array_position(${isbns as string[]}::text[], e.isbn13)`;
}

function findWorks(sql: Queryable, ids: readonly number[]): Promise<ExplainedWork[]> {
  return sql<ExplainedWork[]>`
    SELECT w.id AS work_id, w.title, w.subtitle, w.is_synthetic, w.completeness,
      CASE WHEN w.first_published_year IS NOT NULL THEN jsonb_build_object(
        'year', w.first_published_year, 'month', w.first_published_month,
        'day', w.first_published_day) END AS first_published,
      ARRAY(SELECT a.name FROM work_author wa JOIN author a ON a.id = wa.author_id
        WHERE wa.work_id = w.id ORDER BY wa.position, a.name) AS authors,
      ARRAY(SELECT e.isbn13 FROM edition e WHERE e.work_id = w.id ORDER BY e.isbn13) AS isbns
    FROM work w WHERE w.id = ANY(${ids as number[]}::int[])`;
}

function findNamings(sql: Queryable, workIds: readonly number[]): Promise<ExplainedNaming[]> {
  return sql<ExplainedNaming[]>`
    SELECT ${namingColumns(sql)}
    FROM candidate c JOIN backfill_log l ON l.id = c.month_id
    WHERE c.work_id = ANY(${workIds as number[]}::int[])
    ORDER BY l.year, l.month, c.position`;
}

function findNamingsOfMonth(
  sql: Queryable,
  { year, month }: Month,
): Promise<ExplainedNaming[]> {
  return sql<ExplainedNaming[]>`
    SELECT ${namingColumns(sql)}
    FROM candidate c JOIN backfill_log l ON l.id = c.month_id
    WHERE l.year = ${year} AND l.month = ${month}
    ORDER BY c.position`;
}

function namingColumns(sql: Queryable) {
  return sql`l.year, l.month, c.position, c.title, c.author, c.series, c.number, c.named_by,
    c.resolution_key, c.verdict, c.isbn13, c.work_id, c.placement, c.month_fit, c.unheard`;
}

/** Expired answers too: they are what the decision was made from. */
async function findExplainedResolutions(
  sql: Queryable,
  givenKeys: readonly string[],
): Promise<ExplainedResolution[]> {
  const keys = [...new Set(givenKeys)];
  const made = await sql<NonNullable<ExplainedResolution["made"]>[]>`
    SELECT key, title, author, year, series, number, verdict, isbn13, decision, decided_at,
      expires_at, check_state, check_waits_since
    FROM resolution WHERE key = ANY(${keys}::text[])`;
  const evidence = await sql<(ExplainedEvidence & { resolution_key: string })[]>`
    SELECT resolution_key, provider, works, asked_at FROM evidence
    WHERE resolution_key = ANY(${keys}::text[]) ORDER BY asked_at, provider`;
  return keys.map((key) => ({
    key,
    made: made.find((one) => one.key === key) ?? null,
    evidence: evidence.filter(({ resolution_key }) => resolution_key === key)
      .map(({ provider, works, asked_at }) => ({ provider, works, asked_at })),
  }));
}
