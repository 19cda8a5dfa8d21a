import { createHash } from "node:crypto";
import type { Prompt } from "./generator.ts";
import { type Month, monthIndex, monthName } from "../months/month.ts";
import {
  bookListSchema,
  PROMPT_VERSION,
  type PromptVersion,
  VERSIONED_WORDING,
} from "./prompt_version.ts";

/** The form of an answer to what months are asked. */
export const BOOK_LIST_SCHEMA = bookListSchema(PROMPT_VERSION);

export const PROMPT_VARIANTS = [
  "contemporary-notable",
  "baseline",
  "diversity-emphasis",
  "overlooked-significance",
  "genre-rotation",
  "era-contextualized",
] as const;

export type PromptVariant = (typeof PROMPT_VARIANTS)[number];

const SYSTEM = [
  "You are a bibliographer. You list real books from memory, accurately.",
  "Name only books you are certain exist, with the author who wrote them. Never guess and never " +
  "invent: leave out every book whose title, author or month of publication you are unsure of.",
  "A short list is a good answer, and so is an empty one. Never pad the list.",
  "A book counts for a month when the work was first published in that month, in its original " +
  "language, or when its first English edition was. Reprints, paperback editions of an earlier " +
  "hardcover, reissues, anniversary editions, box sets, study guides and summaries do not count.",
  "Name each book once. Do not give identifiers of any kind.",
].join("\n");

/** What each variant looks for; the rest of the question is the same for all. */
const FOCUS: Readonly<Record<PromptVariant, (month: Month) => string>> = {
  "contemporary-notable": () =>
    "Choose the books that were most noticed when they appeared: widely reviewed, on bestseller " +
    "lists, nominated for or awarded prizes, or much discussed. Fiction and non-fiction, for adults " +
    "and for the young.",
  "baseline": () =>
    "Choose the books of lasting note: those that were acclaimed, widely read, prize-winning or " +
    "influential, then or since. Fiction and non-fiction, for adults and for the young.",
  "diversity-emphasis": () =>
    "Choose notable books from the whole world: works by women and by men, by authors of every " +
    "origin, books first written in other languages than English as well as in English, and books " +
    "from small presses beside those of large ones.",
  "overlooked-significance": () =>
    "Choose books whose significance is greater than their fame: critically praised but little " +
    "sold, important in their field, rediscovered later, or influential on other writers. Leave out " +
    "the bestsellers everybody names.",
  "genre-rotation": (month) =>
    `Choose the notable books of these kinds only: ${genresOf(month).join("; ")}.`,
  "era-contextualized": (month) =>
    `Call to mind the world of ${month.year}: its events, debates, prizes and bestseller lists, and ` +
    "the authors who were publishing then. Choose the books that mattered in that moment, those " +
    "that answered it and those that outlasted it.",
};

/** Three kinds a month, so that a quarter of consecutive months covers them all. */
const GENRES = [
  ["literary fiction", "poetry and drama", "biography and memoir"],
  ["crime, mystery and thrillers", "history", "books for children"],
  ["science fiction and fantasy", "science, nature and technology", "young adult fiction"],
  [
    "historical and romantic fiction",
    "politics, society and economics",
    "comics and graphic novels",
  ],
] as const;

function genresOf(month: Month): readonly string[] {
  return GENRES[monthIndex(month) % GENRES.length] ?? GENRES[0];
}

/** The variant for years from 2020 on is `contemporary-notable`, before that `baseline`. */
export function defaultVariant(year: number): PromptVariant {
  return year >= 2020 ? "contemporary-notable" : "baseline";
}

/** The variant a month is asked with: the one written to it when there is such a one, else its year's. */
export function variantFor(year: number, asked: string | null): PromptVariant {
  return asked !== null && isPromptVariant(asked) ? asked : defaultVariant(year);
}

/** True for the names in {@linkcode PROMPT_VARIANTS}. */
export function isPromptVariant(name: string): name is PromptVariant {
  return (PROMPT_VARIANTS as readonly string[]).includes(name);
}

export interface PromptOptions {
  readonly month: Month;
  readonly variant: PromptVariant;
  /** The most books wanted; fewer are welcome. */
  readonly maxBooks: number;
  /** Today's when left out; experiments may ask with an older one. */
  readonly version?: PromptVersion;
}

/**
 * The question for one month. The same options give the same prompt and the same hash, in every
 * process and on every day.
 *
 * @example
 * ```ts
 * import { assertStringIncludes } from "@std/assert";
 * const month = { year: 2012, month: 3 };
 * const prompt = buildPrompt({ month, variant: "baseline", maxBooks: 20 });
 * assertStringIncludes(prompt.user, "up to 20 notable books first published in March 2012");
 * ```
 */
export function buildPrompt(
  { month, variant, maxBooks, version = PROMPT_VERSION }: PromptOptions,
): Prompt {
  const { fields, title_rule, example } = VERSIONED_WORDING[version];
  const user = [
    `List up to ${maxBooks} notable books first published in ${monthName(month)}.`,
    FOCUS[variant](month),
    `Begin with the most notable. For each book give ${fields} ${month.year} in which it was first ` +
    "published, or null if you know the year but not the month." + title_rule,
    `If you are certain of fewer than ${maxBooks} books, list only those. If you are certain of ` +
    'none, answer {"books": []}.',
    `Answer with JSON only: ${example}`,
  ].join("\n\n");
  const asked = { variant, version, system: SYSTEM, user };
  return { ...asked, hash: hashPrompt(asked, bookListSchema(version)) };
}

/** SHA-256 in hex over everything that shapes the answer, the schema included. */
function hashPrompt(
  { variant, version, system, user }: Omit<Prompt, "hash">,
  schema: Readonly<Record<string, unknown>>,
): string {
  const shaping = JSON.stringify([variant, version, system, user, schema]);
  return createHash("sha256").update(shaping).digest("hex");
}
