-- Experiments: the runs of one grid, on the same customers with the same held out.
CREATE TABLE experiments (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    created_ms INTEGER NOT NULL,
    -- JSON: all that the runs follow from, but for the data.
    plan TEXT NOT NULL,
    data_name TEXT NOT NULL,
    data_hash TEXT NOT NULL,
    train_rows INTEGER NOT NULL,
    -- Positions of the rows held out with their outcomes, four bytes each.
    held_out BLOB NOT NULL
);
CREATE TABLE runs (
    id INTEGER PRIMARY KEY,
    experiment INTEGER NOT NULL REFERENCES experiments,
    -- From 1, without gaps.
    number INTEGER NOT NULL,
    -- JSON: what was chosen, by name.
    params TEXT NOT NULL,
    UNIQUE (experiment, number)
);
-- Each time that a run was begun. One that was broken off is begun anew.
CREATE TABLE run_attempts (
    id INTEGER PRIMARY KEY,
    run INTEGER NOT NULL REFERENCES runs,
    started_ms INTEGER NOT NULL,
    broken_off_ms INTEGER,
    -- JSON: versions of the program and of the machine, by name.
    environment TEXT NOT NULL
);
CREATE INDEX run_attempts_by_run ON run_attempts (run);
-- How a run ended, which it does once.
CREATE TABLE run_results (
    id INTEGER PRIMARY KEY,
    run INTEGER NOT NULL UNIQUE REFERENCES runs,
    ended_ms INTEGER NOT NULL,
    error TEXT,
    sha256 TEXT,
    document TEXT,
    -- Probability from which a customer is taken to leave.
    threshold REAL,
    -- Probabilities of the rows held out, eight bytes each, in their order.
    probabilities BLOB
);
CREATE TABLE run_metrics (
    id INTEGER PRIMARY KEY,
    run INTEGER NOT NULL REFERENCES runs,
    name TEXT NOT NULL,
    step INTEGER NOT NULL,
    value REAL NOT NULL,
    UNIQUE (run, name, step)
);
-- The newest row of a name is in force; one without a value takes it away.
CREATE TABLE run_tags (
    id INTEGER PRIMARY KEY,
    run INTEGER NOT NULL REFERENCES runs,
    name TEXT NOT NULL,
    value TEXT,
    created_ms INTEGER NOT NULL
);
CREATE INDEX run_tags_by_name ON run_tags (run, name);
CREATE TRIGGER experiments_stay BEFORE UPDATE ON experiments
BEGIN SELECT RAISE(ABORT, 'an experiment never changes'); END;
CREATE TRIGGER experiments_remain BEFORE DELETE ON experiments
BEGIN SELECT RAISE(ABORT, 'an experiment is never removed'); END;
CREATE TRIGGER runs_stay BEFORE UPDATE ON runs
BEGIN SELECT RAISE(ABORT, 'a run never changes'); END;
CREATE TRIGGER runs_remain BEFORE DELETE ON runs
BEGIN SELECT RAISE(ABORT, 'a run is never removed'); END;
CREATE TRIGGER run_results_stay BEFORE UPDATE ON run_results
BEGIN SELECT RAISE(ABORT, 'a run ends once'); END;
CREATE TRIGGER run_results_remain BEFORE DELETE ON run_results
BEGIN SELECT RAISE(ABORT, 'how a run ended is never removed'); END;
CREATE TRIGGER run_metrics_stay BEFORE UPDATE ON run_metrics
BEGIN SELECT RAISE(ABORT, 'what was measured never changes'); END;
CREATE TRIGGER run_metrics_remain BEFORE DELETE ON run_metrics
BEGIN SELECT RAISE(ABORT, 'what was measured is never removed'); END;
CREATE TRIGGER run_tags_stay BEFORE UPDATE ON run_tags
BEGIN SELECT RAISE(ABORT, 'a tag is changed by a new row'); END;
CREATE TRIGGER run_tags_remain BEFORE DELETE ON run_tags
BEGIN SELECT RAISE(ABORT, 'a tag is taken away by a new row'); END;
CREATE TRIGGER run_attempts_stay BEFORE UPDATE ON run_attempts
WHEN (NEW.id <> OLD.id OR NEW.run <> OLD.run OR NEW.started_ms <> OLD.started_ms
    OR NEW.environment <> OLD.environment OR OLD.broken_off_ms IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'an attempt is broken off once, and never changes else'); END;
