/**
 * ISO 639-1 codes by the language's item. Items of national varieties stand beside their language.
 * Source: Wikidata, property P218 of these items.
 */
const CODES: Readonly<Record<string, string>> = {
  Q1860: "en",
  Q7976: "en",
  Q7979: "en",
  Q150: "fr",
  Q188: "de",
  Q1321: "es",
  Q652: "it",
  Q5146: "pt",
  Q750553: "pt",
  Q7411: "nl",
  Q9027: "sv",
  Q9035: "da",
  Q9043: "no",
  Q25167: "no",
  Q1412: "fi",
  Q294: "is",
  Q809: "pl",
  Q9056: "cs",
  Q9058: "sk",
  Q9067: "hu",
  Q7913: "ro",
  Q7918: "bg",
  Q7737: "ru",
  Q8798: "uk",
  Q9129: "el",
  Q9288: "he",
  Q256: "tr",
  Q13955: "ar",
  Q9168: "fa",
  Q1568: "hi",
  Q9610: "bn",
  Q5287: "ja",
  Q7850: "zh",
  Q9176: "ko",
  Q9199: "vi",
  Q9217: "th",
  Q9240: "id",
  Q7026: "ca",
  Q8752: "eu",
  Q9307: "gl",
  Q9142: "ga",
  Q9309: "cy",
  Q397: "la",
};

/** The ISO 639-1 code of a language item such as "Q1860"; null for one not known here. */
export function languageOfItem(id: string): string | null {
  return Object.hasOwn(CODES, id) ? CODES[id] ?? null : null;
}

/** Items of English and of its national varieties. */
export const ENGLISH_ITEMS: readonly string[] = Object.keys(CODES).filter((id) =>
  CODES[id] === "en"
);

/** Codes of labels worth having: `mul` holds the name that is the same in most languages. */
export const LABEL_LANGUAGES: readonly string[] = [
  ...new Set(["en", "mul", ...Object.values(CODES)]),
];
