/** `deno task explain`: why a book has its ISBN, or has none, from what is stored. */
import type { Config } from "../config.ts";
import { cleanTexts } from "../domain/text/clean_text.ts";
import { explainBook } from "../stats/explain_book.ts";
import { checkAnswer } from "./check_answer.ts";
import { exitOnError, writeLine } from "./exit_on_error.ts";
import { explanationAnswerSchema, type ShownBook } from "./explanation_answer.ts";
import { commandConfig, openDatabaseOrService } from "./database_or_service.ts";
import { flag, parseFlags } from "./parse_flags.ts";
import { explanationScreen } from "./screens/render_explanation.ts";

const USAGE = "deno task explain <isbn | YYYY-MM title words> [--json]";

await exitOnError(async () => {
  const isFlag = (arg: string): boolean => arg.startsWith("--");
  const { json } = parseFlags(Deno.args.filter(isFlag), {
    command: USAGE,
    flags: { json: { ...flag(), help: "print one JSON object, with all there is" } },
  });
  const about = Deno.args.filter((arg) => !isFlag(arg)).join(" ");
  const { answer, books } = await read(commandConfig(), about);
  writeLine(json ? JSON.stringify(answer) : explanationScreen(cleanTexts(books)));
});

/** What scripts are told, and what people are shown of it. */
interface Explanation {
  readonly answer: unknown;
  readonly books: readonly ShownBook[];
}

async function read(config: Config, about: string): Promise<Explanation> {
  const log = await openDatabaseOrService(config);
  if (log.kind === "service") {
    const answer = await log.call(`explain?about=${encodeURIComponent(about)}`);
    return { answer, ...checkAnswer(answer, { schema: explanationAnswerSchema, config }) };
  }
  try {
    const books = await explainBook(log.database.sql, about);
    return { answer: { books }, books };
  } finally {
    await log.close();
  }
}
