import { hyphenateIsbn13 } from "../../domain/isbns/isbn.ts";
import type { CheckState } from "../../domain/isbns/isbn_check.ts";
import { wordingName } from "../../domain/generation/wording.ts";
import { monthKey } from "../../domain/months/month.ts";
import type { PartialDate } from "../../domain/months/partial_date.ts";
import type {
  ConsideredRecord,
  ShownBook,
  ShownDecision,
  ShownEdition,
  ShownEvidence,
  ShownNaming,
  ShownQuestion,
  ShownRecord,
  ShownResolution,
} from "../../api/explain.ts";
import { modelName } from "./render_variants.ts";

/** Works of one answer, and editions of one work, that a screen has room for. */
const MAX_WORKS = 10;
const MAX_EDITIONS = 5;

/** For people: what each book is, who named it, how it was decided and on whose word. */
export function explanationScreen(books: readonly ShownBook[]): string {
  return books.map((book) => ["", ...bookLines(book)].join("\n")).join("\n");
}

function bookLines(book: ShownBook): string[] {
  return [
    ...headLines(book),
    "",
    "named in",
    ...(book.namings.length === 0 ? [namelessLine(book)] : []),
    ...book.namings.map(namingLine),
    ...questionLines(book.questions),
    ...book.resolutions.flatMap((resolution) => ["", ...resolutionLines(resolution)]),
  ];
}

function headLines({ edition, work, namings }: ShownBook): string[] {
  const [naming] = namings;
  const title = work ?? edition ?? naming;
  const authors = work?.authors ?? (naming === undefined ? [] : [naming.author]);
  const lines = [
    `${title === undefined ? "A book" : wholeTitle(title)} by ${authors.join(", ") || "nobody"}`,
  ];
  if (edition === null) lines.push("no ISBN");
  else {
    const isbn = hyphenateIsbn13(edition.isbn13) ?? edition.isbn13;
    const stored = edition.stored_for === null
      ? ""
      : `, stored for ${monthKey(edition.stored_for)}`;
    lines.push(
      `ISBN ${isbn}, ${edition.score} points${stored}${checkText(edition)}`,
      `edition: ${factsOf(edition)}`,
    );
  }
  if (work !== null) lines.push(`work ${work.work_id}: ${workFacts(work, edition?.isbn13)}`);
  return lines;
}

function wholeTitle(of: { readonly title: string; readonly subtitle?: string | null }): string {
  return of.subtitle ? `${of.title}: ${of.subtitle}` : of.title;
}

function factsOf(edition: ShownEdition): string {
  const { title, subtitle, published, language, binding, publisher, pages } = edition;
  const facts = [
    dateText(published),
    language,
    binding,
    publisher,
    pages === null ? null : `${pages} pages`,
    `“${wholeTitle({ title, subtitle })}”`,
  ];
  return facts.filter((fact) => fact !== null).join(", ");
}

function workFacts(work: NonNullable<ShownBook["work"]>, chosen: string | undefined): string {
  const others = work.isbns.filter((isbn13) => isbn13 !== chosen);
  return [
    work.is_synthetic ? "nobody could confirm it" : "confirmed",
    `first published ${dateText(work.first_published) ?? "at an unknown date"}`,
    `completeness ${work.completeness}`,
    ...(others.length > 0 ? [`also stored as ${others.join(", ")}`] : []),
  ].join(", ");
}

function dateText(date: PartialDate | null): string | null {
  if (date === null) return null;
  const parts = [date.month, date.day].filter((part) => part !== null);
  return [String(date.year), ...parts.map((part) => String(part).padStart(2, "0"))].join("-");
}

function namingLine(naming: ShownNaming): string {
  const { title, author, named_by, verdict, isbn13, placement, month_fit, unheard } = naming;
  return `  ${monthKey(naming)}  “${title}”${seriesText(naming)} by ${author}, named by ${
    named_by.join(", ")
  }: ` +
    `${isbn13 === null ? plain(verdict) : `${verdict} ${isbn13}`}, ${placement}, ` +
    `published ${FIT_WORDS[month_fit]}` +
    (unheard.length === 0 ? "" : `; ${unheard.join(" and ")} could not answer`);
}

/** What was said of the series apart from the title; nothing where nothing was. */
function seriesText(
  { series, number }: { readonly series: string | null; readonly number: string | null },
): string {
  if (series === null) return "";
  return ` (series ${series}${number === null ? "" : `, number ${number}`})`;
}

function namelessLine({ questions }: ShownBook): string {
  return questions.length === 0
    ? "  no month that is still in the log"
    : "  no month's own run so far";
}

function questionLines(questions: readonly ShownQuestion[]): string[] {
  return questions.length === 0 ? [] : ["", "named in experiments", ...questions.map(questionLine)];
}

function questionLine(question: ShownQuestion): string {
  const { isbn13, experiment_ids, found_at, is_storing } = question;
  const [first, ...more] = experiment_ids;
  const again = more.length === 0 ? "" : `, again in ${more.join(", ")}`;
  return `  ${monthKey(question)}  by ${modelName(question)} asked with ${
    wordingName(question)
  }, ` +
    `experiment ${first} on ${moment(found_at)}${again}: found ${isbn13}, ` +
    (is_storing ? "with --store" : "without --store");
}

const FIT_WORDS: Readonly<Record<ShownNaming["month_fit"], string>> = {
  in_month: "in this month",
  in_year: "in this year",
  elsewhere: "in another year",
  unknown: "at an unknown date",
};

function resolutionLines({ key, made, evidence }: ShownResolution): string[] {
  const answers = evidence.length === 0
    ? ["  nobody's answer is stored"]
    : evidence.flatMap(evidenceLines);
  if (made === null) {
    return [`asked under “${key}”: no decision is stored`, "", "answers", ...answers];
  }
  const { decision, title, author, year, decided_at, expires_at } = made;
  const decided = `${decisionText(decision)}${checkText(made)}`;
  return [
    `asked for “${title}”${seriesText(made)} by ${author} (${year})`,
    `decided ${moment(decided_at)}, kept until ${moment(expires_at)}: ${decided}`,
    ...consideredLines(decision.considered),
    "",
    "answers",
    ...answers,
  ];
}

/** What came of the second opinion; nothing where nobody was to give one. */
function checkText(
  { check_state, check_waits_since }: {
    readonly check_state: CheckState;
    readonly check_waits_since: Date | null;
  },
): string {
  if (check_state !== "waiting") return check_state === "checked" ? "; checked" : "";
  const since = check_waits_since === null ? "" : ` since ${moment(check_waits_since)}`;
  return `; not checked yet, it waits for its check${since}`;
}

function decisionText(decision: ShownDecision): string {
  switch (decision.kind) {
    case "found":
      return `found ${decision.isbn13} with ${decision.score} points, known to ` +
        decision.providers.join(", ");
    case "ambiguous":
      return `ambiguous. ${decision.reason}`;
    case "not_found":
      return "not found";
  }
}

function consideredLines(considered: readonly ConsideredRecord[]): string[] {
  if (considered.length === 0) return ["  no record was considered"];
  const points = (value: number, width: number) => value.toFixed(1).padStart(width);
  return [
    "",
    "  score  title author  year edition agreement  record",
    ...considered.map(({ score, parts, provider, provider_key, title, authors, verdict }) =>
      `  ${points(score, 5)} ${points(parts.title, 6)} ${points(parts.author, 6)} ` +
      `${points(parts.year, 5)} ${points(parts.edition, 7)} ${points(parts.agreement, 9)}  ` +
      `${provider} ${provider_key}, “${title}” by ${authors.join(", ") || "nobody"}: ${verdict}`
    ),
  ];
}

function evidenceLines({ provider, works, asked_at }: ShownEvidence): string[] {
  return [
    `  ${provider}, asked ${moment(asked_at)}: ${works.length === 0 ? "nothing" : count(works)}`,
    ...works.slice(0, MAX_WORKS).flatMap(workLines),
    ...moreLine(works.length - MAX_WORKS, { what: "records", indent: 4 }),
  ];
}

function count({ length }: readonly unknown[]): string {
  return length === 1 ? "1 record" : `${length} records`;
}

function workLines(work: ShownRecord): string[] {
  const { provider_key, authors, first_published, editions } = work;
  const first = dateText(first_published);
  return [
    `    ${provider_key}, “${wholeTitle(work)}” by ${authors.join(", ") || "nobody"}` +
    (first === null ? "" : `, first published ${first}`),
    ...editions.slice(0, MAX_EDITIONS).map((edition) =>
      `      ${edition.isbn13 ?? "no ISBN"}: ${factsOf(edition)}`
    ),
    ...moreLine(editions.length - MAX_EDITIONS, { what: "editions", indent: 6 }),
  ];
}

function moreLine(
  more: number,
  { what, indent }: { what: string; indent: number },
): string[] {
  return more > 0 ? [`${" ".repeat(indent)}and ${more} more ${what}, which --json shows`] : [];
}

/** To the minute, in UTC. */
function moment(at: Date): string {
  return `${at.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

function plain(word: string): string {
  return word.replaceAll("_", " ");
}
