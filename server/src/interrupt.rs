//! Ctrl-C: work that can stop half-way asks, and ends cleanly.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::{io, process, thread};

#[cfg(unix)]
use tokio::signal::unix;
#[cfg(windows)]
use tokio::signal::windows;

/// All work of this process is asked to end.
static ENDING: AtomicBool = AtomicBool::new(false);

/// Asks all work of this process to end, as Ctrl-C does.
pub fn ask() {
    ENDING.store(true, Ordering::Relaxed);
}

/// Whether the user has asked to stop.
#[derive(Debug)]
pub struct Interrupt(Arc<AtomicBool>);

impl Interrupt {
    /// Starts listening. A second Ctrl-C ends the program at once.
    pub fn listen() -> Self {
        let asked = Arc::new(AtomicBool::new(false));
        let flag = Arc::clone(&asked);
        let listener = move || -> io::Result<()> {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()?;
            runtime.block_on(async {
                let mut signals = Signals::listen()?;
                signals.next().await;
                flag.store(true, Ordering::Relaxed);
                signals.next().await;
                process::exit(130)
            })
        };
        // Where there is no thread or no signal to be had, the system's own way
        // of ending a program remains.
        let _ = thread::Builder::new().spawn(listener);
        Self(asked)
    }

    /// Of work that nobody is there to stop.
    pub fn never() -> Self {
        Self(Arc::default())
    }

    /// Whether the user has asked to stop.
    pub fn is_asked(&self) -> bool {
        self.0.load(Ordering::Relaxed) || ENDING.load(Ordering::Relaxed)
    }
}

/// Ctrl-C and, on Unix, the signal to terminate.
#[derive(Debug)]
pub struct Signals {
    #[cfg(unix)]
    interrupt: unix::Signal,
    #[cfg(unix)]
    terminate: unix::Signal,
    #[cfg(windows)]
    interrupt: windows::CtrlC,
}

impl Signals {
    /// Listens from now on, within an asynchronous runtime.
    ///
    /// # Errors
    /// When the system lets nobody listen.
    pub fn listen() -> io::Result<Self> {
        Ok(Self {
            #[cfg(unix)]
            interrupt: unix::signal(unix::SignalKind::interrupt())?,
            #[cfg(unix)]
            terminate: unix::signal(unix::SignalKind::terminate())?,
            #[cfg(windows)]
            interrupt: windows::ctrl_c()?,
        })
    }

    /// Waits for the next one.
    pub async fn next(&mut self) {
        #[cfg(unix)]
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
        #[cfg(windows)]
        self.interrupt.recv().await;
    }
}
