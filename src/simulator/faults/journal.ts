import type { Clock } from "../../clock.ts";
import { AppError } from "../../errors.ts";
import { type CalendarDay, dayIn } from "../books/calendar_day.ts";
import type { FaultKind } from "./faults.ts";
import type { RequestSubject } from "../service/request_subject.ts";
import type { ServiceName } from "../service/service_names.ts";

/** One request that reached a service. */
export interface JournalEntry {
  /** Counts from 1 in order of arrival and is never reused, also after a clear. */
  readonly seq: number;
  /** Moment of arrival, ISO 8601 in UTC. */
  readonly at: string;
  readonly service: ServiceName;
  readonly method: string;
  /** Path and query below the service, without keys. */
  readonly path: string;
  /** The month a generator was asked for, `YYYY-MM`. */
  month?: string;
  /** What a resolver was asked for. */
  query?: { title?: string; author?: string; isbns?: readonly string[] };
  /** What the request took of the service's allowance, such as the ISBNs of a batch of ISBNdb. */
  readonly cost: number;
  /** Null while the request is being answered; 499 when the client left first. */
  status: number | null;
  fault?: FaultKind;
  /** True once the whole body was handed over to the client. */
  answered: boolean;
}

/** Which entries are meant; an absent field means any. */
export interface JournalFilter {
  readonly service?: ServiceName;
  readonly status?: number;
  readonly month?: string;
  /** Only entries with a greater `seq`. */
  readonly since?: number;
}

/** Every request the simulator got, in order of arrival. */
export interface Journal {
  count(filter?: JournalFilter): number;
  entries(filter?: JournalFilter): readonly Readonly<JournalEntry>[];
  /** The most requests that reached a service within any second, wherever that second begins. */
  peakPerSecond(service: ServiceName): number;
  /** Requests that reached a service on one day of a time zone's calendar. */
  countOn(service: ServiceName, day: CalendarDay): number;
  /** What the requests of that day took of the service's allowance. */
  costOn(service: ServiceName, day: CalendarDay): number;
  clear(): void;
}

/** The journal as its writers see it. */
export interface WritableJournal extends Journal {
  /** Enters a request on arrival, so that one that is still held can be seen. */
  open(request: Pick<JournalEntry, "service" | "method" | "path"> & RequestSubject): JournalEntry;
  /** Says that an entry changes no more; its line in the journal file is written now. */
  finish(entry: JournalEntry): void;
  /** Closes the journal file; entries that were never finished are written as they are. */
  close(): void;
}

/** The status nginx logs for a client that closed the connection before it was answered. */
export const CLIENT_LEFT = 499;

function matches(entry: JournalEntry, filter: JournalFilter): boolean {
  return (filter.service === undefined || entry.service === filter.service) &&
    (filter.status === undefined || entry.status === filter.status) &&
    (filter.month === undefined || entry.month === filter.month) &&
    (filter.since === undefined || entry.seq > filter.since);
}

const SECOND_MS = 1_000;

function peakWithinSecond(entries: readonly JournalEntry[]): number {
  const arrivals = entries.map(({ at }) => Date.parse(at)).sort((a, b) => a - b);
  let peak = 0;
  let first = 0;
  arrivals.forEach((arrival, last) => {
    while (arrival - (arrivals[first] ?? arrival) >= SECOND_MS) first++;
    peak = Math.max(peak, last - first + 1);
  });
  return peak;
}

function openForAppending(path: string): Deno.FsFile {
  try {
    return Deno.openSync(path, { create: true, append: true });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AppError(
      "BAD_REQUEST",
      `Cannot write the journal to ${path} (${reason}): name a file in a folder that can be written`,
      { cause },
    );
  }
}

interface LineWriter {
  write(entry: JournalEntry): void;
  close(): void;
}

function lineWriter(path: string): LineWriter {
  const file = openForAppending(path);
  const encoder = new TextEncoder();
  return {
    write: (entry) => void file.writeSync(encoder.encode(JSON.stringify(entry) + "\n")),
    close: () => file.close(),
  };
}

/**
 * Opens a journal; with `file`, each finished entry is appended to it as one JSON line.
 * Throws `AppError` BAD_REQUEST when the file cannot be opened.
 */
export function createJournal(options: { clock: Clock; file?: string }): WritableJournal {
  let writer = options.file === undefined ? null : lineWriter(options.file);
  const unwritten = new Set<JournalEntry>();
  let all: JournalEntry[] = [];
  let lastSeq = 0;
  const onDay = (service: ServiceName, { day, timeZone }: CalendarDay): JournalEntry[] =>
    all.filter((entry) => entry.service === service && dayIn(timeZone, new Date(entry.at)) === day);
  return {
    open({ service, method, path, month, query, cost = 1 }) {
      const entry: JournalEntry = {
        seq: ++lastSeq,
        at: options.clock.now().toISOString(),
        service,
        method,
        path,
        ...(month === undefined ? {} : { month }),
        ...(query === undefined ? {} : { query }),
        cost,
        status: null,
        answered: false,
      };
      all.push(entry);
      unwritten.add(entry);
      return entry;
    },
    finish(entry) {
      if (unwritten.delete(entry)) writer?.write(entry);
    },
    count: (filter = {}) => all.filter((entry) => matches(entry, filter)).length,
    entries: (filter = {}) => all.filter((entry) => matches(entry, filter)),
    peakPerSecond: (service) => peakWithinSecond(all.filter((entry) => entry.service === service)),
    countOn: (service, day) => onDay(service, day).length,
    costOn: (service, day) => onDay(service, day).reduce((sum, { cost }) => sum + cost, 0),
    clear() {
      all = [];
    },
    close() {
      for (const entry of unwritten) writer?.write(entry);
      unwritten.clear();
      writer?.close();
      writer = null;
    },
  };
}
