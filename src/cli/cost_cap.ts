/** `deno task cost-cap`: sets what the models of a run may cost, through the running service. */
import { costCapRoute } from "../api/cost_cap.ts";
import { MAX_ID } from "../api/requests/path_id.ts";
import { dollars as inDollars } from "../domain/money/cost_cap.ts";
import { AppError } from "../errors.ts";
import { callService } from "./call_service.ts";
import { commandConfig } from "./database_or_service.ts";
import { exitOnError, writeLine } from "./exit_on_error.ts";
import { dollars, parseFlags, wholeNumber } from "./parse_flags.ts";

await exitOnError(async () => {
  const { run, "max-cost": maxCost } = parseFlags(Deno.args, {
    command: "deno task cost-cap",
    flags: {
      run: { ...wholeNumber(1, MAX_ID), help: "the run, as its alert names it" },
      "max-cost": { ...dollars(), help: "the most it may cost, with what it has cost already" },
    },
  });
  if (run === undefined || maxCost === undefined) {
    throw new AppError("BAD_REQUEST", "Say which: --run N --max-cost USD");
  }
  const { answer } = await callService(commandConfig(), {
    route: costCapRoute,
    params: { run_id: String(run) },
    body: { max_cost_usd: maxCost },
    whenSilent: (url) =>
      `Nothing answers at ${url}: start the service with deno task start, or set HOST and PORT to ` +
      `where it listens`,
  });
  const { run_id, max_cost_usd, spent_usd, is_resumed } = answer;
  const effect = is_resumed
    ? "; the backfill goes on"
    : spent_usd >= max_cost_usd
    ? "; no model is asked for it any more, so only a higher cap lets it go on"
    : "";
  const [cap, spent] = [max_cost_usd, spent_usd].map(inDollars);
  writeLine(`Run ${run_id} may cost ${cap}, of which ${spent} are spent or reserved${effect}`);
});
