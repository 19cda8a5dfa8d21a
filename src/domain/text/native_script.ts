import transliterate from "@sindresorhus/transliterate";

/** Kana and what stands among them; a name in them behind the same name in Latin letters is a gloss. */
const GLOSS =
  /\s*[-‐‑–—―−〜~(（]\s*[\p{Script=Katakana}\p{Script=Hiragana}][\p{Script=Katakana}\p{Script=Hiragana}ー・･\s]*[-‐‑–—―−〜~)）]\s*/gu;

/**
 * A title without the reading in kana that Japanese editions put behind a name in Latin letters.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(withoutGloss("BLEACH―ブリーチ― 3"), "BLEACH 3");
 * assertEquals(withoutGloss("ナルト -ブリーチ- 3"), "ナルト -ブリーチ- 3");
 * ```
 */
export function withoutGloss(title: string): string {
  return /^\s*\p{Script=Latin}/u.test(title) ? title.replace(GLOSS, " ").trim() : title;
}

const DIGITS = "〇一二三四五六七八九";

/** 1–99 in Chinese numerals, as volumes are counted with. */
function readNumeral(text: string): number | null {
  const [, tens, ten, units] = /^([二三四五六七八九]?)(十?)([一二三四五六七八九]?)$/.exec(text) ??
    [];
  if (tens === undefined || (tens !== "" && ten === "" && units !== "")) return null;
  const high = ten === "" ? 0 : tens === "" ? 1 : DIGITS.indexOf(tens);
  const low = DIGITS.indexOf((ten === "" && tens !== "" ? tens : units) || "〇");
  return high * 10 + low || null;
}

const VOLUME =
  /\s*(?:第?\s*(\d+|[一二三四五六七八九十]+)\s*[巻卷권集部]|[巻卷]\s*[ノの之]\s*(\d+|[一二三四五六七八九十]+))\s*$/u;

/**
 * A title whose volume is counted in Chinese characters ("第3巻", "巻ノ十一") with "vol 3" or "vol 11" at
 * its end instead; any other title as it is.
 */
export function withPlainVolume(title: string): string {
  const [mark, before, behind] = VOLUME.exec(title) ?? [];
  if (mark === undefined) return title;
  const text = before ?? behind ?? "";
  const number = /^\d+$/.test(text) ? Number(text) : readNumeral(text);
  return number === null ? title : `${title.slice(0, -mark.length)} vol ${number}`;
}

/**
 * A folded text of Cyrillic or Greek letters in Latin ones; null for a text without any. Names sound alike
 * in both, other words mostly don't, so it can only confirm that two titles are the same.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(romanised("анна каренина"), "anna karenina");
 * assertEquals(romanised("anna karenina"), null);
 * ```
 */
export function romanised(text: string): string | null {
  if (!/[\p{Script=Cyrillic}\p{Script=Greek}]/u.test(text)) return null;
  return transliterate(text).toLowerCase().replace(/[^\p{L}\p{N} ]+/gu, "");
}
