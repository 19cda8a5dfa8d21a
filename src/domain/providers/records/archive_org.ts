import { providerRecord } from "../provider_record.ts";
import { baseUrl, rate } from "../setting_schemas.ts";

/** The Internet Archive. */
export const archiveOrg = providerRecord({
  name: "archive_org",
  title: "the Internet Archive",
  settings: {
    ARCHIVE_ORG_BASE_URL: baseUrl("https://archive.org"),
    ARCHIVE_ORG_RATE_PER_SECOND: rate(1),
  },
  secrets: [],
  resolver: { is_paid: false, wants: null, calls_per_lookup: 1 },
});
