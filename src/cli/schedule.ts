/** `deno task schedule`: starts the next months through the running service, or says what that takes. */
import {
  previewAnswer,
  scheduleBackfillRoute,
  type ScheduleBody,
  scheduleBodySchema,
} from "../api/schedule_backfill.ts";
import { PROMPT_VARIANTS } from "../domain/generation/prompt.ts";
import { MAX_YEAR, MIN_YEAR, monthKey } from "../domain/months/month.ts";
import { cleanTexts } from "../domain/text/clean_text.ts";
import { AppError } from "../errors.ts";
import { databaseContext } from "./ask_route.ts";
import { type Answered, callService } from "./call_service.ts";
import { commandConfig, openDatabaseOrService } from "./database_or_service.ts";
import { exitOnError, writeLine } from "./exit_on_error.ts";
import { dollars, flag, monthRanges, oneOf, parseFlags, wholeNumber } from "./parse_flags.ts";
import { inFlags, scheduleScreen } from "./screens/render_schedule.ts";

await exitOnError(async () => {
  const { json, ...options } = parseFlags(Deno.args, {
    command: "deno task schedule",
    flags: {
      batch: { ...wholeNumber(1, 50), help: "months at most (10, or those named)" },
      from: { ...wholeNumber(MIN_YEAR, MAX_YEAR), help: "first year" },
      to: { ...wholeNumber(MIN_YEAR, MAX_YEAR), help: "last year" },
      months: { ...monthRanges(), help: "only these, such as 2012-01..2012-06,2013-02" },
      variant: { ...oneOf(PROMPT_VARIANTS), help: "prompt for these months" },
      "max-cost": { ...dollars(), help: "the most this run may cost" },
      stale: { ...flag(), help: "completed months that would be made otherwise today" },
      rerun: { ...flag(), help: "of --months, also the completed ones" },
      "ask-afresh": { ...flag(), help: "with --stale or --rerun: forget earlier answers" },
      "force-retry": { ...flag(), help: "also failed months, with a fresh budget" },
      "include-recent": { ...flag(), help: "also months too recent to be in catalogues" },
      "dry-run": { ...flag(), help: "only name the months, and what they will take" },
      json: { ...flag(), help: "print the answer as JSON" },
    },
  });
  const body = {
    ...(options.batch === undefined ? {} : { batch_size: options.batch }),
    year_range: {
      ...(options.from === undefined ? {} : { start: options.from }),
      ...(options.to === undefined ? {} : { end: options.to }),
    },
    ...(options.months === undefined ? {} : { months: options.months.map(monthKey) }),
    ...(options.variant === undefined ? {} : { prompt_variant: options.variant }),
    ...(options["max-cost"] === undefined ? {} : { max_cost_usd: options["max-cost"] }),
    stale: options.stale,
    rerun: options.rerun,
    ask_afresh: options["ask-afresh"],
    force_retry: options["force-retry"],
    include_recent: options["include-recent"],
    dry_run: options["dry-run"],
  };
  const checked = check(body);
  const { whole, answer } = await (checked.dry_run ? preview(body, checked) : start(body));
  writeLine(json ? JSON.stringify(whole) : scheduleScreen(cleanTexts(answer)));
});

/** The request as the API would understand it; what it would refuse is refused here. */
function check(body: unknown): ScheduleBody {
  const parsed = scheduleBodySchema.safeParse(body);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) =>
    inFlags(`--${String(path[0]).replaceAll("_", "-")} ${message}`)
  );
  throw new AppError("BAD_REQUEST", problems.join("\n"));
}

type Scheduled = Answered<typeof scheduleBackfillRoute.answer>;

/** Asks the service, which alone can work on what is claimed. */
async function start(body: unknown): Promise<Scheduled> {
  return await callService(commandConfig(), {
    route: scheduleBackfillRoute,
    body,
    whenSilent: (url) =>
      `Nothing answers at ${url}, and months are worked on by a running service: start it with ` +
      `deno task start, or set HOST and PORT to where it listens. --dry-run needs no service`,
  });
}

/** Looks into the database, or asks the service that has it to itself. */
async function preview(body: unknown, checked: ScheduleBody): Promise<Scheduled> {
  const config = commandConfig();
  const log = await openDatabaseOrService(config);
  if (log.kind === "service") {
    const { whenSilent } = log;
    return await callService(config, { route: scheduleBackfillRoute, body, whenSilent });
  }
  try {
    const answer = await previewAnswer(databaseContext(config, log.database), checked);
    return { whole: answer, answer };
  } finally {
    await log.close();
  }
}
