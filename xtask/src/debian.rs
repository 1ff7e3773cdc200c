//! Debian's Rust, for machines on which rustup must not download.
//!
//! Debian packages a current compiler for its browsers (`rustc-web`), with the
//! sources of the standard library but without a wasm32 build of it.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::process::{command, find, output, run};
use crate::terminal::step;
use crate::version::Version;
use crate::{apt, wasm_std};

/// The name under which rustup knows Debian's Rust.
pub const TOOLCHAIN: &str = "debian";

const PACKAGES: [&str; 6] = [
    "cargo-web",
    "libstd-rust-web-dev",
    "rust-web-clippy",
    "rust-web-src",
    "rustc-web",
    "rustfmt-web",
];

/// Installs Debian's Rust, builds its standard library for wasm32 and makes
/// it known to rustup.
pub fn prepare() -> Result<()> {
    if !apt::is_available() {
        bail!(
            "this is no Debian system; let rustup download (unset RUSTUP_AUTO_INSTALL) \
             or install a Rust toolchain with the wasm32 target"
        );
    }
    apt::install(&PACKAGES)?;
    let about = output(command(wasm_std::RUSTC).arg("-vV"))?;
    let rustc = Version::find(&about).context("rustc does not tell its version")?;
    let needed = Version::find(env!("CARGO_PKG_RUST_VERSION")).unwrap_or(rustc);
    if rustc < needed {
        bail!(
            "Debian's Rust is {rustc}, needed is {needed}: add the security suite \
             to apt's sources, then run `apt-get update && apt-get upgrade`"
        );
    }
    provide_linker(&about)?;
    if !wasm_std::fits(&mut command(wasm_std::RUSTC))? {
        if !apt::is_root() {
            bail!("Debian's Rust lacks wasm32: run this command once as root");
        }
        step(&format!(
            "standard library of Rust {rustc} for wasm32: building (about a minute, once)"
        ));
        wasm_std::build()?;
    }
    link()
}

/// rustc calls the linker of wasm32 by the name `rust-lld`, which Debian's
/// packages do not install.
fn provide_linker(about: &str) -> Result<()> {
    let field = |name: &str| about.lines().find_map(|line| line.strip_prefix(name));
    let host = field("host: ").context("rustc does not tell its host")?;
    let llvm = field("LLVM version: ")
        .and_then(Version::find)
        .context("rustc does not tell its LLVM version")?;
    let lld = format!("lld-{}", llvm.0);
    apt::install(&[&lld])?;
    let dir = Path::new(wasm_std::RUSTLIB).join(host).join("bin");
    let linker = dir.join("rust-lld");
    let target = Path::new("/usr/bin").join(lld);
    if fs::read_link(&linker).is_ok_and(|aim| aim == target) {
        return Ok(());
    }
    let linked = fs::create_dir_all(&dir)
        .map_err(anyhow::Error::from)
        .and_then(|()| run(command("ln").arg("-sfn").args([&target, &linker])));
    linked.with_context(|| {
        format!(
            "cannot write {}: run this command once as root",
            linker.display()
        )
    })
}

fn link() -> Result<()> {
    if find("rustup").is_none() {
        return Ok(());
    }
    // rustup tells a path through its own link.
    let known = output(command("rustup").args(["which", "--toolchain", TOOLCHAIN, "rustc"]));
    let linked = known.is_ok_and(|path| same_file(Path::new(&path), Path::new(wasm_std::RUSTC)));
    if linked {
        return Ok(());
    }
    step(&format!("rustup: linking toolchain {TOOLCHAIN} to /usr"));
    run(command("rustup").args(["toolchain", "link", TOOLCHAIN, "/usr"]))
}

fn same_file(a: &Path, b: &Path) -> bool {
    fs::canonicalize(a).is_ok_and(|a| fs::canonicalize(b).is_ok_and(|b| a == b))
}
