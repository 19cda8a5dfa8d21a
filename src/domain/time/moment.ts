import { z } from "zod";

/** A moment: text in ISO 8601 where it comes as JSON, a `Date` once it is read. */
export const momentSchema = z.iso.datetime().pipe(z.coerce.date());
