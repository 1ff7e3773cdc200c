//! Under which names the server is asked, and by whose pages.

use std::net::IpAddr;
use std::time::Duration;

use axum::http::header::{
    AUTHORIZATION, CONTENT_TYPE, HOST, HeaderName, HeaderValue, ORIGIN, RETRY_AFTER,
};
use axum::http::uri::{Authority, Uri};
use axum::http::{HeaderMap, Method, StatusCode};
use churn_core::{Error, ErrorCode};
use tower_http::cors::CorsLayer;

use crate::error::{ApiError, ApiResult};
use crate::guard::REQUEST_ID;

const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// How long a browser may keep what it was told another page may do.
const KEEPING: Duration = Duration::from_secs(600);

/// Names and pages that the server knows.
#[derive(Debug, Default)]
pub struct Origins {
    /// Names that this server may be called by, besides numeric addresses and
    /// `localhost`.
    pub hosts: Vec<String>,
    /// Origins of other sites whose pages may use the API, with a key of theirs.
    pub others: Vec<HeaderValue>,
}

impl Origins {
    /// A page of another site must not reach this server through its visitor's
    /// browser: neither under a name that was made to point here, nor openly,
    /// unless it was named.
    ///
    /// # Errors
    /// When it does.
    pub fn check(&self, headers: &HeaderMap) -> ApiResult<()> {
        let forbidden = |code, message| ApiError::new(StatusCode::FORBIDDEN, code, message);
        let known = host(headers).parse::<Authority>().is_ok_and(|host| {
            let name = host.host();
            let address = name.trim_start_matches('[').trim_end_matches(']');
            name.eq_ignore_ascii_case("localhost")
                || address.parse::<IpAddr>().is_ok()
                || self.hosts.iter().any(|own| own.eq_ignore_ascii_case(name))
        });
        if !known {
            return Err(forbidden(
                "host.forbidden",
                "this server is not known by the name in Host; `churn serve --host NAME` adds one",
            ));
        }
        match headers.get(ORIGIN) {
            Some(origin) if !is_own(origin, headers) && !self.others.contains(origin) => {
                Err(forbidden(
                    "origin.forbidden",
                    "the request comes from another site's page",
                ))
            }
            _ => Ok(()),
        }
    }

    /// What tells browsers that pages of the others may ask: from exactly these
    /// origins, and without cookies, so that they need a key of their own.
    pub fn cors(&self) -> Option<CorsLayer> {
        let layer = || {
            CorsLayer::new()
                .allow_origin(self.others.clone())
                .allow_methods([Method::GET, Method::POST])
                .allow_headers([AUTHORIZATION, CONTENT_TYPE, REQUEST_ID])
                .expose_headers([RETRY_AFTER, REQUEST_ID])
                .max_age(KEEPING)
        };
        (!self.others.is_empty()).then(layer)
    }
}

fn host(headers: &HeaderMap) -> &str {
    let host = headers.get(HOST).and_then(|host| host.to_str().ok());
    host.unwrap_or_default()
}

/// Whether an origin is that of our own page.
fn is_own(origin: &HeaderValue, headers: &HeaderMap) -> bool {
    origin.to_str().is_ok_and(|origin| {
        let site = origin
            .strip_prefix("http://")
            .or(origin.strip_prefix("https://"));
        site.is_some_and(|site| site.eq_ignore_ascii_case(host(headers)))
    })
}

/// Whether nothing says that a request is of another page than ours. Browsers
/// leave `Origin` out where nothing is changed, and `Sec-Fetch-Site` where the
/// server is reached by plain HTTP from afar; `none` is an address typed in.
pub fn is_own_page(headers: &HeaderMap) -> bool {
    let origin = headers.get(ORIGIN);
    let site = headers.get(FETCH_SITE);
    origin.is_none_or(|origin| is_own(origin, headers))
        && site.is_none_or(|site| site == "same-origin" || site == "none")
}

/// An origin as browsers write it, for the command line.
///
/// # Errors
/// For anything else: no path, no pattern, no default port.
pub fn exact(text: &str) -> Result<HeaderValue, Error> {
    let wrong = || {
        let expected = "an origin such as https://shop.example or http://localhost:3000";
        Error::mismatch(ErrorCode::Parameter, expected, format!("'{text}'"))
    };
    let uri: Uri = text.parse().map_err(|_| wrong())?;
    let scheme = uri.scheme_str().unwrap_or_default();
    let host = uri.host().unwrap_or_default();
    let default = match scheme {
        "http" => 80,
        "https" => 443,
        _ => return Err(wrong()),
    };
    let port = match uri.port_u16() {
        Some(port) if port != default => format!(":{port}"),
        _ => String::new(),
    };
    let is_exact = text == format!("{scheme}://{host}{port}")
        && !host.contains('*')
        && text == text.to_ascii_lowercase();
    match is_exact {
        true => HeaderValue::from_str(text).map_err(|_| wrong()),
        false => Err(wrong()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_are_exact() {
        for origin in [
            "https://shop.example",
            "http://localhost:3000",
            "http://[::1]:8080",
        ] {
            assert!(exact(origin).is_ok_and(|told| told == origin), "{origin}");
        }
        for other in [
            "*",
            "https://*.shop.example",
            "https://shop.example/",
            "https://shop.example/page",
            "https://shop.example:443",
            "https://Shop.example",
            "https://me@shop.example",
            "shop.example",
            "null",
            "ftp://shop.example",
            "",
        ] {
            assert!(exact(other).is_err(), "{other}");
        }
    }
}
