-- Why: what is stored is the book and not the spelling it was asked for under. A series is no part of a title
-- and has columns of its own. One author has several names in records ("J. K. Rowling", "Joanne K. Rowling"):
-- `name_keys` holds the keys of all of them, so that a work under any of them finds the author.
-- `credited_as` is the name that the records of the work bear; the author is shown by the one most works bear.
-- Empty and null where an older version stored the work.
-- Locks: `work`, `work_author` and `author` for a moment; the last two against writes while an index is built.
-- Older code survives it: it writes none of these, and finds an author by `name_key` alone.
ALTER TABLE work ADD COLUMN series text, ADD COLUMN series_place text;
ALTER TABLE work_author ADD COLUMN credited_as text;
ALTER TABLE author ADD COLUMN name_keys text[] NOT NULL DEFAULT '{}';

CREATE INDEX author_by_names ON author USING gin (name_keys);
CREATE INDEX work_author_by_author ON work_author (author_id);
