import type { Evidence } from "../../../src/database/resolution/resolutions.ts";
import type { ScoredWork } from "../../../src/domain/matching/decide_match.ts";
import type { EditionCandidate } from "../../../src/domain/matching/resolver.ts";
import { wholeTitle } from "../../../src/domain/titles/whole_title.ts";
import type { CaseFigures, CaseOutcome, CaseTally } from "./case_figures.ts";
import type { DecidedCase } from "./case_run.ts";
import type { MatchCase } from "./match_case.ts";

const MAX_NAME_LENGTH = 60;
const COUNTS = ["right", "wrong", "refused", "ambiguous"] as const;

/** The figures for people: a row for each kind, for all and for the sure ones, and one for each order. */
export function caseTable(figures: CaseFigures): string[] {
  return [
    row("worst of all orders of answers", ["cases", ...COUNTS]),
    ...Object.entries(figures.by_kind).map(([kind, tally]) => tallyRow(kind, tally)),
    tallyRow("in all", figures),
    tallyRow("sure", figures.sure),
    "",
    row("one order of answers", ["cases", ...COUNTS]),
    ...Object.entries(figures.by_order).flatMap(([order, tally]) => {
      const name = order === "all" ? "all known" : `${order} first`;
      return [tallyRow(name, tally), tallyRow(`${name}, sure`, tally.sure)];
    }),
  ];
}

function tallyRow(name: string, tally: CaseTally): string {
  const counts = COUNTS.map((verdict) => tally[verdict]);
  const cases = counts.reduce((sum, count) => sum + count, 0);
  return row(name, [cases, ...counts].map(String));
}

function row(name: string, cells: readonly string[]): string {
  const short = name.length > MAX_NAME_LENGTH ? `${name.slice(0, MAX_NAME_LENGTH - 1)}…` : name;
  return `  ${short.padEnd(MAX_NAME_LENGTH + 1)}${cells.map((cell) => cell.padStart(10)).join("")}`;
}

/** A case that failed in some order: what was asked, expected and answered, with the scores. */
export function failedCase({ decided }: CaseOutcome): string[] {
  const failed = decided.filter(({ verdict }) => verdict !== "right");
  const [first] = failed;
  if (first === undefined) return [];
  return [...heading(first.match_case), ...answersOf(failed)];
}

/** A case in full: its records, what each client made of them, and what was decided in each order. */
export function wholeCase({ decided }: CaseOutcome): string[] {
  const [first] = decided;
  if (first === undefined) return [];
  const { match_case } = first;
  const heard = decided.find(({ order }) => order === "all") ?? first;
  return [
    ...heading(match_case),
    "    records:",
    ...match_case.records.map((record) => `      ${JSON.stringify(known(record))}`),
    "    as the clients read them:",
    ...heard.answers.flatMap(heardFrom),
    ...answersOf(decided),
  ];
}

function heading({ id, kind, query, expected, sure, note }: MatchCase): string[] {
  const { title, author, year, month } = query;
  const date = month === null ? year : `${year}-${String(month).padStart(2, "0")}`;
  return [
    `  ${id}${sure ? "" : " (not sure)"}, ${kind}${note === null ? "" : `: ${note}`}`,
    `    "${title}" by ${author} (${date}), expected ${expected.join(" or ") || "nothing"}`,
  ];
}

/** Orders that came to the same on the same evidence are told of once. */
function answersOf(decided: readonly DecidedCase[]): string[] {
  const groups = Map.groupBy(
    decided,
    ({ verdict, isbn13, decision }) => JSON.stringify([verdict, isbn13, decision.considered]),
  );
  return [...groups.values()].flatMap((group) => {
    const { verdict, isbn13, decision } = group[0]!;
    const orders = group.map(({ order }) => order).join(", ");
    const reason = decision.kind === "ambiguous" ? `: ${decision.reason}` : "";
    return [
      `    ${verdict} (${orders}): ${isbn13 ?? decision.kind}${reason}`,
      ...decision.considered.map(scored),
    ];
  });
}

function scored({ provider, title, authors, score, parts, verdict }: ScoredWork): string {
  const points = Object.entries(parts).map(([name, value]) => `${name} ${value}`).join(", ");
  const book = `${provider} "${title}" by ${authors.join(", ") || "nobody"}`;
  return `      ${String(score).padStart(5)}  ${book} (${points}): ${verdict}`;
}

function heardFrom({ provider, works }: Evidence): string[] {
  if (works.length === 0) return [`      ${provider}: nothing`];
  return works.flatMap((work) => [
    `      ${provider} ${work.provider_key}: "${wholeTitle(work)}" by ` +
    `${work.authors.join(", ") || "nobody"}, first ${work.first_published?.year ?? "undated"}`,
    ...work.editions.map((edition) => `        ${editionLine(edition)}`),
  ]);
}

function editionLine(edition: EditionCandidate): string {
  const { isbn13, published, language, binding, publisher, pages } = edition;
  const date = published === null
    ? null
    : [published.year, published.month, published.day].filter((part) => part !== null).join("-");
  const rest = [date, language, binding, publisher, pages].filter((field) => field !== null);
  return `${isbn13 ?? "no ISBN"} ${[`"${wholeTitle(edition)}"`, ...rest].join(", ")}`;
}

/** A record without the fields that say nothing. */
function known(record: MatchCase["records"][number]): Record<string, unknown> {
  const isKnown = ([, value]: [string, unknown]) =>
    value !== null && !(Array.isArray(value) && value.length === 0);
  return Object.fromEntries(Object.entries(record).filter(isKnown));
}
