/** A place in a series at the end of a title, as models and shops write it. */
const PLACE_AT_END = /\s*,?\s*(?:#\s*|\b(?:book|bk\.?)\s+#?)(\d+(?:\.\d+)?)\s*$/iu;

/**
 * The ways to read "Insurgent, Divergent #2", a series and a place in it behind a comma: with the series in
 * brackets, where others stand. Titles and series have commas of their own, so every one may be the
 * one; the last comes first. A title that lists no series is read as it is.
 */
export function listedSeriesReadings(title: string): readonly [string, ...string[]] {
  const [place, number] = PLACE_AT_END.exec(title) ?? [];
  if (place === undefined) return [title];
  const text = title.slice(0, -place.length);
  if (/[:–—-]$/.test(text)) return [title];
  const readings = [...text.matchAll(/,\s+/g)].flatMap(({ index, 0: comma }) => {
    const [before, name] = [text.slice(0, index), text.slice(index + comma.length)];
    const isName = /\p{L}/u.test(name) && !/[([;]|\s[-–—]\s|^(?:a|an)\s/iu.test(name) &&
      !VOLUME_WORD_ALONE.test(name) && !VOLUME_INSIDE.test(name);
    return isName ? [`${before} (${name}, #${number})`] : [];
  });
  const [last, ...others] = readings.toReversed();
  return last === undefined ? [title] : [last, ...others];
}

/** "Sin City, Vol. 2: A Dame: Sin City, Book 2": the comma stands before a volume and not before a series. */
const VOLUME_INSIDE = /\b(?:vols?|volumes?|books?|parts?)\b\.?\s*\d/iu;

/** "Saga, Volume #3" names no series. */
const VOLUME_WORD_ALONE = /^(?:vols?|volumes?|tomes?|books?|bks?|parts?|pts?|no|numbers?)\.?$/iu;
