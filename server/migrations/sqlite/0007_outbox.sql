-- What MLflow servers are to be told, and how far that got. An entry is written
-- with what it tells of, so that neither is there without the other.
CREATE TABLE outbox (
    id INTEGER PRIMARY KEY,
    -- Address of the server.
    uri TEXT NOT NULL,
    -- What is told, by a name that is the same however often it is added.
    subject TEXT NOT NULL UNIQUE,
    created_ms INTEGER NOT NULL,
    -- JSON; empty when it was sent.
    message TEXT NOT NULL,
    -- The model document; empty where there is none, and when it was sent.
    document TEXT NOT NULL,
    -- JSON: what the server has of it by now.
    progress TEXT NOT NULL,
    -- 'waiting', 'sent' or 'refused'.
    state TEXT NOT NULL,
    -- How often it was tried in vain, when it is tried again, and why.
    attempts INTEGER NOT NULL,
    due_ms INTEGER NOT NULL,
    trouble TEXT NOT NULL
);
CREATE INDEX outbox_by_state ON outbox (state, id);
