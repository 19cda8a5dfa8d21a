import {
  configure,
  getJsonLinesFormatter,
  getLogger,
  type LogLevel,
  type LogRecord,
} from "@logtape/logtape";
import { escapeUnprintable } from "./domain/text/clean_text.ts";
import type { Redact } from "./domain/text/redaction.ts";
import { AppError } from "./errors.ts";

export type LogFields = Readonly<Record<string, unknown>>;

/**
 * Named events with fields. An event is a stable snake_case name, logged once, where it is handled.
 * An `error` field is written as its code, message and causes.
 */
export interface Log {
  debug(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
  /** The same log with these fields on every line. */
  with(fields: LogFields): Log;
}

export interface LogSettings {
  readonly level: LogLevel;
  readonly format: "json" | "text";
  /** Takes secrets out of every line. */
  readonly redact: Redact;
}

const CATEGORY = "alexandria";

/**
 * Sends the lines of every {@linkcode createLog} to standard error from now on: one an event, whatever
 * its fields hold, without secrets and without what a terminal would obey.
 */
export async function configureLog({ level, format, redact }: LogSettings): Promise<void> {
  const encoder = new TextEncoder();
  const toLine = format === "json"
    ? getJsonLinesFormatter({ message: "rendered", properties: "flatten" })
    : formatText;
  await configure({
    reset: true,
    sinks: {
      stderr(record): void {
        const line = escapeUnprintable(redact(toLine(record).trimEnd())).replaceAll("\n", "\\n");
        Deno.stderr.writeSync(encoder.encode(`${line}\n`));
      },
    },
    loggers: [
      { category: [CATEGORY], sinks: ["stderr"], lowestLevel: level },
      { category: ["logtape", "meta"], sinks: ["stderr"], lowestLevel: "error" },
    ],
  });
}

/** The log of this process; silent until {@linkcode configureLog} was called. */
export function createLog(fields: LogFields = {}): Log {
  const logger = getLogger([CATEGORY]).with({ ...fields });
  const write = (level: "debug" | "info" | "warn" | "error") => {
    return (event: string, more: LogFields = {}): void => {
      logger[level](event, { event, ...plain(more) });
    };
  };
  return {
    debug: write("debug"),
    info: write("info"),
    warn: write("warn"),
    error: write("error"),
    with: (more) => createLog({ ...fields, ...more }),
  };
}

function plain(fields: LogFields): Record<string, unknown> {
  if (!(fields.error instanceof Error)) return { ...fields };
  return { ...fields, error: describeError(fields.error) };
}

/** An error and its causes as plain data; the stack only of what nobody expected. */
function describeError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { message: String(error) };
  return {
    ...(error instanceof AppError ? { code: error.code, ...error.details } : { name: error.name }),
    message: error.message,
    ...(error instanceof AppError && error.code !== "INTERNAL" ? {} : { stack: error.stack }),
    ...(error.cause === undefined ? {} : { cause: describeError(error.cause) }),
  };
}

/** Anything else is quoted, so that no value looks like another field. */
const PLAIN_WORD = /^[^\s"=]+$/;

function formatText(record: LogRecord): string {
  const time = new Date(record.timestamp).toISOString();
  const { event, ...fields } = record.properties;
  const pairs = Object.entries(fields).map(([key, value]) =>
    `${key}=${typeof value === "string" && PLAIN_WORD.test(value) ? value : JSON.stringify(value)}`
  );
  return `${time} ${record.level.padEnd(7)} ${String(event)} ${pairs.join(" ")}\n`;
}
