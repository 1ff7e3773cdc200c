//! Notices to one address, signed, until they are taken.
//!
//! A notice is the body of a POST, as JSON. `X-Churn-Notice` names it: it may come
//! more than once, and counts once. `X-Churn-Signature: t=SECONDS,v1=HEX` holds the
//! HMAC-SHA-256 of the seconds since 1970, a dot and the body, under the secret that
//! both sides know.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::http::Method;
use churn_core::artefact::hexadecimal;
use churn_core::{Error, ErrorCode, Result};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use tokio::time::sleep;

use crate::api::{Api, off_the_loop};
use crate::client::Client;
use crate::clock::now_ms;
use crate::store::StoreError;
use crate::store::notices::{self, Waiting};

/// How often it is looked whether there is something to tell.
const LOOK: Duration = Duration::from_secs(1);

/// How long until what was not taken is told again: doubled each time.
const AGAIN_MS: i64 = 1_000;

/// The longest such time.
const LONGEST_MS: i64 = 600_000;

/// How old a notice may be. Who was away for longer reads what happened elsewhere.
const OLDEST_MS: i64 = 7 * 86_400_000;

/// Fewest bytes of a secret.
const SHORTEST: usize = 16;

/// Who is told.
#[derive(Debug)]
pub struct Webhook {
    client: Client,
    /// Authenticates, never shown.
    secret: Secret,
}

struct Secret(String);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("...")
    }
}

impl Webhook {
    /// The webhook of an address, with the secret of `variable`.
    ///
    /// # Errors
    /// [`ErrorCode::Parameter`] for an address that is none, or a secret that is
    /// missing or short.
    pub fn new(url: &str, variable: &str, secret: Option<String>) -> Result<Self> {
        let secret = secret.unwrap_or_default();
        if secret.len() < SHORTEST {
            let expected = format!("a secret of at least {SHORTEST} bytes in {variable}");
            let got = format!("{} bytes", secret.len());
            return Err(Error::mismatch(ErrorCode::Parameter, expected, got));
        }
        Ok(Self {
            client: Client::new("--webhook", url, None)?,
            secret: Secret(secret),
        })
    }

    /// Tells what is to be told, for ever.
    pub async fn keep_telling(self, api: Arc<Api>) {
        let mut is_failing = false;
        loop {
            let told = self.tell(&api).await;
            if let (Err(error), false) = (&told, is_failing) {
                tracing::error!(reason = %error, "notices cannot be read or kept");
            }
            is_failing = told.is_err();
            if !told.unwrap_or(false) {
                sleep(LOOK).await;
            }
        }
    }

    /// Tells the first notice that is due; whether there was one.
    async fn tell(&self, api: &Arc<Api>) -> Result<bool, StoreError> {
        let due = off_the_loop({
            let api = Arc::clone(api);
            move || api.store.due_notice(now_ms())
        });
        let Ok(due) = due.await else {
            return Ok(false);
        };
        let Some(Waiting {
            id,
            uuid,
            created_ms,
            message,
            attempts,
        }) = due?
        else {
            return Ok(false);
        };
        let trouble = match now_ms() - created_ms > OLDEST_MS {
            true => Some((String::from("nobody took it for seven days"), None)),
            false => self.post(&uuid.to_string(), message).await.map(|reason| {
                let pause = AGAIN_MS << attempts.clamp(0, 20);
                (reason, Some(now_ms() + pause.min(LONGEST_MS)))
            }),
        };
        if let Some((reason, _)) = &trouble {
            tracing::warn!(notice = %uuid, reason, "a notice was not taken");
        }
        let change = move |connection: &mut _| match trouble {
            None => notices::sent(connection, id),
            Some((reason, due_ms)) => notices::failed(connection, id, &reason, due_ms),
        };
        api.store.change_notices(change).await?;
        Ok(true)
    }

    /// Why a notice was not taken, if so.
    async fn post(&self, uuid: &str, message: String) -> Option<String> {
        let seconds = now_ms() / 1000;
        let signature = format!("t={seconds},v1={}", sign(&self.secret.0, seconds, &message));
        let headers = [
            ("content-type", "application/json"),
            ("x-churn-notice", uuid),
            ("x-churn-signature", &signature),
        ];
        let body = Bytes::from(message);
        match self.client.ask_with(Method::POST, "", &headers, body).await {
            Ok((status, _)) if status.is_success() => None,
            Ok((status, _)) => Some(format!("status {}", status.as_u16())),
            Err(error) => Some(error.to_string()),
        }
    }
}

/// HMAC-SHA-256 in hexadecimal.
fn sign(secret: &str, seconds: i64, body: &str) -> String {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else {
        return String::new(); // keys of any length are taken
    };
    mac.update(format!("{seconds}.{body}").as_bytes());
    hexadecimal(&mac.finalize().into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signatures_are_those_of_the_standard() {
        // printf '1.{}' | openssl dgst -sha256 -hmac 0123456789abcdef
        let expected = "2af693cb56b22c16912222aeefdc75a01de562bf70ee2015f41ecea48382997f";
        assert_eq!(sign("0123456789abcdef", 1, "{}"), expected);
    }
}
