//! Command line and server of the churn model: the shell around `churn-core`
//! that touches files, the terminal and the network.
//!
//! # Layout
//!
//! * [`cli`]: the options of `churn`, and what is said when they are wrong.
//! * [`command`]: one file per command: train, evaluate, score, explain, serve.
//!
//! Around the commands:
//! * [`input`]: files, models and lists of ids, read whole.
//! * [`batches`]: a CSV file in batches of rows, read by a thread of its own.
//! * [`output`]: a file that appears when it is complete, or standard output.
//! * [`issues`]: skipped rows, the first few of them told.
//! * [`imputed`]: how many rows had missing values filled in.
//! * [`count`]: numbers of things, for people.
//! * [`presets`]: what is known of datasets that come with the program.
//! * [`progress`]: the progress bar; [`interrupt`]: Ctrl-C.
//! * [`terminal`]: lines on standard error.
//!
//! Server:
//! * [`router`]: all routes and the headers of every answer.
//! * [`site`]: the page's files and how long they may be cached.

pub mod batches;
pub mod cli;
pub mod command;
pub mod count;
pub mod imputed;
pub mod input;
pub mod interrupt;
pub mod issues;
pub mod output;
pub mod presets;
pub mod progress;
pub mod router;
pub mod site;
pub mod terminal;
