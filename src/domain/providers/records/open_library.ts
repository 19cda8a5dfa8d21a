import { providerRecord } from "../provider_record.ts";
import { baseUrl, perSecond } from "../setting_schemas.ts";

/** Open Library, which lets those go faster who say who they are. */
export const openLibrary = providerRecord({
  name: "open_library",
  title: "Open Library",
  settings: {
    OPEN_LIBRARY_BASE_URL: baseUrl("https://openlibrary.org"),
    OPEN_LIBRARY_RATE_PER_SECOND: perSecond.optional(),
  },
  secrets: [],
  resolver: {
    is_paid: false,
    wants: {
      setting: "CONTACT",
      is_needed: false,
      sentence: "Open Library is asked at its lower rate: set CONTACT to go faster",
    },
    calls_per_lookup: 1.15,
  },
});
