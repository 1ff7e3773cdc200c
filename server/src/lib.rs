//! Command line and server of the churn model: the shell around `churn-core`
//! that touches files, the terminal and the network.
//!
//! # Layout
//!
//! * [`cli`]: the options of `churn`, and what is said when they are wrong.
//! * [`command`]: one file per command: train, experiment, run, lineage, evaluate, score,
//!   explain, deploy, ingest, table, model, mlflow, retrain, job, key, backup, restore, prune, erase, serve, simulate.
//!
//! Around the commands:
//! * [`input`]: files, models and lists of ids, read whole.
//! * [`customers`]: of a CSV file or a table; [`batches`]: in batches of rows, read
//!   by a thread of its own.
//! * [`table`]: named tables in versions; [`condition`]: which rows of them.
//! * [`output`]: a file that appears when it is complete, or standard output.
//! * [`issues`]: skipped rows, the first few of them told.
//! * [`imputed`]: how many rows had missing values filled in.
//! * [`count`]: numbers of things, for people.
//! * [`presets`]: what is known of datasets that come with the program.
//! * [`scoring`]: scores of any number of customers.
//! * [`experiment`]: models trained by a grid, searched and compared.
//! * [`retraining`]: models looked after by rules.
//! * [`job`]: what is done by itself, at times of the clock or after each other.
//! * [`lineage`]: what came from what.
//! * [`mlflow`]: runs and versions, told to MLflow servers.
//! * [`telling`]: other servers, of what happens here.
//! * [`simulation`]: customers and outcomes, drifting; [`client`]: of a server.
//! * [`progress`]: the progress bar; [`interrupt`]: Ctrl-C.
//! * [`terminal`]: lines on standard error; [`user`]: who reads them.
//!
//! Server:
//! * [`connection`]: connections, accepted and ended; [`guard`]: what every
//!   request passes; [`origin`]: under which name, and by whose page;
//!   [`auth`]: keys and roles; [`session`]: keys of the page.
//! * [`caller`]: who asks, and whether they may; [`rate`]: how often.
//! * [`router`]: all routes; [`routes`]: their handlers; [`api`]: what these
//!   share; [`error`]: the one error of the API; [`described`]: the models in
//!   its description.
//! * [`body`], [`query`], [`customer`], [`explain`], [`truth`]: what
//!   requests say, checked.
//! * [`fleet`], [`build`]: deployments and the models in memory.
//! * [`store`]: what must not be lost; [`record`]: a customer in a few bytes;
//!   [`told`]: predictions as they are told; [`stream`]: long answers.
//! * [`monitor`]: how deployments do, as sums; [`timeline`]: sums over time.
//! * [`telemetry`]: what is counted; [`clock`]: time and random names.
//! * [`site`]: the page's files and how long they may be cached.

pub mod api;
pub mod auth;
pub mod batches;
pub mod body;
pub mod build;
pub mod caller;
pub mod cli;
pub mod client;
pub mod clock;
pub mod command;
pub mod condition;
pub mod connection;
pub mod count;
pub mod customer;
pub mod customers;
pub mod described;
pub mod error;
pub mod experiment;
pub mod explain;
pub mod fleet;
pub mod guard;
pub mod imputed;
pub mod input;
pub mod interrupt;
pub mod issues;
pub mod job;
pub mod lineage;
pub mod mlflow;
pub mod monitor;
pub mod origin;
pub mod output;
pub mod presets;
pub mod progress;
pub mod query;
pub mod rate;
pub mod record;
pub mod retraining;
pub mod router;
pub mod routes;
pub mod scoring;
pub mod session;
pub mod simulation;
pub mod site;
pub mod store;
pub mod stream;
pub mod table;
pub mod telemetry;
pub mod telling;
pub mod terminal;
pub mod timeline;
pub mod told;
pub mod truth;
pub mod user;
