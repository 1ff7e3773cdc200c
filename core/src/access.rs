//! What a server tells the page of who that is to it, in the shapes of its
//! answers.

use serde::{Deserialize, Serialize};

/// What the page is to the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// No key is asked for.
    Open,
    /// There is a good key.
    SignedIn,
    /// There is none, or none any more.
    SignedOut,
}

/// What the page is to the server, and what it may do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Session {
    /// Whether a key is needed, and there.
    pub state: Standing,
    /// Name of the key, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub name: Option<String>,
    /// What is allowed: `predict`, `record`, `read`, or `admin`, which is all of
    /// it; an open server allows that.
    pub roles: Vec<String>,
}

impl Session {
    /// Of somebody without a good key.
    pub fn signed_out() -> Self {
        Self {
            state: Standing::SignedOut,
            name: None,
            roles: Vec::new(),
        }
    }

    /// Whether what a role is for is allowed.
    pub fn may(&self, role: &str) -> bool {
        let mut roles = self.roles.iter();
        roles.any(|one| one == role || one == "admin")
    }
}

/// Why a server did not do what it was asked, as far as the page tells one
/// reason from another.
#[derive(Clone, Debug, Deserialize)]
pub struct Refusal {
    /// The reason, with more beside it that is for other readers.
    pub error: Reason,
}

/// The reason.
#[derive(Clone, Debug, Deserialize)]
pub struct Reason {
    /// Its stable name, such as `key.expired`.
    pub code: String,
    /// What is wrong, for people.
    pub message: String,
}
