-- Rules on how models do: the newest row of a model is in force; one without a
-- document takes the rules away.
CREATE TABLE rules (
    id INTEGER PRIMARY KEY,
    model TEXT NOT NULL,
    created_ms INTEGER NOT NULL,
    -- JSON.
    document TEXT
);
CREATE INDEX rules_by_model ON rules (model, id);
-- Looks at models by their rules, with what was done and why.
CREATE TABLE checks (
    id INTEGER PRIMARY KEY,
    model TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    -- JSON.
    document TEXT NOT NULL,
    -- Number of the newest label that a challenger was trained with, where one was:
    -- the next one needs others.
    label INTEGER
);
CREATE INDEX checks_by_model ON checks (model, id);
-- Rules that were broken, and until when.
CREATE TABLE alerts (
    id INTEGER PRIMARY KEY,
    model TEXT NOT NULL,
    measure TEXT NOT NULL,
    since_ms INTEGER NOT NULL,
    until_ms INTEGER
);
CREATE INDEX alerts_by_model ON alerts (model, id);
-- What webhooks are to be told, and how far that got.
CREATE TABLE notices (
    id INTEGER PRIMARY KEY,
    -- A name of its own towards who is told.
    uuid BLOB NOT NULL UNIQUE,
    created_ms INTEGER NOT NULL,
    -- JSON.
    message TEXT NOT NULL,
    -- 'waiting', 'sent' or 'refused'.
    state TEXT NOT NULL,
    -- How often it was tried in vain, when it is tried again, and why.
    attempts INTEGER NOT NULL,
    due_ms INTEGER NOT NULL,
    trouble TEXT NOT NULL
);
CREATE INDEX notices_by_state ON notices (state, id);
CREATE TRIGGER rules_stay BEFORE UPDATE ON rules
BEGIN SELECT RAISE(ABORT, 'rules are changed by a new row'); END;
CREATE TRIGGER rules_remain BEFORE DELETE ON rules
BEGIN SELECT RAISE(ABORT, 'rules are taken away by a new row'); END;
CREATE TRIGGER checks_stay BEFORE UPDATE ON checks
BEGIN SELECT RAISE(ABORT, 'what was decided never changes'); END;
CREATE TRIGGER checks_remain BEFORE DELETE ON checks
BEGIN SELECT RAISE(ABORT, 'what was decided is never removed'); END;
