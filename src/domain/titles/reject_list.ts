import type { EditionCandidate } from "../matching/resolver.ts";
import { boundedLine, MAX_TITLE_LENGTH } from "../text/bounded_line.ts";
import { foldText } from "../text/fold_text.ts";
import { splitTitle } from "./parse_title.ts";
import { wholeTitle } from "./whole_title.ts";

interface RejectRule {
  readonly reason: string;
  readonly pattern: RegExp;
  /** Those of the words that a book's own subtitle may have: "A Graphic Novel", "The Official Cookbook". */
  readonly own?: RegExp;
  /** Whether somebody else makes such a thing from a book. */
  readonly isAdaptation?: boolean;
}

/** What a title says of a record that is made from a book. */
export interface Derivation {
  readonly reason: string;
  /** Whether the words stand in the subtitle only, and a book may describe itself with them. */
  readonly isOwnWording: boolean;
  readonly isAdaptation: boolean;
}

/**
 * Words that make a record a book about the book, a part of it or a bundle with it,
 * on folded text. Each counts only when the title asked for does not have it as well.
 */
const RULES: readonly RejectRule[] = [
  {
    reason: "a summary",
    pattern:
      /\b(?:summary|summaries|resumen|zusammenfassung)\b|\bkey takeaways\b|\bin 30 minutes\b|\b(?:insights|review) and analysis\b|\bparody\b|\b(?:instaread|blinkist|quickread|bookhabits|readtrepreneur|getabstract|12min)\b/,
  },
  {
    reason: "a study guide",
    own: /\bnotes on\b/,
    pattern:
      /\breading group guide\b|\b(?:study|reading|readers|reader|discussion|teacher|teachers|teaching|lesson|novel|literature|viewing|students?) (?:guide|guides|companion|unit)\b|\blesson plans?\b|\bcliffs ?notes\b|\bspark ?notes\b|\bsuper ?summary\b|\bbook ?rags\b|\blit ?charts\b|\bgrade ?saver\b|\bshmoop\b|\byork notes\b|\bmax ?notes\b|\bbarrons book notes\b|\bblooms (?:notes|guides|reviews)\b|\bconversation starters\b|\bnotes on\b/,
  },
  {
    reason: "criticism",
    pattern:
      /\banalysis of\b|\bcritical (?:interpretations|essays|views|companion|insights|analysis|edition)\b|\bmodern critical\b|\bcasebook\b|\bunderstanding \p{L}+s\b/u,
  },
  {
    reason: "a companion book",
    own:
      /\b(?:official|illustrated|ultimate|complete|essential) (?:(?!movie|film)\p{L}+ ){0,3}(?:companion|guide|handbook|encyclopedia|cook ?book)\b|\bmaking of\b|\bcompanion to\b|\boriginal screenplay\b|\bunauthori[sz]ed (?:auto)?biography\b/u,
    pattern:
      /\bcompanion (?:to|guide|book)\b|\b(?:official|unofficial|illustrated|movie|film|fans?|ultimate|complete|essential|unauthorized) (?:\p{L}+ ){0,3}(?:companion|guide|handbook|encyclopedia|cook ?book)\b|\bunofficial\b|\bunauthori[sz]ed\b|\btrivia\b|\bquiz(?:zes)? book\b|^(?:the )?making of\b|\bthe making of the (?:film|movie|motion picture)\b|\bscreenplay\b|\b(?:film|movie|shooting) script\b|\bsheet music\b|\bsongbook\b|\bart of the (?:film|movie|game)\b/u,
  },
  {
    reason: "a workbook",
    own: /\band colou?ring book\b/,
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
      /\bbox(?:ed)? ?sets?\b|\bboxset\b|\bbook ?set\b|\b(?:\d+|two|three|four|five|six|seven|eight|nine|ten) (?:book|volume|part) (?:set|collection|bundle|box)\b|\bcollection set\b|\bset of \d+\b|\bset$|\bomnibus\b|\bbundle\b|\b(?:books?|bks?|vols?|volumes?) \d+ (?:to |through |and )?\d+\b|\b\d+ books?\b|\b(?:trilogy|series|collection|saga) (?:set|collection|bundle|complete)\b|\bcomplete (?:series|trilogy|collection|set)\b|\b\d+ in 1\b|\bcomplete edition\b|\btrilogy in (?:\d+|four|five) parts\b|\bvol(?:ume)? \d+ of \d+\b|\b(?:books?|volumes?|parts?) (?:one|two|three|four|five|six) (?:and|to|through) (?:two|three|four|five|six|seven|eight|nine|ten)\b|\b(?:deluxe|library|absolute|omnibus|collectors?) (?:edition|collection) (?:book|vol|volume)\b/,
  },
  {
    reason: "another form of it",
    isAdaptation: true,
    own:
      /\b(?:a|an original) graphic (?:novel|memoir|history|biography)\b|\bretold\b|\badaptation\b/,
    pattern:
      /\bgraphic (?:novel|memoir|history|biography|adaptation|edition)\b|\b(?:the|a) comic(?: book| strip)?$|\bcomic (?:book|strip|adaptation)\b|\bthe musical$|\blibretto\b|\bstory ?book$|\bread ?along\b|\bmanga\b|\bwebtoon\b|\badaptation\b|\bthe play$|\bjunior novel(?:i[sz]ation)?\b|\bnoveli[sz]ation\b|\byoung (?:readers?|peoples?) (?:edition|version|adaptation)\b|\bfor young (?:readers|people)\b|\bretold\b|\badapted (?:for|by|from)\b|\bstage (?:play|version)\b|\baudio ?books?\b|\baudio (?:cd|cassette)s?\b|\bmp3\b|\bplayaway\b|\bcd$|\bdvd\b/,
  },
  {
    reason: "a sequel",
    pattern: /\b(?:the|a) sequel$/,
  },
  {
    reason: "a simplified edition",
    pattern:
      /\b(?:oxford bookworms|(?:penguin|macmillan|pearson|cambridge|longman|heinemann|scholastic|collins|express|dominoes|black cat|easy|graded|guided|active|english|elt) (?:\p{L}+ )?(?:readers?|reading)\b|cideb\b)|\b(?:elementary|intermediate|beginner|starter) (?:level|reader)\b|\b(?:readers? )?level \d\b|\breaders digest\b|\bselect editions\b/u,
  },
  {
    reason: "a part of it",
    pattern:
      /\bchapters? \d+(?: (?:to |through |and )?\d+)?\b|\bbraille volume\b|\bpart \d+ of \d+\b/,
  },
  {
    reason: "a dramatisation",
    pattern:
      /\bdramati[sz](?:ation|ed)\b|\bfull cast\b|\bradio (?:play|drama|script|production|adaptation)s?\b|\bbbc radio\b|\bunabridged\b|\bread by\b/,
  },
  {
    reason: "no book",
    pattern:
      /\b(?:board|card|video|computer|role ?playing) game\b|\bjigsaw\b|\bpuzzle$|\b(?:floor|counter|mixed|shelf|copy|book) (?:\p{L}+ )?display\b|\bdump ?bin\b|\bpre ?pack\b|\b\d+ copy\b|\bcopy pack\b|\bpack of \d+\b|\bshrink ?wrap\b|\bposter$|\bt ?shirt\b/u,
  },
  {
    reason: "a review",
    pattern:
      /\b(?:a|book|critical) review\b|\breview of\b|\bkey (?:insights|ideas|points|lessons|concepts|facts)\b|\bsidekick\b|\b(?:discussion questions|conversation guide|book club (?:kit|guide|companion)|in a nutshell|flash ?cards|quotations from|quotes from)\b|\ba guide to\b.*\b(?:book|novel) by\b|\bto the .+ book$/,
  },
  {
    reason: "a school edition",
    pattern:
      /\b(?:teacher|teachers|instructor|instructors) (?:edition|manual|book|resource)s?\b|\banswer key\b|\btest bank\b|\bsolutions? manual\b/,
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
    "(?:\\p{L}+ )?summar(?:y|ies) (?:press|reads|books|publishing))\\b",
  "u",
);

/** "Hamlet: Notes" is a pupil's help; "Suicide Notes" is a novel, so the sign before it counts. */
const NOTES = /[:;–—-]\s*notes\s*$/iu;

/** The year in which machine-made "annotated" reprints began (Open Library's import filter). */
const REPRINT_MILL_YEAR = 2018;
const REPRINT_MILL_WORDS =
  /\b(?:annotated|classic|classics|illustrated|original|summary|version)\b/;

/**
 * What a title says a record is instead of the book asked for; null when it may be the book.
 * `title` and `asked` are whole titles with subtitle and brackets, in any spelling.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const made = derivationOf("Summary of The Salt Ledger", "The Salt Ledger");
 * assertEquals(made, { reason: "a summary", isOwnWording: false, isAdaptation: false });
 * assertEquals(derivationOf("Guts: A Graphic Novel", "Guts")?.isOwnWording, true);
 * assertEquals(derivationOf("The Salt Ledger Workbook", "Salt Ledger: A Workbook"), null);
 * ```
 */
export function derivationOf(title: string, asked: string): Derivation | null {
  const line = boundedLine(title, 2 * MAX_TITLE_LENGTH);
  const [given, wanted] = [line, boundedLine(asked, 2 * MAX_TITLE_LENGTH)].map(foldText) as [
    string,
    string,
  ];
  const says = ({ pattern }: RejectRule) => pattern.test(given) && !pattern.test(wanted);
  const rules = RULES.filter(says);
  const [rule] = rules;
  if (rule === undefined) {
    const isNotes = NOTES.test(title) && !NOTES.test(asked);
    return isNotes ? { reason: "a study guide", isOwnWording: false, isAdaptation: false } : null;
  }
  return {
    reason: rule.reason,
    isOwnWording: rules.every((one) => isOwnWording(one, { title: line, asked })),
    isAdaptation: rules.some(({ isAdaptation }) => isAdaptation === true),
  };
}

/** Whether the words of a rule stand in the subtitle alone, which describes the book without naming it. */
function isOwnWording(
  { pattern, own }: RejectRule,
  { title, asked }: { title: string; asked: string },
): boolean {
  const [main, ...rest] = splitTitle(title);
  const subtitle = foldText(rest.join(" "));
  const named = foldText(splitTitle(asked)[0]);
  return own !== undefined && own.test(subtitle) && !pattern.test(foldText(main)) &&
    !pattern.test(subtitle.replace(own, " ")) && !` ${subtitle} `.includes(` ${named} `);
}

/** The reason of {@linkcode derivationOf}. */
export function derivativeReason(title: string, asked: string): string | null {
  return derivationOf(title, asked)?.reason ?? null;
}

/** Whether a name on the record is a house that sells summaries and guides under other titles. */
export function isSummaryMill(author: string): boolean {
  return MILLS.test(foldText(author));
}

/** Houses that publish recordings and nothing else, whatever binding a catalogue gives them. */
const AUDIO_HOUSES =
  /audio(?:s|books?|works|go)?\b|\baudible\b|\bbooks on tape\b|\brecorded books\b|\blistening library\b|\btantor\b|\bnaxos\b|\bdreamscape media\b|\bhighbridge\b|\bpodium publishing\b|\bbooks in motion\b|\bchivers\b/;

/**
 * What an edition is by which it may not give its ISBN although its work is the right one; null when it
 * may. Audio is evidence for the work and never an answer.
 */
export function editionDerivation(edition: EditionCandidate, asked: string): Derivation | null {
  const plain = { isOwnWording: false, isAdaptation: false };
  const publisher = foldText(edition.publisher ?? "");
  if (edition.binding === "audio" || AUDIO_HOUSES.test(publisher)) {
    return { reason: "audio", ...plain };
  }
  const title = wholeTitle(edition);
  const isSelfPublished = /^independently published$/.test(publisher);
  const isRecent = (edition.published?.year ?? 0) >= REPRINT_MILL_YEAR;
  if (
    isSelfPublished && isRecent && REPRINT_MILL_WORDS.test(foldText(title)) &&
    !REPRINT_MILL_WORDS.test(foldText(asked))
  ) return { reason: "a machine-made reprint", ...plain };
  return derivationOf(title, asked);
}
