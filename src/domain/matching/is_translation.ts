import type { EditionChoice } from "./choose_edition.ts";
import type { BookQuery } from "./resolver.ts";
import type { MeasuredRecord } from "./score_work.ts";
import { foldText } from "../text/fold_text.ts";

/** Frequent words of English titles that titles in the languages of most translations don't have. */
const ENGLISH_WORDS = new RegExp(
  "\\b(?:the|of|and|with|for|from|by|my|who|how|what|when|where|why|you|your|she|he|his|their|our|we|they|this|" +
    "that|into|after|before|between|every|never|always|only|out|back|away|just|one|two|three|" +
    "time|woman|girls?|boys?|days?|nights?|life|death|dead|house|world|love|hearts?|light|dark|kings?|" +
    "queens?|black|white|blue|green|first|new|old|great|little|good|lost|game|fire|blood|" +
    "bones?|stones?|city|river|sea|sky|stars?|moon|sun|winter|summer|home|road|way|story|books?|years?|child|" +
    "children|mother|father|brother|sister|daughter|wife|rising|thunder|being|going|things?|people)\\b",
);

/** Words that a title of some length has in its own language, and hardly in English. */
const LINKS: Readonly<Record<string, RegExp>> = {
  de:
    /\b(?:der|die|das|und|ein|eine|im|am|zu|von|mit|ist|nicht|den|dem|des|auf|fur|gegen|uber|ohne|wie|wo|was|bei|nach|vom|zur|zum|aus|ich|wir|du|sie|es)\b/,
  fr:
    /\b(?:le|la|les|un|une|des|de|du|et|en|au|aux|l|d|pour|par|dans|sur|sans|qui|que|je|mon|ma|nous)\b/,
  es: /\b(?:el|la|los|las|un|una|de|del|y|en|con|por|para|que|mi|sin|su|al)\b/,
  it: /\b(?:il|lo|la|gli|le|un|una|di|del|della|e|in|per|che|non|con|al|dei|delle)\b/,
  pt: /\b(?:o|a|os|as|um|uma|de|do|da|dos|das|e|em|por|para|que|com|ao)\b/,
  nl: /\b(?:de|het|een|en|van|der)\b/,
};

/** Whether a title is in plain letters and has nothing of the language in which the edition is printed. */
function looksTranslated(title: string, printed_in: string): boolean {
  const text = foldText(title);
  const links = LINKS[printed_in];
  return links !== undefined && /^[ -~]*$/.test(title) && text.includes(" ") && !links.test(text);
}

/**
 * Whether an edition of another language is a translation of the book asked for rather than its original. It
 * is one where the title asked for is English by its words or has nothing of the edition's language; where
 * a record without an author has it in the language wanted; and where only the ISBN's group tells the
 * language and no word of the title does. A title that may be the original's own ("Travesuras de la niña
 * mala") is given the benefit of the doubt where a record names the language; a single plain word
 * ("Marina"), which may be of either, once everybody was heard.
 */
export function isTranslation(
  { edition, printed_in }: EditionChoice,
  { query, authorless, areAllHeard }: {
    query: BookQuery;
    authorless: readonly MeasuredRecord[];
    areAllHeard: boolean;
  },
): boolean {
  if (printed_in === null || printed_in === query.language) return false;
  const isEnglish = query.language === "en" && (ENGLISH_WORDS.test(foldText(query.title)) ||
    looksTranslated(query.title, printed_in));
  const isPlain = /^[ -~]*$/.test(query.title);
  const isOwn = LINKS[printed_in]?.test(foldText(query.title)) === true;
  const isUnnamed = edition.language === null && isPlain && !isOwn;
  const isOpen = isPlain && !query.title.includes(" ") && !areAllHeard;
  return isEnglish || isUnnamed || isOpen ||
    authorless.some(({ editions }) =>
      editions.some((other) => other.edition.language === query.language)
    );
}
