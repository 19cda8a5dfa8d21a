import {
  conflict,
  FULL,
  LOOSELY_REWORDED,
  MAIN,
  NEARLY_FULL,
  orConflict,
  REWORDED,
  type TitleMatch,
} from "./title_match.ts";
import {
  contentWordCount,
  contentWords,
  isSameText,
  nearScore,
  unpairedNumbers,
  wordOverlap,
} from "./title_spelling.ts";

/** Content words from which what stands behind a colon can be nothing but an explanation. */
const SURELY_EXPLAINING_WORDS = 7;

/** Content words from which the wording of an explanation leaves no doubt: "Ghost Story" is a title. */
const EXPLAINING_WORDS = 4;

/** Words of what a book is or is about, in the languages of most records; a series' volume is seldom called so. */
const EXPLAINING = new RegExp(
  "\\b(?:" +
    "(?:auto)?biograph(?:y|ies)|memoirs?|diar(?:y|ies)|journals?|letters|essays?|poems|poetry|stor(?:y|ies)|" +
    "tales|novels?|novellas?|thrillers?|myster(?:y|ies)|histor(?:y|ies)|chronicles?|account|portrait|" +
    "guide|handbook|manual|introduction|primer|companion|encyclop(?:a?e)dia|dictionary|atlas|anthology|" +
    "collection|selected|collected|recipes?|cookbook|lessons?|rules|principles|habits|secrets|" +
    "strateg(?:y|ies)|ways|steps|laws|tools|notes|reflections|meditations|thoughts|reports?|" +
    "science|joys?|pleasures?|art of|power of|psychology|philosophy|politics|economics|origins?|evolution|future of|making of|" +
    "rise and fall|life and|lives|life of|my life|world of|nature of|meaning of|invention|revolution|" +
    "revelations|adventures?|journey|travels|voyage|quest|search for|pursuit|memories|investigation|" +
    "untold|true|inside|surprising|definitive|essential|complete|unauthorized|based on|understanding|" +
    "histoire|historia|storia|geschichte|geschiedenis|vida|vie|leben|erinnerungen|recuerdos|guia" +
    ")\\b",
  "u",
);

/** How an explanation begins: "A World History", "How …", "From X to Y", "1914–1918". */
const EXPLAINING_START =
  /^(?:an?|how|why|what|when|where|who|from|my|our|on|or|and other|being|confessions|tales|\d{4})\b/u;

/**
 * Whether what stands behind a colon explains the title and is none itself, as "The Story of Success" and "A
 * World History" do, where "Catching Fire" and "Keys to the Demon Prison" are titles behind a
 * series name. Only a judgement of wording: what it leaves open, dates and other records must tell.
 */
export function explainsTitle(subtitle: string): boolean {
  return EXPLAINING.test(subtitle) || EXPLAINING_START.test(subtitle) ||
    contentWordCount(subtitle) >= SURELY_EXPLAINING_WORDS;
}

/**
 * Whether it explains the title beyond doubt; {@linkcode explainsTitle} is true as well of titles that begin
 * like an explanation ("A Wanted Man") or have a word of one ("Ghost Story").
 */
export function surelyExplainsTitle(subtitle: string): boolean {
  const words = contentWordCount(subtitle);
  return words >= SURELY_EXPLAINING_WORDS || /^or\b/.test(subtitle) ||
    words === SURELY_EXPLAINING_WORDS - 1 && EXPLAINING_START.test(subtitle) ||
    words >= EXPLAINING_WORDS && EXPLAINING.test(subtitle);
}

/** Whether it has a word of what a book is or is about; "A Wanted Man" only begins like an explanation. */
export function namesItsKind(subtitle: string): boolean {
  return EXPLAINING.test(subtitle);
}

/** Words that say nothing of their own between the others. */
const LINKS = new Set(
  "of in to for from with by on at or as is its it this that into about de la le y e und et"
    .split(" "),
);

/** The words of one text without a partner in the other; a letter or two more or less is the same word. */
function wordsOnlyIn(text: string, other: string): string[] {
  const others = contentWords(other);
  return contentWords(text).filter((word) =>
    !LINKS.has(word) &&
    !others.some((candidate) => candidate === word || isSameStem(candidate, word))
  );
}

/** "smart" and "smarter", "secret" and "secrets": the shorter begins the longer. */
function isSameStem(a: string, b: string): boolean {
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  return short.length >= 4 && long.length - short.length <= 2 && long.startsWith(short);
}

/** From this share of words in the same places two subtitles are one pattern filled in differently. */
const PATTERN_SHARE = 0.5;

/** "Guide to Redstone" and "Guide to Creative": the same words around the ones that tell the books apart. */
function isSamePattern(a: string, b: string): boolean {
  const [left, right] = [contentWords(a), contentWords(b)];
  const length = Math.min(left.length, right.length);
  let [start, end] = [0, 0];
  while (start < length && left[start] === right[start]) start += 1;
  while (end < length - start && left.at(-1 - end) === right.at(-1 - end)) end += 1;
  const aligned = left.length === right.length
    ? left.filter((word, index) => word === right[index]).length
    : 0;
  return Math.max(start + end, aligned) >= length * PATTERN_SHARE;
}

/**
 * Compares two subtitles of one main title: cut short, reworded, misspelt, or naming another book. Where each
 * keeps a word that the other lacks they are taken for siblings, unless both explain the title in words of
 * their own: then the very year must say that it is one book, announced and printed.
 */
export function compareSubtitles(query: string, candidate: string): TitleMatch {
  const { left, right } = unpairedNumbers(query, candidate);
  if (left.length > 0 && right.length > 0) return conflict("another number in the subtitle");
  if (isSameText(query, candidate)) return FULL;
  if (nearScore(query, candidate) > 0) return NEARLY_FULL;
  const [number] = [...left, ...right];
  if (number !== undefined && [query, candidate].some((text) => text.endsWith(` ${number}`))) {
    return conflict("another volume");
  }
  if (`${query} `.startsWith(`${candidate} `) || `${candidate} `.startsWith(`${query} `)) {
    return MAIN;
  }
  const asked = wordsOnlyIn(query, candidate);
  const given = wordsOnlyIn(candidate, query);
  if (asked.length === 0 || given.length === 0) {
    return wordOverlap(query, candidate) >= 0.5 ? REWORDED : conflict("another subtitle");
  }
  const isExplained = explainsTitle(query) && explainsTitle(candidate);
  return isExplained && !isSamePattern(query, candidate)
    ? orConflict(LOOSELY_REWORDED, "another subtitle")
    : conflict("another subtitle");
}
