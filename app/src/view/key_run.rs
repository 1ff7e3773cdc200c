//! Keys that move a number, one soon after the other: one step, as a drag is.

use std::time::Duration;

use leptos::leptos_dom::helpers::{TimeoutHandle, set_timeout_with_handle};
use leptos::prelude::on_cleanup;

use crate::reactive::StoredValue;
use crate::what_if::WhatIf;

/// Longest pause within a run of keys.
const PAUSE: Duration = Duration::from_millis(600);

/// The keys that move one number.
#[derive(Clone, Copy)]
pub struct KeyRun {
    what_if: WhatIf,
    /// The last move came by a key.
    keyed: StoredValue<bool>,
    /// Ends the run.
    timer: StoredValue<Option<TimeoutHandle>>,
}

impl KeyRun {
    /// No key yet.
    pub fn new(what_if: WhatIf) -> Self {
        let run = Self {
            what_if,
            keyed: StoredValue::new(false),
            timer: StoredValue::new(None),
        };
        on_cleanup(move || {
            run.wait(None);
        });
        run
    }

    /// A key is pressed.
    pub fn press(self) {
        self.keyed.set_value(true);
    }

    /// The number has arrived, unless another key follows soon.
    pub fn arrive(self) {
        let what_if = self.what_if;
        if self.keyed.get_value() {
            self.wait(set_timeout_with_handle(move || what_if.arrive(), PAUSE).ok());
        } else {
            what_if.arrive();
        }
    }

    /// The pointer takes over, or another field.
    pub fn end(self) {
        self.keyed.set_value(false);
        if self.wait(None) {
            self.what_if.arrive();
        }
    }

    /// Waits for another timer, or for none; says whether it waited before.
    fn wait(self, timer: Option<TimeoutHandle>) -> bool {
        let earlier = self
            .timer
            .try_update_value(|old| std::mem::replace(old, timer));
        let earlier = earlier.flatten();
        if let Some(earlier) = earlier {
            earlier.clear();
        }
        earlier.is_some()
    }
}
