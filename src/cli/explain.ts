/** `deno task explain`: why a book has its ISBN, or has none, from what is stored. */
import type { ExplainedBook } from "../database/explanations.ts";
import { explainBook } from "../stats/explain_book.ts";
import { exitOnError, writeLine } from "./exit_on_error.ts";
import { commandConfig, openLog } from "./open_log.ts";
import { flag, parseFlags } from "./parse_flags.ts";
import { explanationScreen } from "./render_explanation.ts";

const USAGE = "deno task explain <isbn | YYYY-MM title words> [--json]";

await exitOnError(async () => {
  const isFlag = (arg: string): boolean => arg.startsWith("--");
  const { json } = parseFlags(Deno.args.filter(isFlag), {
    command: USAGE,
    flags: { json: { ...flag(), help: "print one JSON object, with all there is" } },
  });
  const books = await read(Deno.args.filter((arg) => !isFlag(arg)).join(" "));
  writeLine(json ? JSON.stringify({ books }) : explanationScreen(books));
});

async function read(about: string): Promise<readonly ExplainedBook[]> {
  const log = await openLog(commandConfig());
  if (log.kind === "service") {
    // Our own service's answer, made by the same function.
    const answer = await log.call(`explain?about=${encodeURIComponent(about)}`);
    return (answer as { books: readonly ExplainedBook[] }).books;
  }
  try {
    return await explainBook(log.database.sql, about);
  } finally {
    await log.close();
  }
}
