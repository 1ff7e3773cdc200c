//! `cargo xtask`: everything that is done with this workspace, on every system.
//!
//! - [`run`], [`site`] (`build`), [`mod@test`], [`check`], [`mod@bench`]: the subcommands
//! - [`page_bench`], [`lighthouse`], [`score_bench`], [`server_bench`], [`soak`]: parts of the
//!   benchmark; [`conformance`]: the API's description tried on the server
//! - [`service`]: servers that are measured; [`customers`]: what they are asked;
//!   [`load`]: a load generator
//! - [`split`]: the page's code in parts; [`style`]: its style sheets as one; [`csp`]:
//!   its content security policy; [`release`]: its files, for its service worker;
//!   [`html`]: its tags
//! - [`toolchain`]: the compiler with the wasm32 target; [`debian`] and
//!   [`wasm_std`] where rustup must not download
//! - [`tools`] and [`wasm_opt`]: the programs the page is built with
//! - [`browser`], [`npm`], [`python`]: what tests and benchmarks need besides
//! - [`apt`], [`cache`], [`lockfile`], [`process`], [`terminal`], [`version`],
//!   [`workspace`]: small parts

#![expect(clippy::print_stdout, reason = "a program for the terminal")]

mod apt;
mod bench;
mod browser;
mod cache;
mod check;
mod conformance;
mod csp;
mod customers;
mod debian;
mod html;
mod lighthouse;
mod load;
mod lockfile;
mod npm;
mod page_bench;
mod process;
mod python;
mod release;
mod run;
mod score_bench;
mod server_bench;
mod service;
mod site;
mod soak;
mod split;
mod style;
mod terminal;
mod test;
mod toolchain;
mod tools;
mod version;
mod wasm_opt;
mod wasm_std;
mod workspace;

use std::process::ExitCode;

use anyhow::{Result, bail};

const HELP: &str = "\
cargo xtask <command>

  run [--addr ADDR]   set up, build, train on the bundled data and serve
                      (127.0.0.1:8080 unless told otherwise)
  build --static      leave in dist/ a site that any static host serves
  seal                make a page that `trunk build` left in dist/ fit for a host
  test                set up and run every test: native, wasm, browser
  check               formatting, clippy (native and wasm), documentation
  bench [--browser | --server]
                      print our speed beside the reference's
  bench --lighthouse  print what Lighthouse says of the page
  bench --soak [--minutes 10]
                      print what the server does under full load for so long

What is missing is installed; what was built is kept in the user's cache folder.
";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let done = match split::called_for() {
        Some(bindgen) => split::stand_in(&bindgen),
        None => dispatch(&args),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(args: &[&str]) -> Result<()> {
    match args {
        [] | ["help" | "-h" | "--help", ..] | [_, "-h" | "--help"] => {
            print!("{HELP}");
            Ok(())
        }
        ["run"] => run::run(run::DEFAULT_ADDR),
        ["run", "--addr", addr] => run::run(addr),
        ["build", "--static"] => site::build().map(drop),
        ["seal"] => site::seal(),
        ["test"] => test::run(),
        ["check"] => check::run(),
        ["bench"] => bench::run(bench::Suite::Native),
        ["bench", "--browser"] => bench::run(bench::Suite::Browser),
        ["bench", "--lighthouse"] => bench::run(bench::Suite::Lighthouse),
        ["bench", "--server"] => bench::run(bench::Suite::Server),
        ["bench", "--soak"] => bench::run(bench::Suite::Soak(soak::MINUTES)),
        ["bench", "--soak", "--minutes", minutes] => match minutes.parse() {
            Ok(minutes) => bench::run(bench::Suite::Soak(minutes)),
            Err(_) => bail!("--minutes: expected a number, got `{minutes}`"),
        },
        _ => bail!(
            "unknown command `{}`; `cargo xtask --help` lists the commands",
            args.join(" ")
        ),
    }
}
