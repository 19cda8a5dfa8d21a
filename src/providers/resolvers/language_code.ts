/**
 * ISO 639-1 codes with the three-letter codes catalogues use for them: first the MARC (ISO 639-2/B)
 * one, which Open Library stores, then the ISO 639-2/T one where it differs.
 * Source: Library of Congress, ISO 639-2 code list.
 */
const THREE_LETTER_CODES: Readonly<Record<string, readonly [string, ...string[]]>> = {
  af: ["afr"],
  ar: ["ara"],
  be: ["bel"],
  bg: ["bul"],
  bn: ["ben"],
  ca: ["cat"],
  cs: ["cze", "ces"],
  cy: ["wel", "cym"],
  da: ["dan"],
  de: ["ger", "deu"],
  el: ["gre", "ell"],
  en: ["eng"],
  es: ["spa"],
  et: ["est"],
  eu: ["baq", "eus"],
  fa: ["per", "fas"],
  fi: ["fin"],
  fr: ["fre", "fra"],
  ga: ["gle"],
  gl: ["glg"],
  he: ["heb"],
  hi: ["hin"],
  hr: ["hrv", "scr"],
  hu: ["hun"],
  hy: ["arm", "hye"],
  id: ["ind"],
  is: ["ice", "isl"],
  it: ["ita"],
  ja: ["jpn"],
  ka: ["geo", "kat"],
  ko: ["kor"],
  la: ["lat"],
  lt: ["lit"],
  lv: ["lav"],
  mk: ["mac", "mkd"],
  ml: ["mal"],
  mr: ["mar"],
  ms: ["may", "msa"],
  nl: ["dut", "nld"],
  no: ["nor"],
  pl: ["pol"],
  pt: ["por"],
  ro: ["rum", "ron"],
  ru: ["rus"],
  sk: ["slo", "slk"],
  sl: ["slv"],
  sq: ["alb", "sqi"],
  sr: ["srp", "scc"],
  sv: ["swe"],
  sw: ["swa"],
  ta: ["tam"],
  te: ["tel"],
  th: ["tha"],
  tr: ["tur"],
  uk: ["ukr"],
  ur: ["urd"],
  vi: ["vie"],
  yi: ["yid"],
  zh: ["chi", "zho"],
  zu: ["zul"],
};

const BY_THREE_LETTERS = new Map(
  Object.entries(THREE_LETTER_CODES).flatMap(([code, forms]) => forms.map((form) => [form, code])),
);

const englishNames = new Intl.DisplayNames(["en"], { type: "language" });

const BY_NAME = new Map([
  ...Object.keys(THREE_LETTER_CODES).map((code) =>
    [(englishNames.of(code) ?? code).toLowerCase(), code] as const
  ),
  // Names some records use beside the one Unicode gives.
  ["castilian", "es"] as const,
  ["farsi", "fa"] as const,
  ["mandarin", "zh"] as const,
  ["norwegian bokmål", "no"] as const,
]);

/**
 * The ISO 639-1 code of a language written as `en`, `en_US`, `eng`, `/languages/eng` or `English`;
 * null when it is none of the languages known here (`mul`, `und` and rare ones included).
 */
export function toLanguageCode(text: string): string | null {
  const plain = text.trim().toLowerCase().replace(/^\/languages\//, "");
  const named = BY_NAME.get(plain);
  if (named !== undefined) return named;
  const primary = plain.split(/[-_]/)[0] ?? "";
  if (Object.hasOwn(THREE_LETTER_CODES, primary)) return primary;
  return BY_THREE_LETTERS.get(primary) ?? BY_NAME.get(plain.split(/[\s(;,]/)[0] ?? "") ?? null;
}
