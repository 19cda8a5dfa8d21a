import type { z } from "zod";
import type { Config } from "../config.ts";
import { AppError } from "../errors.ts";

/**
 * What the running service answered, as `schema` reads it; fields it does not name are left out.
 *
 * Throws `AppError` CONFIG_INVALID when a field is missing or is not what it should be: the service is
 * of another version than this command.
 */
export function checkAnswer<Schema extends z.ZodType>(
  answer: unknown,
  { schema, config }: { schema: Schema; config: Config },
): z.infer<Schema> {
  const parsed = schema.safeParse(answer);
  if (parsed.success) return parsed.data;
  const [first] = parsed.error.issues;
  const field = first?.path.map(String).join(".") || "its answer";
  throw new AppError(
    "CONFIG_INVALID",
    `The running service at http://${config.HOST}:${config.PORT} is of another version: ${field} is ` +
      `not as expected (${first?.message}). Restart it with the version of this command, or run the ` +
      `command of its version.`,
  );
}
