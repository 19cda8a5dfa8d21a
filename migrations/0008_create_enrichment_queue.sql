-- Why: the outbox of new ISBNs, written in the transaction that stores them and drained later.
-- `month_id` is the month that queued the ISBN first: a month's isbns_queued counts its own rows.
-- Locks: nothing that exists. Older code survives it.
CREATE TABLE enrichment_queue (
  isbn13 text PRIMARY KEY REFERENCES edition (isbn13) ON DELETE CASCADE,
  month_id integer REFERENCES backfill_log (id) ON DELETE SET NULL,
  status text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'done', 'failed')),
  attempt_count integer NOT NULL DEFAULT 0,
  queued_at timestamptz NOT NULL,
  done_at timestamptz
);
CREATE INDEX enrichment_queue_pending ON enrichment_queue (queued_at) WHERE status = 'pending';
CREATE INDEX enrichment_queue_by_month ON enrichment_queue (month_id);
