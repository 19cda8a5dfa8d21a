import { listedSeriesReadings } from "./listed_series.ts";
import { unmasked } from "./masked_words.ts";
import { boundedLine, MAX_TITLE_LENGTH } from "../text/bounded_line.ts";
import { foldText, foldWords } from "../text/fold_text.ts";
import { withoutGloss, withPlainVolume } from "../text/native_script.ts";
import { numbersAsDigits, romanValue } from "../text/number_words.ts";

/** What stands in brackets behind a title: usually a series and the place in it. */
export interface SeriesMark {
  /** Folded name without number and article; may be empty, as in "(#2)". */
  readonly name: string;
  /** Places in the series, decimals kept ("4.5"); a range gives its two ends. */
  readonly numbers: readonly string[];
  readonly isRange: boolean;
}

/** A title taken apart so that two of them can be compared piece by piece. All text is folded. */
export interface TitleParts {
  /** Before the first separator, without leading article; "Vol. 3" is written "3" at the end. */
  readonly main: string;
  /** After the first separator, without tails such as "a novel"; null when nothing is left. */
  readonly subtitle: string | null;
  /** `main` and each piece of the subtitle by itself. */
  readonly segments: readonly string[];
  /** Whether a semicolon joins the titles of several works, as catalogues do (ISBD). */
  readonly isJoint: boolean;
  /** `main` and `subtitle` together. */
  readonly full: string;
  /** The same words before numbers were turned into digits, for comparing spelling. */
  readonly spelling: { readonly main: string; readonly full: string };
  readonly series: readonly SeriesMark[];
  /** Numbers that an explicit "Vol.", "Book" or "Part" gave, wherever it stood. */
  readonly volumes: readonly string[];
  /** What the first of them was called: "book" places it in a series, "part" cuts up a work. */
  readonly volumeKind: "book" | "part" | null;
}

/** Articles at the start of a title, in English, French, Spanish, Italian, German and Portuguese. */
const ARTICLES = new Set(
  ("the a an le la les l un une des el los las una unos unas il lo gli i uno der die das den dem " +
    "ein eine einen o os as um uma").split(" "),
);

/** Before a single word these are more likely a word of an English title: "I, Robot". */
const KEPT_BEFORE_ONE_WORD = new Set(["i", "o", "as"]);

/** Those that without an article may be a title themselves: "Alex Delaware: Mystery". */
const FORM_WITH_ARTICLE = "thriller|mystery|romance|story|fable|tale";

const FORM = "novel|novella|memoir|memoirs|stories|poems|poetry|" +
  "essays|biography|autobiography|novels|short stories|roman|novela|romanzo|" +
  "recit|nouvelles|erzahlung|erzahlungen|krimi|relatos|contos|racconti|cuentos|poemas";

/** A segment that says what kind of book or which edition this is, and nothing about which book. */
const TAIL_SEGMENT = new RegExp(
  `^(?:(?:an?|eine?|une?|una|uma?) (?:[\\p{L}\\p{N}]+ ){0,3}?(?:${FORM}|${FORM_WITH_ARTICLE})|(?:${FORM}))` +
    "(?: of (?:suspense|terror|horror|love|mystery))?$|" +
    "^(?:an? )?(?:[\\p{L}\\p{N}]+ ){1,2}(?:novel|memoir|thriller)$|" +
    "^an? (?:[\\p{L}\\p{N}]+ ){1,7}(?:novel|mystery|thriller)$|" +
    "^(?:[\\p{L}\\p{N}]+ ){0,4}(?:edition|ed|ausgabe|edicion|edizione|edicao)$|" +
    "^(?:fully |newly )?(?:revised|updated|expanded)(?: and (?:revised|updated|expanded))*$|" +
    "^(?:unabridged|reissue|paperback|hardcover|movie tie in)$|" +
    "^(?:the|an?) (?:[\\p{L}\\p{N}]+ ){0,5}bestseller$",
  "u",
);

/** "Book one of the …", "a Harry Bosch novel", "the third Inspector Lynley mystery". */
const SERIES_SEGMENT =
  /^(?:(?:book|volume|vol|part) (\d+(?: \d+)?) (?:of|in) |the (\d+)(?:st|nd|rd|th) )(.+)$/u;

const VOLUME_WORDS =
  "vol|vols|volume|volumes|v|tome|tomo|band|bd|book|bk|part|pt|no|number|nr|teil";
const VOLUME_AT_END = new RegExp(
  `^(?:(.+) )?(${VOLUME_WORDS}) ([\\p{L}\\p{N}]+)(?: of \\d+)?$`,
  "u",
);
const SET_SEGMENT = /^#\s*\d+\s*[-–—&]\s*#?\s*\d+$/;

function withoutArticle(words: readonly string[]): readonly string[] {
  const [first, ...rest] = words;
  if (first === undefined || rest.length === 0 || !ARTICLES.has(first)) return words;
  return rest.length === 1 && KEPT_BEFORE_ONE_WORD.has(first) ? words : rest;
}

function numberText(word: string): string | null {
  const plain = /^0*(\d+)(?:st|nd|rd|th)?$/.exec(word);
  if (plain) return plain[1]!;
  const roman = romanValue(word) ?? { i: 1, v: 5, x: 10 }[word] ?? null;
  return roman === null ? null : String(roman);
}

interface Segment {
  readonly raw: string;
  readonly words: readonly string[];
  readonly spelling: string;
  readonly volume: { readonly kind: "book" | "part"; readonly number: string } | null;
}

/** Folds a segment, turning a volume mark at its end into a bare number. */
function readSegment(raw: string): Segment {
  const between = /^(.*?)[\s,]*(?:\bbook|\bbk\.?|#)\s*#?(\d+\.\d+)$/iu.exec(raw);
  if (between !== null) {
    // "Book 8.5" stands between two books, and folding would take the point out.
    const [, before = "", number = ""] = between;
    return {
      raw,
      words: [...foldWords(before), number],
      spelling: `${foldText(before)} ${number}`.trim(),
      volume: { kind: "book", number },
    };
  }
  // "Divergent #2" behind a colon says what "Divergent, Book 2" does.
  const plain = raw.replace(/(?<=\S)\s+#\s*(?=\d+$)/u, " book ");
  const words = numbersAsDigits(foldWords(withPlainVolume(plain)));
  const marked = VOLUME_AT_END.exec(words.join(" "));
  const number = marked ? numberText(marked[3]!) : null;
  if (!marked || number === null) {
    const last = words.at(-1) ?? "";
    const roman = words.length > 1 ? romanValue(last) : null;
    return {
      raw,
      words: roman === null ? words : [...words.slice(0, -1), String(roman)],
      spelling: foldText(raw),
      volume: null,
    };
  }
  const before = (marked[1] ?? "").split(" ").filter((word) => word !== "");
  const kind = /^(?:book|bk)$/.test(marked[2]!) ? "book" : "part";
  return {
    raw,
    words: [...before, number],
    spelling: [...before, number].join(" "),
    volume: { kind, number },
  };
}

function readSeriesMark(bracket: string): SeriesMark {
  const number = "(\\d+(?:\\.\\d+)?)(?:\\s*(?:[-–—&]|to|and)\\s*#?(\\d+(?:\\.\\d+)?))?";
  const marked = new RegExp(
    `(?:#\\s*|\\b(?:books?|bks?|vols?|volumes?|no|parts?|number)\\b\\.?\\s*#?|,\\s*)${number}\\s*$`,
    "iu",
  ).exec(bracket);
  const name = marked ? bracket.slice(0, marked.index) : bracket;
  const numbers = [marked?.[1], marked?.[2]].filter((text) => text !== undefined);
  return {
    name: withoutArticle(numbersAsDigits(foldWords(name))).join(" ")
      .replace(/ (?:series|trilogy|saga|cycle|quartet|duology)$/u, ""),
    numbers: numbers.map((text) => text.replace(/^0+(?=\d)/, "")),
    isRange: marked?.[2] !== undefined,
  };
}

/** Whether what follows a semicolon is kept as more than a tail, and is no "; or, The Whale". */
function joinsWorks(bare: string, rest: readonly Segment[]): boolean {
  const later = bare.split(/\s*;\s+(?!or\b)/iu).slice(1);
  return rest.some(({ raw }) => later.some((piece) => piece.trim().startsWith(raw)));
}

/** Takes brackets out of a title, unless they are all there is or the title begins with them. */
function takeBrackets(title: string): { bare: string; brackets: string[] } {
  const brackets: string[] = [];
  const bare = title.replace(/\(([^()]*)\)|\[([^\][]*)\]/g, (whole, round, square, offset) => {
    if (title.slice(0, offset).trim() === "") return whole;
    brackets.push(round ?? square ?? whole);
    return " ";
  });
  return { bare, brackets };
}

/** What stands before a subtitle and hardly ever in a title: not the marks of "4:50" and "Spider-Man". */
const SUBTITLE_MARKS = [
  "\\s*:\\s+",
  "\\s+[-–—]\\s+",
  "\\s*—\\s*",
  "\\s*;\\s+",
  ",\\s+(?=an?\\s+(?:novel|novella|memoir|thriller|mystery|romance)\\s*$)",
  ",\\s+(?=(?:book|volume|part)\\s+\\S+\\s+(?:of|in)\\s)",
  ",\\s+(?=(?:(?:fully|newly)\\s+)?(?:revised|updated|expanded)\\b)",
];

/**
 * What may stand in a title too, which does no harm where two titles are split alike. The ISBD slash
 * introduces who wrote it and is cut off by whoever knows the authors.
 */
const DOUBTFUL_MARKS = [
  "\\s*(?:(?<!\\d):|:(?!\\d)|：)\\s*",
  "\\s+[-–—]+\\s+",
  "\\s*;\\s*",
  "(?<=[?!])\\s+(?=\\p{L})",
  ",\\s+or,?\\s+",
  ",\\s+(?=(?:\\S+\\s+){0,3}edition\\s*$)",
];

const SUBTITLE = new RegExp(SUBTITLE_MARKS.join("|"), "iu");
const SEPARATOR = new RegExp([...SUBTITLE_MARKS, ...DOUBTFUL_MARKS].join("|"), "iu");

function splitSegments(bare: string, separator = SEPARATOR): string[] {
  return bare.split(separator).map((part) => part.trim()).filter((part) =>
    /[\p{L}\p{N}]/u.test(part)
  );
}

/** A title as typed and, if it surely has one, its subtitle; without what stands in brackets behind. */
export function splitTitle(title: string): readonly [string, ...string[]] {
  const line = boundedLine(title, MAX_TITLE_LENGTH).trim();
  const bare = takeBrackets(listedSeriesReadings(line)[0]).bare.replace(/\s+/g, " ").trim();
  const [main = line, ...rest] = splitSegments(bare, SUBTITLE);
  return [main, ...rest];
}

/**
 * Takes a title apart. `subtitle` is the field some catalogues keep it in; a subtitle behind a colon
 * or dash inside `title` is found as well.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const parts = parseTitle("The Bride (Lairds’ Fiancées, #1)", "A Novel");
 * assertEquals(parts.main, "bride");
 * assertEquals(parts.subtitle, null);
 * assertEquals(parts.series, [{ name: "lairds fiancees", numbers: ["1"], isRange: false }]);
 * ```
 */
export function parseTitle(title: string, subtitle: string | null = null): TitleParts {
  const line = boundedLine(title, MAX_TITLE_LENGTH);
  const { bare, brackets } = takeBrackets(listedSeriesReadings(unmasked(withoutGloss(line)))[0]);
  const extra = subtitle === null
    ? { bare: "", brackets: [] }
    : takeBrackets(unmasked(boundedLine(subtitle, MAX_TITLE_LENGTH)));
  const raw = [bare, extra.bare].flatMap((text) => splitSegments(text.replace(/[()[\]]/g, " ")));
  const segments = (raw.length === 0 ? [line] : raw).map(readSegment);
  const series = [...brackets, ...extra.brackets].flatMap((bracket) =>
    bracket.split(";").map(readSeriesMark)
  );

  const head = segments[0]!;
  const volumes = segments.flatMap(({ volume }) => volume === null ? [] : [volume]);
  const mainWords = [...head.words];
  const rest: Segment[] = [];
  for (const segment of segments.slice(1)) {
    const text = segment.words.join(" ");
    const place = SERIES_SEGMENT.exec(text);
    if (SET_SEGMENT.test(segment.raw)) {
      series.push({ ...readSeriesMark(segment.raw), name: mainWords.join(" ") });
    } else if (segment.volume && segment.words.length === 1) {
      mainWords.push(segment.volume.number);
    } else if (segment.volume?.kind === "book") {
      const name = withoutArticle(segment.words.slice(0, -1)).join(" ");
      series.push({ name, numbers: [segment.volume.number], isRange: false });
    } else if (place && (place[1] || /novel|mystery|book|thriller|adventure/.test(text))) {
      const name = place[3]!.replace(/^the /, "").replace(/ (?:series|trilogy|saga|cycle)$/, "");
      series.push({ name, numbers: [place[1] ?? place[2]!], isRange: false });
    } else if (!TAIL_SEGMENT.test(text)) {
      rest.push(segment);
    }
  }
  // In "I, Robot" the comma shows that the first word is no article.
  const hasArticle = !/^[\s([]*\p{L}+,/u.test(bare);
  const main = (hasArticle ? withoutArticle(mainWords) : mainWords).join(" ");
  const subtitleText = rest.map((segment) => segment.words.join(" ")).join(" ");
  return {
    main,
    subtitle: subtitleText === "" ? null : subtitleText,
    segments: [main, ...rest.map((segment) => segment.words.join(" "))],
    isJoint: joinsWorks(bare, rest),
    full: subtitleText === "" ? main : `${main} ${subtitleText}`,
    spelling: {
      main: head.spelling,
      full: [head.spelling, ...rest.map((segment) => segment.spelling)].join(" "),
    },
    series: series.filter((mark) => mark.name !== "" || mark.numbers.length > 0),
    volumes: volumes.map(({ number }) => number),
    volumeKind: volumes[0]?.kind ?? null,
  };
}

/** Reads a text as what follows a title: what is a tail, a place or a series is no `subtitle`. */
export function parseSubtitle(text: string): TitleParts {
  return parseTitle("x", text);
}

/**
 * The key under which titles of one work are looked up: main title without article, subtitle, series
 * and tails, volume number kept. Works that share a key are only candidates for being the same; two
 * volumes with different subtitles share it. `sameBook` decides.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(titleKey("The DUFF: Designated Ugly Fat Friend"), "duff");
 * assertEquals(titleKey("Naruto, Vol. 3"), titleKey("Naruto 3"));
 * ```
 */
export function titleKey(title: string): string {
  return parseTitle(title).main;
}
