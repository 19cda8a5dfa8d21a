import type { Queryable } from "../database/connection/connection.ts";
import {
  type ExplainedBook,
  explainIsbn,
  explainNamed,
  listQuestionsNaming,
} from "../database/stats/explanations.ts";
import { toIsbn13 } from "../domain/isbns/isbn.ts";
import { wordingName } from "../domain/generation/wording.ts";
import { type Month, monthKey, parseMonthKey } from "../domain/months/month.ts";
import { AppError } from "../errors.ts";

/** What can be asked for: an ISBN, or books a month named whose titles hold all the words. */
type Question =
  | { readonly kind: "isbn"; readonly isbn13: string }
  | { readonly kind: "month"; readonly month: Month; readonly words: readonly string[] };

/**
 * Why books have their ISBN, or have none. `about` is an ISBN-10 or -13 in any spelling, or `YYYY-MM`
 * and words of a title.
 *
 * Throws `AppError` BAD_REQUEST when `about` is neither, NOT_FOUND when nothing is stored about it.
 */
export async function explainBook(
  sql: Queryable,
  about: string,
): Promise<readonly ExplainedBook[]> {
  const question = readQuestion(about);
  if (question.kind === "isbn") {
    const book = await explainIsbn(sql, question.isbn13);
    if (book) return [book];
    throw new AppError(
      "NOT_FOUND",
      `No stored edition has the ISBN ${question.isbn13}${await unstoredHint(
        sql,
        question.isbn13,
      )}`,
    );
  }
  const { month, words } = question;
  const books = await explainNamed(sql, { month, words });
  if (books.length > 0) return books;
  const described = words.length === 0 ? "a book" : `a book like "${words.join(" ")}"`;
  throw new AppError("NOT_FOUND", `${monthKey(month)} has not named ${described}`);
}

/** What can be done about an ISBN that is only the finding of an experiment. */
async function unstoredHint(sql: Queryable, isbn13: string): Promise<string> {
  const [named] = await listQuestionsNaming(sql, [isbn13]);
  if (named === undefined) return "";
  const { generator, model, experiment_ids } = named;
  return `. Experiment ${experiment_ids[0]} found it for ${monthKey(named)} with ${
    wordingName(named)
  } ` +
    `and ${generator}:${model}, but stored nothing: the same with --store does`;
}

function readQuestion(about: string): Question {
  const [first = "", ...words] = about.split(/\s+/).filter((word) => word !== "");
  const month = parseMonthKey(first);
  if (month) return { kind: "month", month, words };
  const isbn13 = toIsbn13(about);
  if (isbn13 !== null) return { kind: "isbn", isbn13 };
  const found = about.trim() === ""
    ? "Nothing was asked"
    : `"${
      about.slice(0, 100)
    }" is neither an ISBN with a right check digit nor a month with words ` +
      `of a title`;
  throw new AppError("BAD_REQUEST", `${found}. Ask for an ISBN, or YYYY-MM and words of a title`);
}
