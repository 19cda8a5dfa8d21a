import { providerRecord } from "../provider_record.ts";
import { baseUrl, quota, rate, sendable, wholeNumber } from "../setting_schemas.ts";

/** Google Books. */
export const googleBooks = providerRecord({
  name: "google_books",
  title: "Google Books",
  settings: {
    GOOGLE_BOOKS_API_KEY: sendable.optional(),
    GOOGLE_BOOKS_BASE_URL: baseUrl("https://www.googleapis.com"),
    GOOGLE_BOOKS_RATE_PER_SECOND: rate(1),
    GOOGLE_BOOKS_DAILY_QUOTA: quota(1_000),
    GOOGLE_BOOKS_QUOTA_BUFFER: wholeNumber(0, 1_000_000, 50),
  },
  secrets: ["GOOGLE_BOOKS_API_KEY"],
  resolver: {
    is_paid: false,
    wants: {
      setting: "GOOGLE_BOOKS_API_KEY",
      is_needed: true,
      sentence: "Google Books is not asked: set GOOGLE_BOOKS_API_KEY to resolve more books",
    },
    calls_per_lookup: 1,
    quota: {
      daily: "GOOGLE_BOOKS_DAILY_QUOTA",
      buffer: "GOOGLE_BOOKS_QUOTA_BUFFER",
      zone: "pacific",
    },
  },
});
