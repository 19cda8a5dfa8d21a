/** Letters that Unicode does not decompose, and what a catalogue without them writes instead. */
const LETTERS: Readonly<Record<string, string>> = {
  ß: "ss",
  æ: "ae",
  œ: "oe",
  ø: "o",
  ł: "l",
  đ: "d",
  ð: "d",
  þ: "th",
  ħ: "h",
  ŋ: "n",
  ŧ: "t",
  ı: "i",
  ĸ: "k",
  ə: "e",
  // Spellings of one Arabic letter that keyboards and catalogues mix.
  ى: "ي",
  ی: "ي",
  ک: "ك",
  ة: "ه",
  ٱ: "ا",
};

const LETTER_PATTERN = new RegExp(`[${Object.keys(LETTERS).join("")}]`, "gu");

/**
 * Marks are dropped only after letters of scripts where they are accents or optional vowels. In
 * Devanagari, Thai or Japanese kana a mark changes the letter, so it stays.
 */
const ACCENTS =
  /([\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Arabic}\p{Script=Hebrew}])\p{M}+/gu;

/** Apostrophes, trademark signs, the Arabic tatweel and marks of no width. */
const UNSEEN = /['’‘‛ʼʻ`´ʹ′＇™®©℠\u0640\u200b-\u200f\u2060\ufeff]/g;

/**
 * Lower case without accents, ligatures, punctuation and differences of width, one space between
 * words; `&` and `+` become "and". Apostrophes vanish inside words ("O'Brien" → "obrien"), digits
 * grouped by commas close up ("20,000" → "20000"). Letters of every script are kept. A text without
 * any letter or digit comes back as it is, so that a title such as "?!" is not lost.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(foldText("Smilla’s Fœhn & Ångström"), "smillas foehn and angstrom");
 * ```
 */
export function foldText(text: string): string {
  const words = (isAscii(text) ? foldAscii(text) : foldLetters(text))
    .replace(/[&+]/g, " and ")
    .replace(/(?<=\d)[,.](?=\d{3}(?!\d))/g, "")
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, " ")
    .trim();
  return words === "" ? text.normalize("NFKC").trim().replace(/\s+/g, " ") : words;
}

/** Most titles are plain, and what follows is the costliest step of every comparison. */
function isAscii(text: string): boolean {
  // deno-lint-ignore no-control-regex -- the range is what is meant
  return /^[\x00-\x7f]*$/.test(text);
}

function foldAscii(text: string): string {
  return text.replace(/['`]/g, "").toLowerCase();
}

function foldLetters(text: string): string {
  // Signs go before the accents, or a mark behind an apostrophe would find no letter to leave with.
  return text
    .replace(UNSEEN, "")
    .normalize("NFKD")
    .toLowerCase()
    .replace(UNSEEN, "")
    .replace(ACCENTS, "$1")
    .normalize("NFC")
    .replace(LETTER_PATTERN, (letter) => LETTERS[letter]!);
}

/** The words of {@linkcode foldText}; empty for an empty text. */
export function foldWords(text: string): string[] {
  return foldText(text).split(" ").filter((word) => word !== "");
}
