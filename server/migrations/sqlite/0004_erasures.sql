-- That something was erased, in one row: who sums up predictions learns from it
-- that some are gone.
CREATE TABLE erasures (
    id INTEGER PRIMARY KEY,
    -- How often predictions were erased by name.
    times INTEGER NOT NULL,
    -- All from before this moment were erased for their age.
    before_ms INTEGER NOT NULL
);
