import type { EditionCandidate, ResolverName, WorkCandidate } from "../matching/resolver.ts";
import { foldText } from "../text/fold_text.ts";
import { isInCapitals, toTitleCase } from "../text/letter_case.ts";
import { trigramSimilarity } from "../text/trigram_similarity.ts";
import { parseSubtitle } from "../titles/parse_title.ts";
import { isSameText } from "../titles/title_spelling.ts";
import { readStatedTitle, type RecordSeries } from "./stated_title.ts";

/** What a book is called. */
export interface BookTitle {
  readonly title: string;
  readonly subtitle: string | null;
  readonly series: string | null;
  /** Its place in the series as stated, "3" or "4.5"; null when nobody says. */
  readonly series_place: string | null;
}

/** A title one provider bears, in two halves where a colon or the record itself parts it. */
interface Form {
  readonly provider: ResolverName;
  readonly front: string;
  readonly back: string | null;
  /** The two in one text as the record has it; null where the record keeps them apart, or has one only. */
  readonly joined: string | null;
  readonly series: readonly FormSeries[];
  /** Whether it is of the best record or of one that has the confirmed ISBN. */
  readonly isBest: boolean;
}

interface FormSeries extends RecordSeries {
  /** Whether it is a series beyond doubt: it has a place, or another record has the title without it. */
  readonly isSure: boolean;
}

/** From this trigram similarity on (the default of `pg_trgm`), a title is the asked one, however misspelt. */
const ALIKE = 0.3;

const COLON = /\s*:\s+|\s+[–—-]\s+|\s*—\s*/u;

/**
 * What a book is called by its records, the best first: the title that most providers bear, however many
 * editions each has; of as many, the best record's, unless it is unlike the one asked for, as the
 * original title of a translation is. A series goes into its own fields: one in brackets, and what
 * stands before a colon where another record has what follows as its title. Capitals give way to a
 * record without, else to the usual spelling of titles.
 */
export function confirmedTitle(
  { records, edition, asked, series }: {
    records: readonly WorkCandidate[];
    /** The edition whose ISBN was confirmed. */
    edition: EditionCandidate;
    /** The title that was asked for: never the answer by itself. */
    asked: string;
    /** The series that was said with it: it counts only where a record has it in front of the title. */
    series: string | null;
  },
): BookTitle {
  const askedKeys = titleKeys(asked);
  const forms = withoutSeriesInFront(
    records.flatMap((record, index) => formsOf(record, { edition, isBest: index === 0 })),
    { askedKeys, seriesKey: series === null ? null : seriesKey(series) },
  );
  const [chosen] = mostBorne(
    forms,
    ({ front }) => foldText(front),
    ({ front }) => askedKeys.some((key) => trigramSimilarity(key, foldText(front)) >= ALIKE),
  );
  const own = chosen!;
  return { ...wordsOf(own), ...seriesOf(forms) };
}

function titleKeys(asked: string): string[] {
  const { title } = readStatedTitle({ title: asked, subtitle: null, authors: [] });
  return [title, ...title.split(COLON)].map(foldText);
}

function formsOf(
  record: WorkCandidate,
  { edition, isBest }: { edition: EditionCandidate; isBest: boolean },
): Form[] {
  const confirmed = record.editions.filter(({ isbn13 }) => isbn13 === edition.isbn13);
  return [record, ...confirmed].map((named) => {
    const { title, subtitle, series } = readStatedTitle({ ...named, authors: record.authors });
    const [front = title, ...rest] = subtitle === null ? title.split(COLON) : [title];
    const isParted = rest.length > 0 && front !== "";
    return {
      provider: record.provider,
      front: isParted ? front : title,
      back: isParted ? title.slice(front.length).replace(COLON, "") : subtitle,
      joined: isParted ? title : null,
      series: series.map((one) => ({ ...one, isSure: one.place !== null })),
      isBest: isBest || confirmed.length > 0,
    };
  });
}

/**
 * The first half names a series where a record has the second half as its title, or where it is the series that
 * was said with the second half as the title.
 */
function withoutSeriesInFront(
  forms: readonly Form[],
  asked: { askedKeys: readonly string[]; seriesKey: string | null },
): Form[] {
  const bare = new Set(
    forms.filter(({ back }) => back === null).map(({ front }) => foldText(front)),
  );
  return forms.map((form) => {
    const { front, back } = form;
    if (back === null || isTail(back)) return form;
    const isSaid = asked.askedKeys.includes(foldText(back)) && seriesKey(front) === asked.seriesKey;
    const isTitle = bare.has(foldText(back)) && !bare.has(foldText(front));
    if (!isSaid && !isTitle) return form;
    const series = [...form.series, { name: front, place: null, isSure: true }];
    return { ...form, front: back, back: null, joined: null, series };
  });
}

/** Whether a subtitle says only what kind of book this is, or which volume. */
function isTail(subtitle: string): boolean {
  return parseSubtitle(subtitle).subtitle === null;
}

function seriesKey(name: string): string {
  return foldText(name).replace(/^(?:the|an?) /, "").replace(/ series$/, "");
}

/** Groups of forms with one key: those of most providers first, then preferred ones, then the best record's. */
function mostBorne<T extends { readonly provider: ResolverName }>(
  forms: readonly T[],
  keyOf: (form: T) => string,
  isPreferred: (form: T) => boolean = () => false,
): T[][] {
  const groups = [...Map.groupBy(forms, keyOf).values()].map((same) => ({
    same,
    votes: providersOf(same),
    preferred: same.some(isPreferred) ? 1 : 0,
  }));
  // Sorting is stable, and the best record's forms come first.
  return groups.toSorted((a, b) => b.votes - a.votes || b.preferred - a.preferred)
    .map(({ same }) => same);
}

function providersOf(forms: readonly { readonly provider: ResolverName }[]): number {
  return new Set(forms.map(({ provider }) => provider)).size;
}

/** Title and subtitle of forms that agree in the title. */
function wordsOf(forms: readonly Form[]): { title: string; subtitle: string | null } {
  const joined = forms.flatMap(({ joined: text, provider }) =>
    text === null ? [] : [{ text, provider }]
  );
  if (joined.length === forms.length) return { title: mostUsual(joined), subtitle: null };
  return {
    title: mostUsual(forms.map(({ front, provider }) => ({ text: front, provider }))),
    subtitle: subtitleOf(forms),
  };
}

/** The subtitle that most bear; that of another edition, which may be another volume, only where several do. */
function subtitleOf(forms: readonly Form[]): string | null {
  const backs = forms.flatMap(({ back: text, provider, isBest }) =>
    text === null ? [] : [{ text, provider, isBest }]
  );
  const [most] = mostBorne(backs, ({ text }) => foldText(text), ({ isBest }) => isBest);
  if (most === undefined) return null;
  const isBorne = providersOf(most) > 1 || most.some(({ isBest }) => isBest);
  return isBorne ? mostUsual(most) : null;
}

interface Writing {
  readonly text: string;
  readonly provider: ResolverName;
}

/** One text in the letters and signs most use, capitals only where nobody writes otherwise. */
function mostUsual(writings: readonly Writing[]): string {
  const plain = writings.filter(({ text }) => !isOddlyCased(text));
  const [most] = mostBorne(
    plain.length > 0 ? plain : writings,
    ({ text }) => text,
    ({ text }) => foldText(text) !== text.toLowerCase(),
  );
  return mendCapitals(most![0]!.text);
}

/**
 * Whether a program or somebody in a hurry has written the capitals: all or none of them, "The 6Th Extinction",
 * "Battlefront Ii", "As Time Goes by".
 */
function isOddlyCased(text: string): boolean {
  return isInCapitals(text) || (text === text.toLowerCase() && /\p{Ll}/u.test(text)) ||
    /\d(?:Th|St|Nd|Rd)\b|\b(?:Ii|Iii|Iv|Vi|Vii|Viii|Ix)\b|\p{Lu}.* \p{Ll}+$/u.test(text);
}

/** Each half by itself: "STAR LEDGERS: Rogue Salt" is in capitals to the colon. */
function mendCapitals(text: string): string {
  return text.split(/(\s*:\s+)/).map((piece) => isInCapitals(piece) ? toTitleCase(piece) : piece)
    .join("").replace(/(?<=\d)(?:Th|St|Nd|Rd)\b/g, (ending) => ending.toLowerCase());
}

/** A series with a place in it before one without; that only where it is sure or most name it. */
function seriesOf(forms: readonly Form[]): { series: string | null; series_place: string | null } {
  const stated = forms.flatMap(({ series, provider }) =>
    series.map(({ name, place, isSure }) => ({ text: name, place, isSure, provider }))
  );
  const nameKey = ({ text }: { text: string }) => seriesKey(text);
  const numbered = stated.filter(({ place }) => place !== null);
  const [placed] = mostBorne(numbered, nameKey);
  const [named] = mostBorne(stated, nameKey);
  if (placed !== undefined) {
    const same = stated.filter((one) => isSameText(nameKey(one), nameKey(placed[0]!)));
    const [place] = mostBorne(placed, (one) => one.place ?? "");
    return { series: mostUsual(same), series_place: place![0]!.place };
  }
  const isNamed = named !== undefined &&
    (named.some(({ isSure }) => isSure) || providersOf(named) * 2 > providersOf(forms));
  return { series: isNamed ? mostUsual(named) : null, series_place: null };
}
