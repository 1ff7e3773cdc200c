//! Jobs: what is done by itself, at times of the clock, after each other or by hand.
//!
//! * [`definition`]: what a job may be; [`schedule`]: its times of the clock.
//! * [`steps`]: what it does, as commands of this program.
//! * [`scheduler`]: begins what is due, in a running server; [`child`]: a try as the
//!   server sees it, a process of its own; [`attempt`]: the same from within; [`said`]: what it
//!   says.
//! * [`told`]: how jobs stand.

pub mod attempt;
pub mod child;
pub mod definition;
pub mod said;
pub mod schedule;
pub mod scheduler;
pub mod steps;
pub mod told;
