import type { EditionCandidate } from "./resolver.ts";
import { boundedLine, MAX_TITLE_LENGTH } from "../text/bounded_line.ts";
import { foldText } from "../text/fold_text.ts";

interface RejectRule {
  readonly reason: string;
  readonly pattern: RegExp;
}

/**
 * Words that make a record a book about the book, a part of it or a bundle with it,
 * on folded text. Each counts only when the title asked for does not have it as well.
 */
const RULES: readonly RejectRule[] = [
  {
    reason: "a summary",
    pattern:
      /\b(?:summary|summaries|resumen|zusammenfassung)\b|\bkey takeaways\b|\bin 30 minutes\b|\b(?:instaread|blinkist|quickread|bookhabits|readtrepreneur|getabstract|12min)\b/,
  },
  {
    reason: "a study guide",
    pattern:
      /\b(?:study|reading|readers|reader|discussion|teacher|teachers|teaching|lesson|novel|literature|viewing|students?) (?:guide|guides|companion|unit)\b|\blesson plans?\b|\bcliffs ?notes\b|\bspark ?notes\b|\bsuper ?summary\b|\bbook ?rags\b|\blit ?charts\b|\bgrade ?saver\b|\bshmoop\b|\byork notes\b|\bmax ?notes\b|\bbarrons book notes\b|\bblooms (?:notes|guides|reviews)\b|\bconversation starters\b|\bnotes on\b/,
  },
  {
    reason: "criticism",
    pattern:
      /\banalysis of\b|\bcritical (?:interpretations|essays|views|companion|insights|analysis|edition)\b|\bmodern critical\b|\bcasebook\b|\bunderstanding \p{L}+s\b/u,
  },
  {
    reason: "a companion book",
    pattern:
      /\bcompanion (?:to|guide|book)\b|\b(?:official|unofficial|illustrated|movie|film|fans?|ultimate|complete|essential|unauthorized) (?:\p{L}+ ){0,3}(?:companion|guide|handbook|encyclopedia|cook ?book)\b|\bunofficial\b|\bunauthori[sz]ed\b|\btrivia\b|\bquiz(?:zes)? book\b|^(?:the )?making of\b|\bthe making of the (?:film|movie|motion picture)\b|\bscreenplay\b|\bshooting script\b|\bsheet music\b|\bsongbook\b|\bart of the (?:film|movie|game)\b/u,
  },
  {
    reason: "a workbook",
    pattern:
      /\bworkbook\b|\bwork book\b|\bactivity book\b|\bcolou?ring book\b|\bsticker book\b|\bposter book\b|\bpostcards?\b|\bjournal$|\b(?:guided|blank|official|deluxe) journal\b|\bnotebook$|\bsketchbook$|\blogbook$|\bplanner$|\b(?:wall|desk|day to day|engagement) calendar\b|\bcalendar(?: \d{4})?$|\bdiary \d{4}$/,
  },
  {
    reason: "an extract",
    pattern:
      /\bsampler\b|\bexcerpts?\b|\b(?:free|sneak|exclusive) (?:preview|peek)\b|\bchapter (?:1|one)\b|\bfirst chapters?\b|\babridged\b|\bcondensed\b/,
  },
  {
    reason: "a set of several books",
    pattern:
      /\bbox(?:ed)? ?sets?\b|\bboxset\b|\bbook ?set\b|\b(?:\d+|two|three|four|five|six|seven|eight|nine|ten) (?:book|volume|part) (?:set|collection|bundle|box)\b|\bcollection set\b|\bset of \d+\b|\bomnibus\b|\bbundle\b|\b(?:books?|bks?|vols?|volumes?) \d+ (?:to |through |and )?\d+\b|\b\d+ books?\b|\b(?:trilogy|series|collection|saga) (?:set|collection|bundle|complete)\b|\bcomplete (?:series|trilogy|collection|set)\b|\b\d+ in 1\b|\bcomplete edition\b|\btrilogy in (?:\d+|four|five) parts\b|\bvol(?:ume)? \d+ of \d+\b|\b(?:deluxe|library|absolute|omnibus|collectors?) (?:edition|collection) (?:book|vol|volume)\b/,
  },
  {
    reason: "another form of it",
    pattern:
      /\bgraphic novel\b|\bmanga\b|\bwebtoon\b|\badaptation\b|\bthe play$|\bjunior novel(?:i[sz]ation)?\b|\bnoveli[sz]ation\b|\byoung readers? edition\b|\bretold\b|\badapted (?:for|by|from)\b|\bstage (?:play|version)\b|\baudio ?books?\b|\baudio (?:cd|cassette)s?\b|\bmp3\b|\bplayaway\b|\bcd$|\bdvd\b/,
  },
  {
    reason: "a sequel",
    pattern: /\b(?:the|a) sequel$/,
  },
  {
    reason: "an annotated edition",
    pattern: /\bannotated\b/,
  },
];

/** Houses that put other people's titles on their own summaries, as folded author names. */
const MILLS = new RegExp(
  "\\b(?:instaread|quick ?read|book ?habits|super ?summary|spark ?notes|cliffs ?notes|book ?rags|" +
    "readtrepreneur|blinkist|getabstract|irb media|everest media|milkyway media|worth books|" +
    "brightsummaries|lit ?charts|grade ?saver|shmoop|course hero|summareads|summary genie|" +
    "bookcaps|busybee|must read summaries|genius reads|swift reads|start publishing notes|" +
    "library of congress|(?:\\p{L}+ )?summar(?:y|ies) (?:press|reads|books|publishing))\\b",
  "u",
);

/** "Hamlet: Notes" is a pupil's help; "Suicide Notes" is a novel, so the sign before it counts. */
const NOTES = /[:;–—-]\s*notes\s*$/iu;

/** The year in which machine-made "annotated" reprints began (Open Library's import filter). */
const REPRINT_MILL_YEAR = 2018;
const REPRINT_MILL_WORDS =
  /\b(?:annotated|classic|classics|illustrated|original|summary|version)\b/;

/**
 * Why a record is not the book asked for but something made from it; null when it may be the book.
 * `title` and `asked` are whole titles with subtitle and brackets, in any spelling.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(derivativeReason("Summary of The Salt Ledger", "The Salt Ledger"), "a summary");
 * assertEquals(derivativeReason("The Salt Ledger Workbook", "Salt Ledger: A Workbook"), null);
 * ```
 */
export function derivativeReason(title: string, asked: string): string | null {
  const [given, wanted] = [title, asked].map((text) =>
    foldText(boundedLine(text, 2 * MAX_TITLE_LENGTH))
  ) as [string, string];
  const rule = RULES.find(({ pattern }) => pattern.test(given) && !pattern.test(wanted));
  if (rule === undefined && NOTES.test(title) && !NOTES.test(asked)) return "a study guide";
  return rule?.reason ?? null;
}

/** Whether a name on the record is a house that sells summaries and guides under other titles. */
export function isSummaryMill(author: string): boolean {
  return MILLS.test(foldText(author));
}

/**
 * Why an edition may not give its ISBN although its work is the right one; null when it may. Audio
 * is evidence for the work and never an answer.
 */
export function editionRejectReason(edition: EditionCandidate, asked: string): string | null {
  if (edition.binding === "audio") return "audio";
  const title = `${edition.title} ${edition.subtitle ?? ""}`;
  const isSelfPublished = /^independently published$/.test(foldText(edition.publisher ?? ""));
  const isRecent = (edition.published?.year ?? 0) >= REPRINT_MILL_YEAR;
  if (
    isSelfPublished && isRecent && REPRINT_MILL_WORDS.test(foldText(title)) &&
    !REPRINT_MILL_WORDS.test(foldText(asked))
  ) return "a machine-made reprint";
  return derivativeReason(title, asked);
}
