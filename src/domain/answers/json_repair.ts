import { jsonrepair } from "jsonrepair";

/**
 * The longest text worth repairing in one piece; fifty times what a list of twenty books takes. The
 * repair takes time by the square of the length: 64,000 characters full of faults take half a second.
 */
const MAX_CHARACTERS = 64_000;

/**
 * JSON that is complete but malformed: missing commas and brackets, single or typographic quotes,
 * quotes within texts, Python's and JavaScript's constants, comments, raw line breaks. The text must
 * begin and end with a bracket: of one that was cut off the other half would be invented. Undefined when
 * it cannot be repaired, and when a repair would have to take words of the text for names of fields.
 */
export function repairJson(text: string): unknown {
  if (text.length > MAX_CHARACTERS) return undefined;
  try {
    const value: unknown = JSON.parse(jsonrepair(withoutHashComments(text)));
    return isTrusted(value, text) ? withApostrophes(value, text) : undefined;
  } catch {
    // That it cannot be repaired is the answer to the question, in this package's way to give it.
    return undefined;
  }
}

/** Python's comments, which the package does not know, where nothing before them could be a text. */
function withoutHashComments(text: string): string {
  return text.replace(/([,{[\]}]|^)([ \t]*)#[^"'\n]*$/gm, "$1$2");
}

/** A quote within a text may end it by mistake; what follows then becomes a field that nobody wrote. */
function isTrusted(value: unknown, text: string): boolean {
  return namesIn(value).values().every((name) => isWrittenAsName(name, text));
}

function namesIn(value: unknown, names = new Set<string>()): ReadonlySet<string> {
  if (typeof value !== "object" || value === null) return names;
  for (const [name, field] of Object.entries(value)) {
    if (!Array.isArray(value)) names.add(name);
    namesIn(field, names);
  }
  return names;
}

/** Before a colon, or in quotes where the colon was forgotten. */
function isWrittenAsName(name: string, text: string): boolean {
  const escaped = RegExp.escape(name);
  return new RegExp(`${escaped}\\\\?["'“”‘’\`]?\\s*:|["']${escaped}["']\\s+["'\\d[{]`).test(text);
}

/** The apostrophe of a text in single quotes comes out of the repair as a quotation mark. */
function withApostrophes(value: unknown, text: string): unknown {
  if (text.includes('"') && !/[{,[]\s*'/.test(text)) return value;
  const quotes = text.includes('"') ? /(?<=\p{L})"(?=\p{L})/gu : /"/g;
  return JSON.parse(
    JSON.stringify(value),
    (_name, field) => typeof field === "string" ? field.replace(quotes, "'") : field,
  );
}
