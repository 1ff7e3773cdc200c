//! The page's files, and how long a browser may keep them.

use std::ops::RangeInclusive;
use std::path::Path;

use axum::Router;
use axum::extract::Request;
use axum::handler::HandlerWithoutStateExt as _;
use axum::http::header::{CACHE_CONTROL, VARY};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::middleware::{Next, from_fn, map_response};
use axum::response::Response;
use churn_core::{Error, ErrorCode, Result};
use tower_http::compression::CompressionLayer;
use tower_http::services::ServeDir;

/// Digits of the hash that the build puts into the names of files: 64 bits, without
/// leading zeros.
const HASH_DIGITS: RangeInclusive<usize> = 13..=16;

/// Checks that a folder holds a page.
///
/// # Errors
/// [`ErrorCode::Io`], naming the folder and the remedy.
pub fn check(folder: &Path) -> Result<()> {
    let problem = match folder.is_dir() {
        false => "no such folder",
        true if !folder.join("index.html").is_file() => "no index.html in it",
        true => return Ok(()),
    };
    let message = format!(
        "{}: {problem}; build the page with `cargo xtask build --static`",
        folder.display()
    );
    Err(Error::new(ErrorCode::Io, message))
}

/// By this header the page knows that the API is there, too.
const API: HeaderName = HeaderName::from_static("churn-api");

/// The files of a folder, compressed; well where the build left `.br` or `.gz`
/// beside them. They say whether there is an API beside them.
pub fn service(folder: &Path, has_api: bool) -> Router {
    let files = ServeDir::new(folder)
        .precompressed_br()
        .precompressed_gzip()
        .fallback(missing.into_service());
    Router::new()
        .fallback_service(files)
        .layer(CompressionLayer::new())
        .layer(from_fn(set_caching))
        .layer(map_response(move |mut response: Response| async move {
            if has_api {
                response
                    .headers_mut()
                    .insert(API, HeaderValue::from_static("v1"));
            }
            response
        }))
}

/// What a server without a page says.
pub async fn absent() -> &'static str {
    "This server was started without a page.\n\
     Build one with `cargo xtask build --static`, then start `churn serve --static dist`.\n"
}

async fn missing() -> (StatusCode, &'static str) {
    (StatusCode::NOT_FOUND, "not found\n")
}

/// A file with a hash in its name never changes; any other is asked for anew,
/// and answered by "not modified" where it is.
async fn set_caching(request: Request, next: Next) -> Response {
    let hashed = has_hash(request.uri().path());
    let mut response = next.run(request).await;
    let found = response.status().is_success() || response.status() == StatusCode::NOT_MODIFIED;
    let caching = match hashed && found {
        true => "public, max-age=31536000, immutable",
        false => "no-cache",
    };
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(caching));
    headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
    response
}

/// Whether the file name is `name-<hash>.ext`, or `name-<hash>_bg.wasm` as
/// wasm-bindgen makes it.
fn has_hash(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    let Some((stem, _)) = name.split_once('.') else {
        return false;
    };
    let stem = stem.strip_suffix("_bg").unwrap_or(stem);
    stem.rsplit_once('-').is_some_and(|(_, hash)| {
        HASH_DIGITS.contains(&hash.len()) && hash.bytes().all(|byte| byte.is_ascii_hexdigit())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_hashed_names() {
        for hashed in [
            "/churn-app-0123456789abcdef.js",
            "/churn-app-0123456789abcdef_bg.wasm",
            "/sub/style-0123456789abcdef.css",
            "/style-123456789abcdef.css",
        ] {
            assert!(has_hash(hashed), "{hashed}");
        }
        for plain in [
            "/",
            "/index.html",
            "/model.json",
            "/a-0123.js",
            "/x-0123456789abcdeg.js",
        ] {
            assert!(!has_hash(plain), "{plain}");
        }
    }
}
