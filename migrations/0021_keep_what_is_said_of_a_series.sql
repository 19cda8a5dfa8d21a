-- Why: models name a book's series and its number in it apart from the title (prompt version 2). A
-- candidate keeps them as they were said, a decision those that it was made with: they are no part of
-- its key, so that what is known of a book is not asked again, but a book that was not found may be
-- decided anew, from the answers that are there, when its series is said for the first time. Results of
-- an experiment are told apart by the version of the prompt as well, so that two can be compared.
-- Locks: the three tables for a moment; the index of the results is built while they are locked.
-- Older code survives it: what it stores names no series.
ALTER TABLE candidate ADD COLUMN series text, ADD COLUMN number text;
ALTER TABLE resolution ADD COLUMN series text, ADD COLUMN number text;

ALTER TABLE experiment_result
  DROP CONSTRAINT experiment_result_experiment_id_month_id_generator_model_pr_key,
  ADD CONSTRAINT experiment_result_of_one_question
    UNIQUE (experiment_id, month_id, generator, model, prompt_variant, prompt_version);
