/** `deno task explain`: why a book has its ISBN, or has none, from what is stored. */
import { type ExplainedBook, explainIsbn, explainNamed } from "../database/explanations.ts";
import type { Queryable } from "../database/connection.ts";
import { toIsbn13 } from "../domain/isbn.ts";
import { type Month, monthKey, parseMonthKey } from "../domain/month.ts";
import { AppError } from "../errors.ts";
import { exitOnError, writeLine } from "./exit_on_error.ts";
import { commandConfig, type OpenLog, openLog } from "./open_log.ts";
import { flag, parseFlags } from "./parse_flags.ts";
import { explanationScreen } from "./render_explanation.ts";

const USAGE = "deno task explain <isbn | YYYY-MM title words> [--json]";

type Question =
  | { readonly kind: "isbn"; readonly isbn13: string }
  | { readonly kind: "month"; readonly month: Month; readonly words: readonly string[] };

await exitOnError(async () => {
  const isFlag = (arg: string): boolean => arg.startsWith("--");
  const { json } = parseFlags(Deno.args.filter(isFlag), {
    command: USAGE,
    flags: { json: { ...flag(), help: "print one JSON object, with all there is" } },
  });
  const question = readQuestion(Deno.args.filter((arg) => !isFlag(arg)));
  const log = demandDatabase(await openLog(commandConfig()));
  try {
    const books = await answer(log.database.sql, question);
    writeLine(json ? JSON.stringify({ books }) : explanationScreen(books));
  } finally {
    await log.close();
  }
});

function readQuestion(args: readonly string[]): Question {
  const [first = "", ...words] = args;
  const month = parseMonthKey(first);
  if (month) return { kind: "month", month, words };
  const isbn13 = toIsbn13(args.join(" "));
  if (isbn13 !== null) return { kind: "isbn", isbn13 };
  const found = args.length === 0
    ? "Nothing was asked"
    : `"${args.join(" ")}" is neither an ISBN ` +
      `with a right check digit nor a month with words of a title`;
  throw new AppError("BAD_REQUEST", `${found}. Use ${USAGE}`);
}

function demandDatabase(log: OpenLog): Extract<OpenLog, { kind: "database" }> {
  if (log.kind === "database") return log;
  throw new AppError(
    "DATA_DIR_IN_USE",
    "A running service has the embedded database to itself: stop it to explain a book, or use a " +
      "server database (DATABASE_URL)",
  );
}

async function answer(sql: Queryable, question: Question): Promise<readonly ExplainedBook[]> {
  if (question.kind === "isbn") {
    const book = await explainIsbn(sql, question.isbn13);
    if (book) return [book];
    throw new AppError("NOT_FOUND", `No stored edition has the ISBN ${question.isbn13}`);
  }
  const { month, words } = question;
  const books = await explainNamed(sql, { month, words });
  if (books.length > 0) return books;
  const described = words.length === 0 ? "a book" : `a book like "${words.join(" ")}"`;
  throw new AppError("NOT_FOUND", `${monthKey(month)} has not named ${described}`);
}
