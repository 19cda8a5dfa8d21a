import { parseArgs } from "node:util";
import { z } from "zod";
import { MAX_CAP_USD } from "../domain/money/cost_cap.ts";
import type { Month } from "../domain/months/month.ts";
import { parseMonthRanges } from "../domain/months/month_ranges.ts";
import { AppError } from "../errors.ts";
import { writeLine } from "./exit_on_error.ts";

interface FlagSpec<Value> {
  readonly type: "string" | "boolean";
  readonly schema: z.ZodType<Value>;
  /** What stands for the value in the help; absent for flags without one. */
  readonly placeholder?: string;
}

/** A flag without a value. */
export function flag(): FlagSpec<boolean> & { readonly byDefault: boolean } {
  return { type: "boolean", schema: z.boolean(), byDefault: false };
}

/** A flag whose value is a whole number between the two. */
export function wholeNumber(min: number, max: number): FlagSpec<number> {
  const problem = `must be a whole number from ${min} to ${max}`;
  return {
    type: "string",
    placeholder: "N",
    schema: z.string().regex(/^-?\d+$/, problem).transform(Number)
      .pipe(z.number().min(min, problem).max(max, problem)),
  };
}

/** A flag whose value is any text. */
export function textValue(placeholder: string): FlagSpec<string> {
  return { type: "string", placeholder, schema: z.string().min(1, "must not be empty") };
}

/** A flag whose value is one of the names. */
export function oneOf<const Names extends readonly [string, ...string[]]>(
  names: Names,
): FlagSpec<Names[number]> {
  return {
    type: "string",
    placeholder: "NAME",
    schema: z.enum(names, `must be one of ${names.join(", ")}`),
  };
}

/** A flag whose value is a cap in US dollars. */
export function dollars(): FlagSpec<number> {
  const problem = `must be an amount in US dollars up to ${MAX_CAP_USD}, such as 2.50`;
  return {
    type: "string",
    placeholder: "USD",
    schema: z.string().regex(/^\d+(\.\d+)?$/, problem).transform(Number)
      .pipe(z.number().max(MAX_CAP_USD, problem)),
  };
}

/** A flag whose value is months and ranges of months. */
export function monthRanges(): FlagSpec<readonly Month[]> {
  return {
    type: "string",
    placeholder: "LIST",
    schema: z.string().transform((text, context) => {
      const months = parseMonthRanges(text);
      if (months) return months;
      context.addIssue("must be months and ranges in order, such as 2012-01..2012-06,2013-02");
      return z.NEVER;
    }),
  };
}

type Flags = Readonly<
  Record<string, FlagSpec<unknown> & { readonly help: string; readonly byDefault?: unknown }>
>;

type Values<F extends Flags> = {
  readonly [Name in keyof F]: F[Name] extends FlagSpec<infer Value>
    ? F[Name] extends { readonly byDefault: unknown } ? Value : Value | undefined
    : never;
};

/**
 * Parses command-line flags. `--help` prints them and ends the process.
 *
 * Throws `AppError` BAD_REQUEST naming the flag, what it was and what it must be.
 */
export function parseFlags<const F extends Flags>(
  args: readonly string[],
  { command, flags }: { command: string; flags: F },
): Values<F> {
  const parsed = parse(args, { command, flags });
  if (parsed.help === true) {
    writeLine(helpText(command, flags));
    Deno.exit(0);
  }
  const problems: string[] = [];
  const values: Record<string, unknown> = {};
  for (const [name, spec] of Object.entries(flags)) {
    const given = parsed[name];
    if (given === undefined) {
      values[name] = spec.byDefault;
      continue;
    }
    const result = spec.schema.safeParse(given);
    if (result.success) values[name] = result.data;
    else problems.push(`--${name} ${result.error.issues[0]?.message} (it is "${given}")`);
  }
  if (problems.length > 0) throw new AppError("BAD_REQUEST", problems.join("\n"));
  return values as Values<F>;
}

function parse(
  args: readonly string[],
  { command, flags }: { command: string; flags: Flags },
): Record<string, string | boolean | undefined> {
  const known = Object.fromEntries(
    Object.entries(flags).map(([name, { type }]) => [name, { type }]),
  );
  try {
    return parseArgs({ args: [...args], options: { ...known, help: { type: "boolean" } } })
      .values as Record<string, string | boolean | undefined>;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.split(". ")[0] : String(cause);
    throw new AppError("BAD_REQUEST", `${reason}\n\n${helpText(command, flags)}`, { cause });
  }
}

function helpText(command: string, flags: Flags): string {
  const rows = Object.entries(flags).map(([name, { placeholder, help, byDefault }]) => {
    const usage = `--${name}${placeholder === undefined ? "" : ` ${placeholder}`}`;
    const value = byDefault === undefined || byDefault === false ? "" : ` (${byDefault})`;
    return `  ${usage.padEnd(18)} ${help}${value}`;
  });
  return [command, ...rows].join("\n");
}
