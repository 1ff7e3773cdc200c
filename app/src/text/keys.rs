//! The keys of every page.

/// Keys with commas between them, and what they do.
pub type Keys = &'static [(&'static str, &'static str)];

pub const KEYS: &str = "Keys";
pub const SHOW_KEYS: &str = "Keys (?)";

pub const KEYS_EVERYWHERE: Keys = &[
    ("?", "This list"),
    ("Tab, Shift+Tab", "Next control, previous control"),
    ("Enter, Space", "Press it"),
    ("Esc", "Close what is open"),
];

pub const KEYS_OF_SEARCH: Keys = &[
    ("/", "Search"),
    ("↓, ↑", "In the search: suggestions; Enter takes one"),
];

pub const KEYS_OF_TABLE: Keys = &[
    ("Enter", "On a column's head: sort by it"),
    ("Shift+Enter", "On a column's head: sort by it, too"),
    (
        "Alt+→, Alt+←, Alt+0",
        "On a column's head: wider, narrower, as it was",
    ),
    (
        "↓, ↑, PgDn, PgUp, Home, End",
        "In the table: another customer",
    ),
    ("Enter", "In the table: open the customer"),
    ("S", "In the table: star the customer"),
    (
        "Shift+↓, Shift+↑",
        "In the table: star it and the next, it and the previous",
    ),
    ("P", "In the table: pin the customer to the top"),
];

pub const KEYS_OF_CUSTOMER: Keys = &[
    ("J, K", "Next customer, previous customer"),
    ("→, ←", "Another level; one step of a slider"),
    ("PgUp, PgDn", "A large step of a slider"),
    ("Ctrl+Z", "Undo"),
    ("Ctrl+Shift+Z, Ctrl+Y", "Redo"),
    ("Esc", "End a preview"),
];

pub const KEYS_OF_MODEL: Keys = &[("→, ←, PgUp, PgDn", "On the slider: another cut")];

pub const KEYS_OF_LINEAGE: Keys = &[
    ("→, ←", "In the drawing: next one, previous one"),
    ("Enter, Space", "What it came from, and what came from it"),
];

pub const KEYS_OF_DATA: Keys = &[
    ("→, ←", "In a chart: next part, previous part"),
    ("Enter, Space", "On a part of a chart: filter by it"),
];
