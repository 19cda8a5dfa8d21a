-- Why: an ISBN that was found is provisional until the provider that gives second opinions was heard
-- about it; when it cannot be asked, that is a state, seen here and taken up again, and not an end. What
-- waits is not handed out for enrichment: its entry is held. Of the ISBNs stored so far nobody knows
-- which were shown to ISBNdb and unknown there; where it was ever asked, those without its word wait.
-- Locks: the three tables while their rows are marked. Older code survives it, and marks nothing.
ALTER TABLE resolution
  ADD COLUMN check_state text NOT NULL DEFAULT 'not_needed'
    CHECK (check_state IN ('not_needed', 'waiting', 'checked')),
  ADD COLUMN check_waits_since timestamptz;
ALTER TABLE edition
  ADD COLUMN check_state text NOT NULL DEFAULT 'not_needed'
    CHECK (check_state IN ('not_needed', 'waiting', 'checked')),
  ADD COLUMN check_waits_since timestamptz;
ALTER TABLE enrichment_queue
  DROP CONSTRAINT enrichment_queue_status_check,
  ADD CONSTRAINT enrichment_queue_status_check
    CHECK (status IN ('held', 'pending', 'done', 'failed'));

UPDATE resolution r SET
  check_state = CASE WHEN is_heard THEN 'checked' ELSE 'waiting' END,
  check_waits_since = CASE WHEN NOT is_heard THEN now() END
FROM (
  SELECT key, jsonb_exists(decision -> 'providers', 'isbndb') OR EXISTS (
    SELECT 1 FROM evidence e WHERE e.resolution_key = key AND e.provider = 'isbndb'
      AND jsonb_array_length(e.works) > 0
  ) AS is_heard
  FROM resolution WHERE verdict = 'found'
) AS found
WHERE r.key = found.key AND EXISTS (SELECT 1 FROM evidence WHERE provider = 'isbndb');

UPDATE edition e SET check_state = r.check_state, check_waits_since = r.check_waits_since
FROM resolution r WHERE r.key = e.resolution_key AND r.isbn13 = e.isbn13;
-- Those whose decision has been replaced since.
UPDATE edition e SET check_state = 'waiting', check_waits_since = now()
WHERE EXISTS (SELECT 1 FROM evidence WHERE provider = 'isbndb') AND NOT EXISTS (
  SELECT 1 FROM resolution r WHERE r.key = e.resolution_key AND r.isbn13 = e.isbn13
);

ALTER TABLE resolution ADD CONSTRAINT resolution_says_since_when_it_waits
  CHECK ((check_state = 'waiting') = (check_waits_since IS NOT NULL));
ALTER TABLE resolution ADD CONSTRAINT resolution_checks_what_was_found
  CHECK (check_state <> 'waiting' OR verdict = 'found');
ALTER TABLE edition ADD CONSTRAINT edition_says_since_when_it_waits
  CHECK ((check_state = 'waiting') = (check_waits_since IS NOT NULL));

CREATE INDEX resolution_waiting ON resolution (isbn13) WHERE check_state = 'waiting';
CREATE INDEX edition_waiting ON edition (isbn13) WHERE check_state = 'waiting';
