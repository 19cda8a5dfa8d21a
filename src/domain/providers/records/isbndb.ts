import { providerRecord } from "../provider_record.ts";
import { baseUrl, quota, rate, sendable, wholeNumber } from "../setting_schemas.ts";

/** ISBNdb, where every request is paid for. */
export const isbndb = providerRecord({
  name: "isbndb",
  title: "ISBNdb",
  settings: {
    ISBNDB_API_KEY: sendable.optional(),
    ISBNDB_BASE_URL: baseUrl("https://api2.isbndb.com"),
    ISBNDB_RATE_PER_SECOND: rate(1),
    ISBNDB_DAILY_QUOTA: quota(15_000),
    ISBNDB_QUOTA_BUFFER: wholeNumber(0, 1_000_000, 2_000),
  },
  secrets: ["ISBNDB_API_KEY"],
  resolver: {
    is_paid: true,
    wants: {
      setting: "ISBNDB_API_KEY",
      is_needed: true,
      sentence: "ISBNdb is not asked: set ISBNDB_API_KEY to resolve more books",
    },
    calls_per_lookup: 1,
    quota: { daily: "ISBNDB_DAILY_QUOTA", buffer: "ISBNDB_QUOTA_BUFFER", zone: "utc" },
  },
});
