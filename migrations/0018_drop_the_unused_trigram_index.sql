-- Why: no query has ever used `work_title_trigrams`. Titles are compared with similarity(), which a
-- trigram index cannot answer, and only among works of one author, which `work_author_key` finds. All
-- it did was to be kept up to date for every work stored. The extension stays, for similarity().
-- Locks: `work` for a moment, once nobody reads or writes it. Older code survives it.
DROP INDEX work_title_trigrams;
