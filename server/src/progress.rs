//! The progress bar: on a terminal only, gone when the work is done.

use std::ops::ControlFlow;

use churn_core::progress::Progress;
use indicatif::{ProgressBar, ProgressStyle};

use crate::interrupt::Interrupt;

/// A bar on standard error. In a pipe it shows nothing.
#[derive(Debug)]
pub struct Bar {
    bar: ProgressBar,
    interrupt: Interrupt,
}

impl Bar {
    /// A bar that stands at nothing. Ctrl-C stops the work that reports to it.
    pub fn new(interrupt: Interrupt) -> Self {
        let bar = ProgressBar::new(0);
        if let Ok(style) = ProgressStyle::with_template("{msg:18} {wide_bar} {percent:>3} %  {eta}")
        {
            bar.set_style(style);
        }
        Self { bar, interrupt }
    }

    /// A bar that nobody sees, of work for a request.
    pub fn hidden() -> Self {
        Self {
            bar: ProgressBar::hidden(),
            interrupt: Interrupt::never(),
        }
    }

    /// Shows how far the work is; says whether to go on.
    pub fn show(&self, progress: Progress) -> ControlFlow<()> {
        if self.bar.message() != progress.stage {
            self.bar.set_message(progress.stage);
            self.bar.reset();
        }
        self.bar.set_length(progress.total);
        self.bar.set_position(progress.done);
        if self.interrupt.is_asked() {
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    }

    /// The callback that work in the core takes.
    pub fn callback(&self) -> impl FnMut(Progress) -> ControlFlow<()> + '_ {
        |progress| self.show(progress)
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
