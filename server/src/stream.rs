//! Answers of any length: made a page at a time, and only as fast as the client
//! takes them.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::HeaderValue;
use axum::http::header::CONTENT_TYPE;
use axum::response::Response;
use http_body_util::channel::{Channel, Sender};
use tokio::time::timeout;

use crate::api::{Api, off_the_loop};
use crate::error::{ApiError, ApiResult};

/// Predictions or the like in a page.
pub const PAGE: usize = 1000;

/// Something that is written page by page.
pub trait Pages: Send + 'static {
    /// Writes the next page; whether there may be more.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn write_next(&mut self, api: &Api, page: &mut Vec<u8>) -> ApiResult<bool>;
}

/// An answer made of pages. What goes wrong with the first page is told as an
/// error; later, all that can be done is to break the answer off, which a client
/// can tell from a complete one.
///
/// # Errors
/// When the first page cannot be made.
pub async fn stream<P: Pages>(
    api: Arc<Api>,
    content_type: &'static str,
    pages: P,
) -> ApiResult<Response> {
    let (mut sender, body) = Channel::<Bytes, axum::BoxError>::new(1);
    let (first, mut state) = page(&api, pages).await?;
    tokio::spawn(async move {
        let sent = async {
            send(&mut sender, first, api.patience).await?;
            while let Some(pages) = state {
                let (bytes, next) = page(&api, pages).await.map_err(reason)?;
                send(&mut sender, bytes, api.patience).await?;
                state = next;
            }
            Ok::<(), String>(())
        };
        if let Err(reason) = sent.await {
            tracing::warn!(reason, "an answer was broken off");
            sender.abort(reason.into());
        }
    });
    let mut response = Response::new(Body::new(body));
    let content_type = HeaderValue::from_static(content_type);
    response.headers_mut().insert(CONTENT_TYPE, content_type);
    Ok(response)
}

/// Why a page could not be made: for the log.
fn reason(error: ApiError) -> String {
    error.internal.map_or(error.message, Into::into)
}

/// The next page, and what makes the one after it.
async fn page<P: Pages>(api: &Arc<Api>, mut pages: P) -> ApiResult<(Bytes, Option<P>)> {
    let api = Arc::clone(api);
    off_the_loop(move || {
        let mut bytes = Vec::new();
        let more = pages.write_next(&api, &mut bytes)?;
        Ok((bytes.into(), more.then_some(pages)))
    })
    .await?
}

/// Hands a page on, as soon as the client has made room for it.
async fn send(
    sender: &mut Sender<Bytes, axum::BoxError>,
    bytes: Bytes,
    patience: Duration,
) -> Result<(), String> {
    if bytes.is_empty() {
        return Ok(());
    }
    match timeout(patience, sender.send_data(bytes)).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(_)) => Err("the client has gone".into()),
        Err(_) => Err("the client is too slow".into()),
    }
}
