import { z } from "zod";
import { readConnectionUrl } from "./connection_url.ts";

/** DATABASE_URL together with the variables that fill in what it leaves out, as a target. */
export const connectionSetting = z
  .object({ url: z.string(), variables: z.record(z.string(), z.string()) })
  .transform(({ url, variables }, context) => {
    const read = readConnectionUrl(url, variables);
    if ("target" in read) return read.target;
    context.addIssue(read.problem);
    return z.NEVER;
  });
