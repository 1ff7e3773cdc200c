//! The standard library for wasm32, built from the sources Debian packages.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs, process};

use anyhow::{Context, Result};

use crate::process::{command, output, run};
use crate::toolchain::WASM_TARGET;

/// Debian's compiler.
pub const RUSTC: &str = "/usr/bin/rustc";
/// Where Debian's compiler looks for the libraries of its targets.
pub const RUSTLIB: &str = "/usr/lib/rustlib";

const VENDORED: &str = "source.vendored.directory = '/usr/lib/rustlib/src/rust/library/vendor'";

/// Beside the libraries: what `rustc -vV` said when they were built.
const STAMP: &str = "rustc-version";

/// An empty crate, whose dependency on the standard library is what is built.
const SEED_MANIFEST: &str = r#"[package]
name = "stdseed"
version = "0.0.0"
edition = "2024"

[lib]
path = "lib.rs"

[profile.release]
panic = "unwind"
"#;

/// Whether a compiler has a standard library for wasm32 that it can read.
pub fn fits(rustc: &mut Command) -> Result<bool> {
    let printed = output(rustc.args(["--print", "target-libdir", "--target", WASM_TARGET]));
    let Ok(lib) = printed.map(PathBuf::from) else {
        return Ok(false);
    };
    let Ok(entries) = fs::read_dir(&lib) else {
        return Ok(false);
    };
    let has_core = entries.flatten().any(|entry| {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        name.starts_with("libcore-") && name.ends_with(".rlib")
    });
    // Libraries without a stamp came with the compiler.
    let Ok(stamp) = fs::read_to_string(lib.with_file_name(STAMP)) else {
        return Ok(has_core);
    };
    Ok(has_core && stamp == output(command(rustc.get_program()).arg("-vV"))?)
}

/// Builds the standard library and puts it beside the compiler's own.
pub fn build() -> Result<()> {
    let work = env::temp_dir().join(format!("churn-wasm-std-{}", process::id()));
    let built = build_in(&work);
    // Left-over files are no reason to fail.
    let _ = fs::remove_dir_all(&work);
    built
}

fn build_in(work: &Path) -> Result<()> {
    fs::create_dir_all(work)?;
    fs::write(work.join("lib.rs"), "#![no_std]\n")?;
    fs::write(work.join("Cargo.toml"), SEED_MANIFEST)?;
    run(command("/usr/bin/cargo")
        .args(["build", "--quiet", "--offline", "--release"])
        .args(["--target", WASM_TARGET])
        .arg("-Zbuild-std=std,panic_abort,panic_unwind,proc_macro,test")
        // The crates it depends on come with its sources, too.
        .args(["--config", "source.crates-io.replace-with = 'vendored'"])
        .args(["--config", VENDORED])
        .current_dir(work)
        .env_remove("RUSTUP_TOOLCHAIN")
        .env("RUSTC", RUSTC)
        // `-Zbuild-std` is behind this switch in a stable compiler.
        .env("RUSTC_BOOTSTRAP", "1")
        // Link-time optimisation needs the bitcode of the library.
        .env("RUSTFLAGS", "-Cembed-bitcode=yes")
        .env("CARGO_TARGET_DIR", work.join("target")))
    .context("building the standard library for wasm32 failed")?;

    let deps = work.join("target").join(WASM_TARGET).join("release/deps");
    put_in_place(&deps, &Path::new(RUSTLIB).join(WASM_TARGET))
}

/// Copies the libraries; an interruption leaves the old ones or none, never a part.
fn put_in_place(deps: &Path, place: &Path) -> Result<()> {
    let partial = place.with_extension("partial");
    if partial.exists() {
        fs::remove_dir_all(&partial)?;
    }
    let lib = partial.join("lib");
    fs::create_dir_all(&lib)?;
    for entry in fs::read_dir(deps)? {
        let entry = entry?;
        let name = entry.file_name();
        let text = name.to_string_lossy();
        if text.ends_with(".rlib") && !text.starts_with("libstdseed-") {
            fs::copy(entry.path(), lib.join(&name))?;
        }
    }
    fs::write(partial.join(STAMP), output(command(RUSTC).arg("-vV"))?)?;
    if place.exists() {
        fs::remove_dir_all(place)?;
    }
    fs::rename(&partial, place).with_context(|| format!("cannot write {}", place.display()))
}
