//! Who may do what: API keys with roles.

use std::collections::HashMap;
use std::fmt;
use std::str::FromStr;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use axum::http::StatusCode;
use churn_core::artefact::hexadecimal;
use churn_core::{Error, ErrorCode};
use sha2::{Digest as _, Sha256};

use crate::clock;
use crate::error::{ApiError, ApiResult};
use crate::store::keys::KeyRecord;

/// How often keys and deployments made by other processes are taken up.
pub const REFRESH: Duration = Duration::from_millis(200);

/// Code of the error of a key that nobody made, or not yet.
pub const UNKNOWN: &str = "key.unknown";

/// What a key allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// To ask for predictions and explanations.
    Predict,
    /// To record metrics and ground truth.
    Record,
    /// To read what was recorded, and the server's own figures.
    Read,
    /// All of it.
    Admin,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 4] = [Self::Predict, Self::Record, Self::Read, Self::Admin];
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Predict => "predict",
            Self::Record => "record",
            Self::Read => "read",
            Self::Admin => "admin",
        })
    }
}

impl FromStr for Role {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let found = Self::ALL.into_iter().find(|role| role.to_string() == text);
        found.ok_or_else(|| {
            let expected = "predict, record, read or admin";
            Error::mismatch(ErrorCode::Parameter, expected, format!("'{text}'"))
        })
    }
}

/// A new key, as it is shown once.
pub fn new_key() -> String {
    format!("churn_{}", hexadecimal(&clock::random::<32>()))
}

/// What is kept of a key. It is long and random: a plain hash gives nothing away.
pub fn hash(key: &str) -> [u8; 32] {
    Sha256::digest(key.as_bytes()).into()
}

/// Whom the server knows.
#[derive(Debug)]
pub struct Keyring {
    /// No key is asked for.
    open: bool,
    keys: RwLock<HashMap<[u8; 32], Arc<KeyRecord>>>,
}

impl Keyring {
    /// A keyring; an `open` one lets everybody do everything.
    pub fn new(open: bool) -> Self {
        Self {
            open,
            keys: RwLock::default(),
        }
    }

    /// Takes the keys that are good; others are forgotten.
    pub fn set(&self, keys: Vec<KeyRecord>) {
        let good = keys.into_iter().filter(|key| key.revoked_ms.is_none());
        let keys = good.map(|key| (key.sha256, Arc::new(key))).collect();
        *self.keys.write().unwrap_or_else(PoisonError::into_inner) = keys;
    }

    /// Whether no key is asked for.
    pub fn is_open(&self) -> bool {
        self.open
    }

    /// The key of this hash, if it is good.
    ///
    /// # Errors
    /// When it is not known, was revoked or has expired.
    pub fn find(&self, sha256: &[u8; 32]) -> ApiResult<Arc<KeyRecord>> {
        let refuse = |code, message: &str| ApiError::new(StatusCode::UNAUTHORIZED, code, message);
        let keys = self.keys.read().unwrap_or_else(PoisonError::into_inner);
        // Looked up by its hash, which tells nothing of how near a guess was.
        let key = keys
            .get(sha256)
            .ok_or_else(|| refuse(UNKNOWN, "the API key is not known here, or was revoked"))?;
        if key.expires_ms.is_some_and(|end| end <= clock::now_ms()) {
            return Err(refuse("key.expired", "the API key has expired"));
        }
        Ok(Arc::clone(key))
    }
}

/// Checks that a key has a role.
///
/// # Errors
/// When it does not.
pub fn check_role(key: &KeyRecord, role: Role) -> ApiResult<()> {
    let has = |role: Role| key.roles.split(',').any(|name| name == role.to_string());
    if has(role) || has(Role::Admin) {
        return Ok(());
    }
    let message = format!("the API key lacks the role {role}; it has {}", key.roles);
    Err(ApiError::new(StatusCode::FORBIDDEN, "key.role", message))
}
