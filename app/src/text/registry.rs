//! Texts about the builds of a model.

pub const WHICH_ANSWERS: &str = "Which build answers?";
pub const REGISTRY_HELP: &str = "A build is a model that never changes. Another one answers \
    from the next request on; what was predicted stays explained by the build that did.";
pub const BUILD_HEADS: [&str; 5] = ["Version", "Aliases", "Built", "SHA-256", ""];
pub const ANSWERS: &str = "Answers";
pub const DELETED: &str = "Deleted";
pub const LET_ANSWER: &str = "Let it answer";
pub const WHEN_ANSWERED: &str = "Which answered when";
pub const ROLL_BACK: &str = "Bring the one before back";
pub const HISTORY_HEADS: [&str; 4] = ["Version", "From", "Until", ""];
pub const NOW: &str = "now";
pub const ROLLED_BACK: &str = "brought back";
