import { NO_SERIES } from "../../src/domain/series/series_fields.ts";
import type { BookQuery } from "../../src/domain/matching/resolver.ts";

/** A title of many words, as plain as they come. */
export const PLAIN: BookQuery = {
  title: "Gone Girl",
  author: "Gillian Flynn",
  ...NO_SERIES,
  year: 2012,
  month: 6,
  language: "en",
};

/** Signs that mean something to addresses and query languages, in more than ASCII. */
export const ODD: BookQuery = {
  title: 'C++ & "100%" Liebe/Haß? – Ein Roman (Reihe #3)',
  author: "Müller-Lüdenscheidt, Jürgen (Hrsg.)",
  ...NO_SERIES,
  year: 2012,
  month: null,
  language: "de",
};

/** Far beyond what any of the services takes. */
export const OVERLONG: BookQuery = {
  title: "On the Strange and Surprising Adventures ".repeat(12).trim(),
  author: "Maria Theresia Walburga Amalia Christina of the Second House of Habsburg-Lothringen",
  ...NO_SERIES,
  year: 2012,
  month: null,
  language: "en",
};
