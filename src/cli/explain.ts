/** `deno task explain`: why a book has its ISBN, or has none, from what is stored. */
import { explainRoute } from "../api/explain.ts";
import { cleanTexts } from "../domain/text/clean_text.ts";
import { askRoutes } from "./ask_route.ts";
import { commandConfig } from "./database_or_service.ts";
import { exitOnError, writeLine } from "./exit_on_error.ts";
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
  const { whole, answer } = await askRoutes(
    commandConfig(),
    (ask) => ask(explainRoute, { params: { about } }),
  );
  writeLine(json ? JSON.stringify(whole) : explanationScreen(cleanTexts(answer.books)));
});
