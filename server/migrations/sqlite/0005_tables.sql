-- Versions of tables, whose rows are in files beside. What one was never
-- changes; the newest of a name is the one that is meant.
CREATE TABLE table_versions (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    -- From 1, without gaps.
    version INTEGER NOT NULL,
    created_ms INTEGER NOT NULL,
    rows INTEGER NOT NULL,
    rejected INTEGER NOT NULL,
    -- SHA-256 of the rows, whichever way they were written.
    content TEXT NOT NULL,
    -- SHA-256 of the file, which is its name.
    file TEXT NOT NULL,
    -- JSON: columns; where the rows came from; why rows were rejected.
    schema TEXT NOT NULL,
    sources TEXT NOT NULL,
    reasons TEXT NOT NULL,
    UNIQUE (name, version)
);
CREATE TRIGGER table_versions_stay BEFORE UPDATE ON table_versions
BEGIN SELECT RAISE(ABORT, 'a version never changes'); END;
CREATE TRIGGER table_versions_remain BEFORE DELETE ON table_versions
BEGIN SELECT RAISE(ABORT, 'a version is never removed'); END;
