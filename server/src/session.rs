//! Sessions of the page: a key is entered once and exchanged for a cookie that
//! no script can read. The page keeps no key, and none is in it, in an address
//! or in a log.
//!
//! A session is a second name for its key: it is looked up at every request, so
//! that a session ends with its key. Sessions are in memory only; a restart of
//! the server ends them.
//!
//! # Forgery
//! A browser adds the cookie by itself, also to what another page makes it send.
//! Three things keep such a page out, each of which would do:
//! * `SameSite=Strict`: nothing of the cookie goes along from another site. A
//!   site knows no port, though, and other programs of this machine may have
//!   pages, too.
//! * The origin: a browser tells in `Origin` (at every method but GET and HEAD)
//!   and `Sec-Fetch-Site` whose page asks. With a session that has to be ours,
//!   also where `--cors-origin` lets others ask with a key of their own.
//! * [`HEADER`], for methods that change something: a page of another origin
//!   can only set it after it has asked with OPTIONS, and the answer to that
//!   never allows it.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use axum::http::header::{COOKIE, HeaderName, HeaderValue};
use axum::http::{HeaderMap, Method, StatusCode};
use churn_core::artefact::hexadecimal;
use cookie::{Cookie, SameSite};

use crate::auth::hash;
use crate::clock;
use crate::error::{ApiError, ApiResult};
use crate::origin::is_own_page;

/// What the page sends along with methods that change something, whatever the
/// value.
pub const HEADER: HeaderName = HeaderName::from_static("x-churn-session");

/// How long a session lasts, used or not.
pub const LASTING: Duration = Duration::from_secs(12 * 3600);

/// Most sessions of a key at a time; one more ends the oldest.
const MOST: usize = 100;

type Hash = [u8; 32];

/// The sessions of a running server.
#[derive(Debug)]
pub struct Sessions {
    behind_tls: bool,
    /// By the hash of what is in the cookie.
    all: Mutex<HashMap<Hash, Session>>,
}

#[derive(Debug)]
struct Session {
    /// Hash of its key.
    key: Hash,
    /// Not by the clock on the wall, which can be set back.
    end: Instant,
}

impl Sessions {
    /// No sessions yet. `behind_tls` says that browsers reach the server by
    /// HTTPS, and keeps the cookie off anything else.
    pub fn new(behind_tls: bool) -> Self {
        Self {
            behind_tls,
            all: Mutex::default(),
        }
    }

    fn all(&self) -> MutexGuard<'_, HashMap<Hash, Session>> {
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins a session of a key; the cookie to be set.
    pub fn begin(&self, key: Hash) -> Option<HeaderValue> {
        let token = hexadecimal(&clock::random::<32>());
        let now = Instant::now();
        let mut all = self.all();
        all.retain(|_, session| session.end > now);
        let of_key = || all.iter().filter(|(_, session)| session.key == key);
        if of_key().count() >= MOST {
            let oldest = of_key().min_by_key(|(_, session)| session.end);
            let oldest = oldest.map(|(&token, _)| token);
            oldest.and_then(|token| all.remove(&token));
        }
        let end = now + LASTING;
        all.insert(hash(&token), Session { key, end });
        self.cookie(&token, LASTING)
    }

    /// Ends a session, if there is one; the cookie to be set.
    pub fn end(&self, token: Option<&str>) -> Option<HeaderValue> {
        if let Some(token) = token {
            self.all().remove(&hash(token));
        }
        self.cookie("", Duration::ZERO)
    }

    /// Hash of the key that a session is of.
    pub fn key(&self, token: &str) -> Option<Hash> {
        let all = self.all();
        let session = all.get(&hash(token))?;
        (session.end > Instant::now()).then_some(session.key)
    }

    /// What is in the session's cookie of a request.
    pub fn token<'a>(&self, headers: &'a HeaderMap) -> Option<&'a str> {
        let texts = headers
            .get_all(COOKIE)
            .iter()
            .filter_map(|text| text.to_str().ok());
        let mut cookies = texts.flat_map(Cookie::split_parse).filter_map(Result::ok);
        let own = cookies.find(|cookie| cookie.name() == self.name())?;
        own.value_raw()
    }

    /// With this prefix a browser takes a cookie only by HTTPS and from the host
    /// itself, not from another one of its domain.
    fn name(&self) -> &'static str {
        match self.behind_tls {
            true => "__Host-churn_session",
            false => "churn_session",
        }
    }

    fn cookie(&self, token: &str, lasting: Duration) -> Option<HeaderValue> {
        let seconds = i64::try_from(lasting.as_secs()).unwrap_or(0);
        let cookie = Cookie::build((self.name(), token))
            .path("/")
            .http_only(true)
            .same_site(SameSite::Strict)
            .secure(self.behind_tls)
            .max_age(cookie::time::Duration::seconds(seconds));
        HeaderValue::from_str(&cookie.to_string()).ok()
    }
}

/// Checks that a request which comes with a session, or asks for one, is of our
/// own page.
///
/// # Errors
/// When it is, or may be, of another one.
pub fn check_page(method: &Method, headers: &HeaderMap) -> ApiResult<()> {
    let refuse = |message: &str| ApiError::new(StatusCode::FORBIDDEN, "session.page", message);
    if !is_own_page(headers) {
        return Err(refuse("a session is for the server's own page only"));
    }
    if !method.is_safe() && !headers.contains_key(HEADER) {
        return Err(refuse(
            "with a session, a request that changes something has to have the header X-Churn-Session",
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(cookie: Option<HeaderValue>) -> String {
        let text = cookie.and_then(|cookie| cookie.to_str().map(str::to_owned).ok());
        let text = text.unwrap_or_default();
        let pair = text.split(';').next().unwrap_or_default();
        pair.split_once('=').unwrap_or_default().1.to_owned()
    }

    #[test]
    fn a_key_has_no_end_of_sessions() {
        let sessions = Sessions::new(false);
        let other = token(sessions.begin([2; 32]));
        let all: Vec<String> = (0..=MOST).map(|_| token(sessions.begin([1; 32]))).collect();
        assert_eq!(sessions.key(&all[0]), None);
        assert!(
            all[1..]
                .iter()
                .all(|one| sessions.key(one) == Some([1; 32]))
        );
        assert_eq!(sessions.key(&other), Some([2; 32]));
        assert_eq!(sessions.all().len(), MOST + 1);
    }

    #[test]
    fn a_session_ends_in_time() {
        let sessions = Sessions::new(false);
        let old = token(sessions.begin([1; 32]));
        for session in sessions.all().values_mut() {
            session.end -= LASTING;
        }
        assert_eq!(sessions.key(&old), None);
        sessions.begin([1; 32]);
        assert_eq!(sessions.all().len(), 1);
    }
}
