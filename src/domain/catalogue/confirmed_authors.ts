import {
  parseAuthors,
  parseCredits,
  personKey,
  type PersonName,
  withoutHouses,
} from "../names/author_name.ts";
import { areFormsOfOneName } from "../names/author_score.ts";
import { isAlias } from "../names/pen_names.ts";
import { romanisationKey } from "../names/romanisation_key.ts";
import type { ResolverName, WorkCandidate } from "../matching/resolver.ts";
import { foldText } from "../text/fold_text.ts";
import { creditedNames } from "./credited_names.ts";

/** A person who wrote a book, by the records of it. */
export interface BookAuthor {
  /** As most providers write the name; of as many, the fuller form. Given names first. */
  readonly name: string;
  /** The keys of all forms of the name that the records bear, the longest first. */
  readonly name_keys: readonly string[];
}

interface NamedPerson {
  readonly name: string;
  readonly key: string;
  readonly person: PersonName;
  readonly provider: ResolverName;
}

/** One person in all the forms that records name them in. */
type Forms = NamedPerson[];

/** More credits than any book has; what only a damaged record has more is left out. */
const MAX_CREDITS = 200;

/** So many providers must name somebody whom the best record does not. */
const SEVERAL = 2;

/**
 * Who wrote a book: the persons of its best record, which comes first, and those whom several providers and
 * more than half of them name. Two names are one person's where different records have them in the place
 * of each other and they are forms of one name; two people of one record never are. Of a name and a pen name
 * of one person, the one that most providers bear stands for both.
 */
export function confirmedAuthors(records: readonly WorkCandidate[]): BookAuthor[] {
  const known = [
    ...new Map(records.flatMap(surePersons).map((person) => [wholeName(person), person])).values(),
  ];
  const named = records.map((record) => namedPersons(record, known))
    .filter((persons) => persons.length > 0);
  const found: Forms[] = [];
  for (const persons of named) joinRecord(found, persons);
  const providers = new Set(named.flat().map(({ provider }) => provider)).size;
  const best = new Set(named[0]);
  const authors = found.filter((forms) => {
    const votes = providersOf(forms);
    return forms.some((one) => best.has(one)) || (votes >= SEVERAL && votes * 2 > providers);
  });
  return withoutPenNames(authors).map(bookAuthor);
}

function withoutPenNames(authors: readonly Forms[]): Forms[] {
  const kept: Forms[] = [];
  for (const forms of authors.toSorted((a, b) => providersOf(b) - providersOf(a))) {
    if (!kept.some((others) => areOnePersonsNames(others, forms))) kept.push(forms);
  }
  return authors.filter((forms) => kept.includes(forms));
}

/** Whom a credit line names when there are no records: a book nobody could confirm. */
export function namedAuthors(credit: string): BookAuthor[] {
  const names = creditedNames(credit);
  return (names.length > 0 ? names : [credit.trim()]).map((name) => ({
    name,
    name_keys: [personKey(name)],
  }));
}

/** The persons of a record's credits that can be read in one way only. */
function surePersons({ authors }: WorkCandidate): PersonName[] {
  return authors.slice(0, MAX_CREDITS).flatMap((credit) => {
    const persons = parseCredits([credit]);
    return persons.length === 1 && creditedNames(credit).length === 1 && !/&|\band\b/i.test(credit)
      ? persons
      : [];
  });
}

/** Whom a record credits, each once, without the house that published the book. */
function namedPersons(
  { provider, authors, editions }: WorkCandidate,
  known: readonly PersonName[],
): NamedPerson[] {
  const names = withoutHouses({ authors: authors.slice(0, MAX_CREDITS), editions })
    .flatMap((credit) => creditedNames(credit, known));
  const persons = names.flatMap((name): NamedPerson[] => {
    const [person] = parseAuthors(name);
    return person === undefined ? [] : [{ name, key: personKey(name), person, provider }];
  });
  return [...new Map(persons.map((one) => [one.key, one])).values()];
}

/** Adds a record's people to those of the records before it, no two of them to one. */
function joinRecord(found: Forms[], persons: readonly NamedPerson[]): void {
  const taken = new Set<Forms>();
  const take = (one: NamedPerson, isSame: (form: NamedPerson) => boolean): boolean => {
    const forms = found.find((others) => !taken.has(others) && others.some(isSame));
    if (forms === undefined) return false;
    taken.add(forms);
    forms.push(one);
    return true;
  };
  const rest = persons.filter((one) => !take(one, ({ key }) => key === one.key));
  for (const one of rest) {
    if (take(one, (form) => areFormsOfOneName(form.person, one.person))) continue;
    const forms = [one];
    taken.add(forms);
    found.push(forms);
  }
}

function wholeName({ given, family }: PersonName): string {
  return [...given, ...family].join(" ");
}

function providersOf(forms: readonly NamedPerson[]): number {
  return new Set(forms.map(({ provider }) => provider)).size;
}

function areOnePersonsNames(a: Forms, b: Forms): boolean {
  return a.some((one) =>
    b.some((other) => isAlias(wholeName(one.person), wholeName(other.person)))
  );
}

function bookAuthor(forms: Forms): BookAuthor {
  const byName = [...Map.groupBy(forms, ({ name }) => name).values()].map((same) => ({
    name: same[0]!.name,
    person: same[0]!.person,
    votes: providersOf(same),
    fullness: fullness(same[0]!),
  }));
  // Sorting is stable: the best record's form stays first among equals.
  const [shown] = byName.toSorted((a, b) => b.votes - a.votes || b.fullness - a.fullness);
  // Another spelling of the surname is a slip here, and may be somebody else's name elsewhere.
  const isOwn = ({ person }: NamedPerson) => surnameOf(person) === surnameOf(shown!.person);
  const keys = new Set(forms.filter(isOwn).map(({ key }) => key));
  return {
    name: shown!.name,
    name_keys: [...keys].toSorted((a, b) => b.length - a.length),
  };
}

function surnameOf({ family }: PersonName): string {
  return romanisationKey(family.at(-1) ?? "");
}

/** Letters of given names beyond initials, then accents, which a plain keyboard loses. */
function fullness({ name, person }: NamedPerson): number {
  const letters = person.given.reduce((sum, word) => sum + word.length, 0);
  return letters + (foldText(name) === name.toLowerCase() ? 0 : 0.5);
}
