import { z } from "zod";

/** A JSON object with these fields and no others, and what to say of anything else. */
export function bodySchema<Fields extends z.ZodRawShape>(fields: Fields) {
  const names = Object.keys(fields);
  const known = names.length === 2 ? names.join(" and ") : names.join(", ");
  const sentence = `is not a field of this request: ${known} ${names.length === 1 ? "is" : "are"}`;
  return z.strictObject(fields, {
    error: ({ code }) => code === "unrecognized_keys" ? sentence : "must be a JSON object",
  });
}
