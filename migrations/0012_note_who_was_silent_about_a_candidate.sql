-- Why: a month that completed with books a provider could not be asked about is taken up again when
-- those providers answer, so it must be known who they were.
-- Locks: `candidate` for a moment (a constant default is not written to the rows). Older code survives
-- it: what it stores counts as heard.
ALTER TABLE candidate ADD COLUMN unheard text[] NOT NULL DEFAULT '{}';

CREATE INDEX candidate_unheard ON candidate (month_id) WHERE verdict = 'unavailable';
