-- Why: an experiment that is asked to adds the confirmed books of its answers to the catalogue. Each
-- result says how many that were, null when it was not asked; and which answers named an ISBN can be
-- looked up.
-- Locks: `experiment_result` for a moment (nothing is written to the rows; building the index takes as
-- long as there are results). Older code survives it: what it keeps counts as not asked to store.
ALTER TABLE experiment_result
  ADD COLUMN books_stored integer,
  ADD COLUMN isbns_stored integer,
  ADD CHECK ((books_stored IS NULL) = (isbns_stored IS NULL)),
  ADD CHECK (books_stored BETWEEN 0 AND resolved),
  ADD CHECK (isbns_stored BETWEEN 0 AND resolved);
CREATE INDEX experiment_result_by_isbn ON experiment_result USING gin (isbns);
