//! The one compiler that the whole workspace is built with.

use std::env;
use std::ffi::OsStr;
use std::process::Command;

use anyhow::{Context, Result};

use crate::process::{command, find, run};
use crate::terminal::{step, warn};
use crate::{apt, debian, wasm_std, workspace};

/// The target that the page is built for.
pub const WASM_TARGET: &str = "wasm32-unknown-unknown";

/// A Rust toolchain that can build for the host and for [`WASM_TARGET`].
#[derive(Clone, Copy, Debug)]
pub struct Toolchain {
    /// Its name for rustup; without one, the toolchain that is active.
    name: Option<&'static str>,
}

impl Toolchain {
    /// The toolchain that is active, given its wasm32 target if it lacks one;
    /// where rustup must not or cannot download, Debian's own.
    pub fn prepare() -> Result<Self> {
        let active = Self { name: None };
        if wasm_std::fits(&mut active.rustc())? {
            return Ok(active);
        }
        if may_download() {
            step(&format!("target {WASM_TARGET}: adding it with rustup"));
            let added = run(command("rustup")
                .args(["target", "add", WASM_TARGET])
                .current_dir(workspace::root()));
            match added {
                Ok(()) => return Ok(active),
                Err(error) if !apt::is_available() => {
                    return Err(error.context(format!(
                        "the target {WASM_TARGET} is missing and rustup cannot add it: \
                         check the network, then run this command again"
                    )));
                }
                Err(error) => warn(&format!("{error:#}; trying Debian's Rust")),
            }
        }
        debian::prepare().with_context(|| {
            format!("rustup did not provide {WASM_TARGET} and Debian's Rust cannot be used")
        })?;
        Ok(Self {
            name: Some(debian::TOOLCHAIN),
        })
    }

    /// A call of cargo in the workspace.
    pub fn cargo(self) -> Command {
        self.command("cargo")
    }

    fn rustc(self) -> Command {
        self.command("rustc")
    }

    /// A call of a program that in its turn calls cargo.
    pub fn command(self, program: impl AsRef<OsStr>) -> Command {
        let mut command = command(program);
        command.current_dir(workspace::root());
        if let Some(name) = self.name {
            command.env("RUSTUP_TOOLCHAIN", name);
        }
        command
    }
}

/// Whether rustup is here and the user lets it download.
fn may_download() -> bool {
    find("rustup").is_some() && env::var_os("RUSTUP_AUTO_INSTALL").is_none_or(|value| value != "0")
}
