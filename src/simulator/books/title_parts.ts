/** A title as library catalogues keep it: apart from its subtitle and without a series note. */
export interface TitleParts {
  readonly title: string;
  readonly subtitle: string | null;
}

const TRAILING_BRACKET = /\s*\(([^()]*#[^()]*)\)\s*$/;
const SEVERAL_VOLUMES = /#\s*\d+(?:\.\d+)?\s*[-–—&,+]\s*#?\d/;

/**
 * Splits `Title: Subtitle (Series, #3)`. A bracket that names several volumes ("#1-3") stays: it is
 * the only sign that the record is a set and not the first volume.
 */
export function splitTitle(raw: string): TitleParts {
  const bracket = TRAILING_BRACKET.exec(raw)?.[1];
  const isSeriesNote = bracket !== undefined && !SEVERAL_VOLUMES.test(bracket);
  const stripped = isSeriesNote ? raw.replace(TRAILING_BRACKET, "") : raw;
  const text = stripped.trim() === "" ? raw.trim() : stripped.trim();
  const colon = text.indexOf(": ");
  if (colon <= 0) return { title: text, subtitle: null };
  const subtitle = text.slice(colon + 2).trim();
  return subtitle === ""
    ? { title: text, subtitle: null }
    : { title: text.slice(0, colon).trim(), subtitle };
}

/** `Title: Subtitle`, or the title alone. */
export function joinTitle({ title, subtitle }: TitleParts): string {
  return subtitle === null ? title : `${title}: ${subtitle}`;
}
