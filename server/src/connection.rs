//! Connections: accepted, served, and ended gently.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout};
use tokio_io_timeout::TimeoutStream;
use tower::Service as _;

use crate::caller::Peer;

/// Most connections at a time; more wait to be accepted.
const MOST: usize = 1000;

/// Most bytes of the head of a request.
const HEAD: usize = 64 * 1024;

/// How long answers under way are waited for at the end, in units of patience:
/// one for a request to be read, one for it to be answered.
const GRACE: u32 = 2;

/// Serves until `stop`, then lets what was accepted end. A client that takes
/// longer than `patience` for the head of a request, is silent for so long before
/// one, or takes nothing of its answer for so long, is cut off.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    patience: Duration,
    stop: impl Future<Output = ()>,
) {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(patience)
        .max_buf_size(HEAD);
    let connections = Arc::new(Semaphore::new(MOST));
    let under_way = GracefulShutdown::new();
    let mut stop = std::pin::pin!(stop);
    loop {
        let accepted = async {
            let permit = Arc::clone(&connections).acquire_owned().await;
            (permit, listener.accept().await)
        };
        let (permit, accepted) = tokio::select! {
            accepted = accepted => accepted,
            () = &mut stop => break,
        };
        let Ok((stream, from)) = accepted else {
            // No room for more: some will end.
            sleep(Duration::from_millis(100)).await;
            continue;
        };
        // An answer is written in one piece: there is nothing to wait for.
        let _ = stream.set_nodelay(true);
        let mut stream = TimeoutStream::new(stream);
        stream.set_write_timeout(Some(patience));
        let router = router.clone();
        let service = service_fn(move |mut request: Request<Incoming>| {
            request.extensions_mut().insert(Peer(from.ip()));
            router.clone().call(request)
        });
        let connection = http.serve_connection(TokioIo::new(Box::pin(stream)), service);
        let connection = under_way.watch(connection);
        tokio::spawn(async move {
            let _permit = permit;
            // How a client leaves is its own affair.
            let _ = connection.await;
        });
    }
    drop(listener);
    let _ = timeout(GRACE * patience, under_way.shutdown()).await;
}
