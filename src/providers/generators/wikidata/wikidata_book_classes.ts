/**
 * Classes (P31) of items that are books; the query asks for these and nothing below them, since
 * following subclasses would take the service longer than it allows.
 * Source: Wikidata, labels of these items.
 */
export const BOOK_CLASSES: readonly string[] = [
  "Q571", // book
  "Q7725634", // literary work
  "Q47461344", // written work
  "Q8261", // novel
  "Q149537", // novella
  "Q3331189", // version, edition or translation
  "Q57933693", // book edition
  "Q1279564", // short story collection
  "Q12106333", // poetry collection
  "Q690851", // essay collection
  "Q105420", // anthology
  "Q20540385", // non-fiction book
  "Q193495", // monograph
  "Q36279", // biography
  "Q4184", // autobiography
  "Q112983", // memoir
  "Q8275050", // children's book
  "Q11825892", // young adult novel
  "Q747381", // light novel
  "Q725377", // graphic novel
];

/**
 * Classes and forms (P7937) of items that are no single book, whatever else they are said to be.
 * Source: Wikidata, labels of these items.
 */
const OTHER_CLASSES: ReadonlySet<string> = new Set([
  "Q49084", // short story
  "Q5185279", // poem
  "Q35760", // essay
  "Q191067", // article
  "Q13442814", // scholarly article
  "Q1002697", // periodical
  "Q41298", // magazine
  "Q11032", // newspaper
  "Q5633421", // scientific journal
  "Q1004", // comics
  "Q1760610", // comic book
  "Q838795", // comic strip
  "Q14406742", // comic book series
  "Q8274", // manga
  "Q21198342", // manga series
  "Q277759", // book series
  "Q1667921", // novel series
  "Q13593966", // trilogy
  "Q7725310", // series of creative works
  "Q11424", // film
  "Q24862", // short film
  "Q506240", // television film
  "Q5398426", // television series
  "Q21191270", // television series episode
  "Q7889", // video game
  "Q482994", // album
  "Q7366", // song
  "Q106833", // audiobook
  "Q122731938", // audiobook edition
]);

/** True when one of an item's classes or forms says that it is no book. */
export function isOtherThanBook(classIds: readonly string[]): boolean {
  return classIds.some((id) => OTHER_CLASSES.has(id));
}
