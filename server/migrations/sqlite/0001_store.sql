-- Names that clients call by, each with its builds over time.
CREATE TABLE models (
    id INTEGER PRIMARY KEY,
    uuid BLOB NOT NULL UNIQUE,
    name TEXT NOT NULL UNIQUE,
    created_ms INTEGER NOT NULL
);

-- A model document; one that is known is not stored again.
CREATE TABLE builds (
    id INTEGER PRIMARY KEY,
    uuid BLOB NOT NULL UNIQUE,
    model INTEGER NOT NULL REFERENCES models,
    created_ms INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    document TEXT NOT NULL,
    UNIQUE (model, sha256)
);

-- The newest deployment of a model answers; earlier ones explain what they
-- answered.
CREATE TABLE deployments (
    id INTEGER PRIMARY KEY,
    uuid BLOB NOT NULL UNIQUE,
    build INTEGER NOT NULL REFERENCES builds,
    created_ms INTEGER NOT NULL
);

CREATE TABLE keys (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    roles TEXT NOT NULL,
    sha256 BLOB NOT NULL UNIQUE,
    created_ms INTEGER NOT NULL,
    expires_ms INTEGER,
    revoked_ms INTEGER
);

-- One row per answer. Of an answer given elsewhere and tracked here, only its
-- times are known.
CREATE TABLE predictions (
    id INTEGER PRIMARY KEY,
    uuid BLOB NOT NULL UNIQUE,
    deployment INTEGER NOT NULL REFERENCES deployments,
    start_ms INTEGER NOT NULL,
    duration_us INTEGER NOT NULL,
    -- Level codes and numbers, in the order of the build's schema.
    input BLOB,
    probability REAL,
    -- How it was explained; the weights follow from the input and the build.
    explained TEXT
);
CREATE INDEX predictions_by_time ON predictions (start_ms);

-- What was tracked besides, as one JSON object per prediction.
CREATE TABLE metrics (
    id INTEGER PRIMARY KEY,
    uuid BLOB NOT NULL UNIQUE,
    recorded_ms INTEGER NOT NULL,
    metrics TEXT NOT NULL
);

-- Ground truth that came later: every value that was ever said, the last of a
-- prediction and key being in force. It may come before its prediction.
CREATE TABLE labels (
    id INTEGER PRIMARY KEY,
    uuid BLOB NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    recorded_ms INTEGER NOT NULL
);
CREATE INDEX labels_by_uuid ON labels (uuid, key);

CREATE TABLE aggregates (
    id INTEGER PRIMARY KEY,
    deployment INTEGER NOT NULL REFERENCES deployments,
    start_ms INTEGER NOT NULL,
    end_ms INTEGER NOT NULL,
    recorded_ms INTEGER NOT NULL,
    metrics TEXT NOT NULL
);
CREATE INDEX aggregates_by_time ON aggregates (start_ms);

CREATE TRIGGER builds_stay BEFORE UPDATE ON builds
BEGIN SELECT RAISE(ABORT, 'a build never changes'); END;
CREATE TRIGGER builds_remain BEFORE DELETE ON builds
BEGIN SELECT RAISE(ABORT, 'a build is never removed'); END;
CREATE TRIGGER deployments_stay BEFORE UPDATE ON deployments
BEGIN SELECT RAISE(ABORT, 'a deployment never changes'); END;
CREATE TRIGGER deployments_remain BEFORE DELETE ON deployments
BEGIN SELECT RAISE(ABORT, 'a deployment is never removed'); END;
CREATE TRIGGER labels_stay BEFORE UPDATE ON labels
BEGIN SELECT RAISE(ABORT, 'a label is corrected by a new one'); END;
