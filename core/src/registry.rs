//! What a server tells of the builds of its models, and which of them answered
//! when: the shapes of its answers, which the page reads.

use serde::{Deserialize, Serialize};

/// Alias of the build that answers.
pub const CHAMPION: &str = "champion";

/// The builds of a model.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Builds {
    /// By version.
    pub builds: Vec<Build>,
}

/// A build: a model document that never changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Build {
    /// Its name.
    pub build: String,
    /// Its place among the builds of the model, from 1.
    pub version: i64,
    /// When it was made, in milliseconds since 1970.
    pub built_ms: i64,
    /// Hash of the model document.
    pub sha256: String,
    /// Its aliases; [`CHAMPION`] is the build that answers.
    pub aliases: Vec<String>,
    /// Whether its document was deleted.
    pub deleted: bool,
}

impl Build {
    /// Whether it is the one that answers.
    pub fn is_champion(&self) -> bool {
        self.aliases.iter().any(|alias| alias == CHAMPION)
    }
}

/// Which builds of a model answered when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct History {
    /// By time.
    pub deployments: Vec<Served>,
}

/// A deployment of a build.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Served {
    /// Its name.
    pub deployment: String,
    /// The build that it deployed.
    pub build: String,
    /// The build's version.
    pub version: i64,
    /// From when on it answered, in milliseconds since 1970.
    pub from_ms: i64,
    /// Until when; null while it does.
    pub until_ms: Option<i64>,
    /// The earlier deployment that it brought back, where it was a rollback.
    pub restores: Option<String>,
}
