import type postgres from "postgres";
import { AppError, toAppError } from "../../errors.ts";

/** For this long an answer is given again: whoever asks often must not keep the database busy. */
const FRESH_MS = 1_000;
/** A database that takes longer to say that it works is of no use to whoever asks. */
const LIMIT_MS = 10_000;

/**
 * What every month needs, in one round trip: the service's tables are there, they may be written to
 * (an update of no row is refused like any other), and the disk takes a mebibyte. That goes into a
 * temporary file, since a table or the log of changes may still have room of its own while nothing
 * else can be written; it is gone when the statement ends.
 */
const PROBE = `
  SET LOCAL work_mem = '64kB';
  UPDATE control SET id = id WHERE false;
  WITH page AS MATERIALIZED (SELECT repeat('x', 8192) AS bytes FROM generate_series(1, 128))
  SELECT count(bytes) FROM page`;

/** Tells what keeps the database from its work, null when nothing does. Never rejects. */
export type StateReader = () => Promise<AppError | null>;

/**
 * The one judge of whether the database works, behind everything that tells: questions that come
 * together are answered by one look, which serves those of the next second too. `onChange` hears of
 * every change, of one from the beginning only if it is bad.
 */
export function createStateReader(
  sql: postgres.Sql,
  { onChange }: { onChange: (trouble: AppError | null) => void },
): StateReader {
  let looking: Promise<AppError | null> | null = null; // never rejects
  let known: AppError | null = null;

  async function look(): Promise<AppError | null> {
    const answer = sql.unsafe(PROBE).then(() => null, toAppError);
    const trouble = await withinLimit(answer);
    // While a late answer is still to come, who asks hears of the trouble at once.
    void answer.finally(() => Deno.unrefTimer(setTimeout(() => looking = null, FRESH_MS)));
    return trouble;
  }

  return async () => {
    looking ??= look();
    const trouble = await looking;
    if (trouble?.code !== known?.code) onChange(trouble);
    known = trouble;
    return trouble;
  };
}

async function withinLimit(looking: Promise<AppError | null>): Promise<AppError | null> {
  const silence = Promise.withResolvers<AppError>();
  const timer = setTimeout(() =>
    silence.resolve(
      new AppError(
        "DATABASE_UNREACHABLE",
        `The database cannot work at present: it has not answered for ${LIMIT_MS / 1000} seconds`,
      ),
    ), LIMIT_MS);
  try {
    return await Promise.race([looking, silence.promise]);
  } finally {
    clearTimeout(timer);
  }
}
