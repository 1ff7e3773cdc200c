-- Jobs: what is to be done, when, and how it went.
CREATE TABLE jobs (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    created_ms INTEGER NOT NULL,
    -- JSON: what is to be done, and when.
    definition TEXT NOT NULL,
    -- The next time of the clock at which it runs, where it has such times.
    due_ms INTEGER,
    paused_ms INTEGER,
    removed_ms INTEGER
);
-- The name of a job that was removed is free again.
CREATE UNIQUE INDEX jobs_by_name ON jobs (name) WHERE removed_ms IS NULL;
CREATE TABLE job_runs (
    id INTEGER PRIMARY KEY,
    job INTEGER NOT NULL REFERENCES jobs,
    -- 'schedule', 'manual' or 'after'.
    reason TEXT NOT NULL,
    due_ms INTEGER NOT NULL,
    -- 'waiting', 'running', 'succeeded', 'failed', 'cancelled' or 'missed'.
    state TEXT NOT NULL,
    -- Before when it is not tried.
    begin_ms INTEGER NOT NULL,
    ended_ms INTEGER,
    -- When somebody asked that it stop.
    cancelled_ms INTEGER
);
CREATE INDEX job_runs_by_job ON job_runs (job, id);
CREATE INDEX job_runs_open ON job_runs (state, begin_ms) WHERE state IN ('waiting', 'running');
-- One at a time.
CREATE UNIQUE INDEX job_runs_running ON job_runs (job) WHERE state = 'running';
CREATE TABLE job_attempts (
    id INTEGER PRIMARY KEY,
    run INTEGER NOT NULL REFERENCES job_runs,
    started_ms INTEGER NOT NULL,
    ended_ms INTEGER,
    -- 'running', 'succeeded', 'failed', 'timed_out', 'cancelled' or 'broken_off'.
    state TEXT NOT NULL,
    exit_code INTEGER,
    result TEXT,
    log TEXT NOT NULL
);
CREATE INDEX job_attempts_by_run ON job_attempts (run, id);
CREATE UNIQUE INDEX job_attempts_running ON job_attempts (run) WHERE state = 'running';
