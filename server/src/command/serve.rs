//! `churn serve`: the explorer for the browser.

use std::future::IntoFuture as _;
use std::io;
use std::path::PathBuf;

use churn_core::{Error, ErrorCode, Result};
use clap::Args;
use tokio::net::TcpListener;

use crate::interrupt::Signals;
use crate::router::router;
use crate::site;
use crate::terminal::say;

/// Serves the explorer until interrupted.
#[derive(Debug, Args)]
pub struct ServeArgs {
    /// Address and port to listen on; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    addr: String,

    /// Folder of the built page, from `cargo xtask build --static`
    #[arg(long = "static", value_name = "FOLDER")]
    folder: Option<PathBuf>,
}

pub(super) fn run(args: &ServeArgs) -> Result<()> {
    if let Some(folder) = &args.folder {
        site::check(folder)?;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build();
    runtime
        .map_err(|error| Error::new(ErrorCode::Io, format!("cannot start: {error}")))?
        .block_on(serve(args))
}

async fn serve(args: &ServeArgs) -> Result<()> {
    let cannot_listen = |error: io::Error| cannot_listen(&args.addr, &error);
    let listener = TcpListener::bind(&args.addr).await.map_err(cannot_listen)?;
    let address = listener.local_addr().map_err(cannot_listen)?;
    let mut gently = Signals::listen().map_err(|error| stopped(&error))?;
    let mut at_once = Signals::listen().map_err(|error| stopped(&error))?;
    say(format_args!("listening on http://{address}/"));
    let server = axum::serve(listener, router(args.folder.as_deref()))
        .with_graceful_shutdown(async move { gently.next().await });
    // The first signal lets answers under way end, the second does not.
    let second_signal = async {
        at_once.next().await;
        at_once.next().await;
    };
    tokio::select! {
        ended = server.into_future() => ended.map_err(|error| stopped(&error)),
        () = second_signal => Ok(()),
    }
}

fn stopped(error: &io::Error) -> Error {
    Error::new(ErrorCode::Io, format!("the server stopped: {error}"))
}

fn cannot_listen(addr: &str, error: &io::Error) -> Error {
    let message = match error.kind() {
        io::ErrorKind::AddrInUse => {
            format!("cannot listen on {addr}: the port is taken; choose another with --addr")
        }
        _ => format!("cannot listen on {addr}: {error}"),
    };
    Error::new(ErrorCode::Io, message)
}
