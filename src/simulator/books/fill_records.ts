import { foldText } from "../../domain/text/fold_text.ts";
import {
  type Catalogue,
  indexIsbns,
  type SimulatedEdition,
  type SimulatedWork,
} from "./catalogue.ts";
import type { BenchmarkRow } from "./catalogue_files.ts";
import { translationOf } from "./translations.ts";
import { stableChoice, stableShare } from "../faults/random.ts";

/**
 * The catalogue as real records describe it: with a year, a binding and a language wherever the data is
 * silent, "A Novel" on some covers, and editions in other languages. What is filled in belongs to an ISBN
 * and is the same in every service, each of which leaves out a share of its own (`imperfections.ts`).
 * `benchmark` tells when works first came out, which no filled year may contradict.
 */
export function fillRecords(catalogue: Catalogue, benchmark: readonly BenchmarkRow[]): Catalogue {
  const firstYearOf = firstYears(catalogue, benchmark);
  const works = catalogue.works.map((work): SimulatedWork => {
    const year = firstYearOf(work);
    const filled = work.editions.map((edition) => fillEdition(edition, { work, year }));
    const isDated = year >= 1000 && stableShare(`first year:${work.id}`) < FIRST_YEAR_SHARE;
    const whole = { ...work, ...(isDated ? { firstYear: year } : {}), editions: filled };
    const translation = translationOf(whole, { year, taken: catalogue.isbns });
    return translation === null ? whole : { ...whole, editions: [...filled, translation] };
  });
  return { ...catalogue, works, isbns: indexIsbns(works) };
}

/**
 * Share of the works whose first year a catalogue of works tells, which has seen more editions than are
 * known here: of 112 recorded works of Open Library 103 have one.
 */
const FIRST_YEAR_SHARE = 0.92;

/** Year of first publication: known, else that of a work of the same name, else drawn from all known. */
function firstYears(
  { works }: Catalogue,
  benchmark: readonly BenchmarkRow[],
): (work: SimulatedWork) => number {
  const asked = new Map(benchmark.flatMap(({ work, ...row }) => {
    const year = askedYear(row);
    return work === undefined || year === null ? [] : [[work, year] as const];
  }));
  const known = new Map<string, number>();
  const namesakes = new Map<string, number>();
  for (const work of works) {
    const year = work.firstPublished === null
      ? asked.get(work.id) ?? oldestYear(work)
      : Number(work.firstPublished.slice(0, 4));
    if (year === null) continue;
    known.set(work.id, year);
    // The data holds some books twice, and their records must not be years apart.
    namesakes.set(nameKey(work), year);
  }
  const [first = LIKELY_YEAR, ...others] = [...known.values()].sort((a, b) => a - b);
  const years: readonly [number, ...number[]] = [first, ...others];
  return (work) =>
    known.get(work.id) ?? namesakes.get(nameKey(work)) ?? stableChoice(`year:${work.id}`, years);
}

/** Where a catalogue dates nothing at all. */
const LIKELY_YEAR = 2010;

/** Null for books that don't exist and for years that are off. */
function askedYear({ category, query, note }: Omit<BenchmarkRow, "work">): number | null {
  const told = /\bfirst published (\d{4})\b/.exec(note ?? "")?.[1];
  if (told !== undefined) return Number(told);
  return category === "fictional" || category === "year-off" ? null : query.year ?? null;
}

function oldestYear({ editions }: SimulatedWork): number | null {
  const years = editions.flatMap(({ published }) =>
    published === null ? [] : [Number(published.slice(0, 4))]
  );
  return years.length === 0 ? null : Math.min(...years);
}

function nameKey({ title, authors }: SimulatedWork): string {
  return `${foldText(title)}|${foldText(authors[0] ?? "").split(" ").at(-1)}`;
}

/** The newest year of the data. */
const LAST_YEAR = 2024;

/**
 * Years from first publication to an edition. Of the 66 editions that the shipped data dates and whose
 * work's year it knows, 39 are of that year, 10 of the next one and 17 later.
 */
function yearsLater(isbn13: string): number {
  const chance = stableShare(`lag:${isbn13}`);
  if (chance < 0.6) return 0;
  if (chance < 0.75) return 1;
  const LONGEST = 25;
  return 2 + Math.floor(LONGEST * stableShare(`later:${isbn13}`) ** 2);
}

function fillEdition(
  edition: SimulatedEdition,
  { work, year }: { work: SimulatedWork; year: number },
): SimulatedEdition {
  const { isbn13, published, format, language } = edition;
  return {
    ...edition,
    subtitle: edition.subtitle ?? coverLine(work, edition),
    // No month: that would be evidence, and is nowhere to be had.
    published: published ??
      yearText(Math.max(year, Math.min(LAST_YEAR, year + yearsLater(isbn13)))),
    format: format ?? bindingOf(isbn13),
    language: language ?? languageOfGroup(isbn13),
  };
}

/** Null before the year 1000, which the form of a date has no place for. */
function yearText(year: number): string | null {
  return year < 1000 ? null : String(year);
}

/** Share of the notable works' editions that say "A Novel", as US hardcovers do. */
const NOVEL_SHARE = 0.15;

function coverLine(
  { notability, subtitle }: SimulatedWork,
  { isbn13, rawTitle }: SimulatedEdition,
): string | null {
  const isPlain = notability !== null && subtitle === null && !/[:(#]/.test(rawTitle);
  return isPlain && stableShare(`novel:${isbn13}`) < NOVEL_SHARE ? "A Novel" : null;
}

/** Shares (0–1) of bindings among what bookshops sell new; recordings are no answer and left out. */
const BINDINGS: readonly (readonly [share: number, format: string])[] = [
  [0.44, "Paperback"],
  [0.4, "Hardcover"],
  [0.09, "Mass Market Paperback"],
  [0.04, "Digital"],
  [0.03, "Library Binding"],
];

function bindingOf(isbn13: string): string {
  let left = stableShare(`binding:${isbn13}`);
  for (const [share, format] of BINDINGS) {
    left -= share;
    if (left < 0) return format;
  }
  return "Paperback";
}

/** Registration groups of English (International ISBN Agency, range message). */
const ENGLISH_GROUPS = ["9780", "9781", "9798"];

/** Null for other groups, whose publishers bring out books in English as well. */
function languageOfGroup(isbn13: string): string | null {
  return ENGLISH_GROUPS.some((group) => isbn13.startsWith(group)) ? "en" : null;
}
