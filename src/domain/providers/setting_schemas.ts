import { z } from "zod";

/** What can be sent in a header without being escaped, by anybody's client. */
const SENDABLE = /^[\x21-\x7e]+$/;
const NOT_SENDABLE =
  "must consist of letters, digits and signs of ASCII, without spaces: others can't " +
  "be sent in a header";

/** Words that are not empty. */
export const text = z.string().trim().min(1);

/** A value that is sent in a header, such as a provider's key. */
export const sendable = text.regex(SENDABLE, NOT_SENDABLE);

/** A whole number within bounds. */
export const wholeNumber = (min: number, max: number, byDefault: number) =>
  z.coerce.number({ error: `must be a whole number from ${min} to ${max}` })
    .int(`must be a whole number from ${min} to ${max}`)
    .min(min, `must be at least ${min}`)
    .max(max, `must be at most ${max}`)
    .default(byDefault);

/** Requests per second, or "unlimited". */
export const perSecond = z.string()
  .transform((value) => value === "unlimited" ? Infinity : Number(value))
  .refine((rate) => rate > 0, 'must be requests per second, or "unlimited"');

/** The same where there is a rate by default. */
export const rate = (byDefault: number) => perSecond.default(byDefault);

/** Calls a day, or "unlimited". */
export const quota = (byDefault: number) =>
  z.string().transform((value) => value === "unlimited" ? Infinity : Number(value))
    .refine(
      (perDay) => perDay === Infinity || Number.isInteger(perDay) && perDay > 0,
      'must be a whole number of calls a day, or "unlimited"',
    )
    .default(byDefault);

/** An address without the slash at its end. */
export const httpUrl = z.url({ protocol: /^https?$/, error: "must be an http(s) URL" })
  .transform((url) => url.replace(/\/+$/, ""));

/** The same where the service has one of its own. */
export const baseUrl = (byDefault: string) => httpUrl.default(byDefault);
