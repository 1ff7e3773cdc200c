//! Connections: accepted, served, and ended gently.

use std::future::Future;
use std::io;
use std::mem;
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
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{sleep, timeout};
use tokio_io_timeout::TimeoutStream;
use tower::Service as _;

use crate::caller::Peer;

/// Most connections at a time.
const MOST: usize = 1000;

/// Files that a process should be able to have open: its connections, a file of
/// the page for each, and the database. 1,024 are usual if nothing is said.
const FILES: u64 = 2 * MOST as u64 + 500;

/// Most bytes of the head of a request.
const HEAD: usize = 64 * 1024;

/// How long answers under way are waited for at the end, in units of patience:
/// one for a request to be read, one for it to be answered.
const GRACE: u32 = 2;

/// Serves until `stop`, then lets what was accepted end. A client that takes
/// longer than `patience` for the head of a request, is silent for so long before
/// one, or takes nothing of its answer for so long, is cut off.
///
/// When there are as many connections as there may be, one more ends those that
/// wait for nothing, at once, and the others after the answer that is under way:
/// who only keeps a connection open keeps nobody else out.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    patience: Duration,
    stop: impl Future<Output = ()>,
) {
    // Where it is not allowed, connections wait for others to end.
    let _ = rlimit::increase_nofile_limit(FILES);
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(patience)
        .max_buf_size(HEAD);
    let mut room = Room::new();
    let mut stop = std::pin::pin!(stop);
    loop {
        let admitted = async {
            let (stream, from) = listener.accept().await?;
            Ok::<_, io::Error>((room.enter().await, stream, from))
        };
        let admitted = tokio::select! {
            admitted = admitted => admitted,
            () = &mut stop => break,
        };
        let Ok((permit, stream, from)) = admitted else {
            // No room for more files: some will be closed.
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
        let connection = room.inside.watch(connection);
        tokio::spawn(async move {
            let _permit = permit;
            // How a client leaves is its own affair.
            let _ = connection.await;
        });
    }
    drop(listener);
    let _ = timeout(GRACE * patience, room.empty()).await;
}

/// Who is inside, and how many more may enter.
struct Room {
    free: Arc<Semaphore>,
    inside: GracefulShutdown,
}

impl Room {
    fn new() -> Self {
        Self {
            free: Arc::new(Semaphore::new(MOST)),
            inside: GracefulShutdown::new(),
        }
    }

    /// Waits until there is room for one more.
    async fn enter(&mut self) -> Option<OwnedSemaphorePermit> {
        if let Ok(permit) = Arc::clone(&self.free).try_acquire_owned() {
            return Some(permit);
        }
        // All who are inside are told to leave; of these nobody is told again.
        tokio::spawn(mem::take(&mut self.inside).shutdown());
        Arc::clone(&self.free).acquire_owned().await.ok()
    }

    /// Waits until everybody has left.
    async fn empty(self) {
        self.inside.shutdown().await;
        // Those who were told before as well.
        let all = u32::try_from(MOST).unwrap_or(u32::MAX);
        let _ = self.free.acquire_many(all).await;
    }
}
