//! Takes the page's code apart, so that the code of a page is loaded when that page
//! is opened: at the functions that the app marks as `wasm_split`.
//!
//! It has to happen between the compiler and wasm-bindgen, where trunk has no hook
//! (<https://github.com/trunk-rs/trunk/issues/1022>). So this program is put where
//! trunk looks for wasm-bindgen, under that name: it splits, then calls the real one.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs, iter};

use anyhow::{Context, Result};
use wasm_split_cli_support::{Options, transform};

use crate::process::{command, output, run};
use crate::tools::Tools;
use crate::{release, workspace};

/// The program that trunk calls.
const BINDGEN: &str = "wasm-bindgen";
/// Environment variables that name the real one, `wasm-opt` where there is one, and
/// where the parts are put.
const REAL: &str = "CHURN_WASM_BINDGEN";
const OPTIMISER: &str = "CHURN_WASM_OPT";
const PARTS: &str = "CHURN_PARTS";
/// The program that is taken apart; the worker stays whole.
const APP: &str = "app";
/// What loads the parts, as the splitter names it.
const LOADER: &str = "__wasm_split.js";
/// Scripts in this folder of wasm-bindgen's output are taken into the page by trunk.
const SCRIPTS: &str = "snippets";
/// As in `index.html`, where those of the main part stand.
const OPTIMISATION: [&str; 7] = [
    "--flatten",
    "--rereloop",
    "-Oz",
    "--low-memory-unused",
    "--zero-filled-memory",
    "--strip-producers",
    "--strip-target-features",
];
/// What the compiler uses for wasm32 by default; the parts do not say it themselves.
const FEATURES: [&str; 6] = [
    "bulk-memory",
    "multivalue",
    "mutable-globals",
    "nontrapping-float-to-int",
    "reference-types",
    "sign-ext",
];

/// Has trunk call this program, for a page whose code is split. The parts are left in
/// a folder, which is given.
pub fn apply(trunk: &mut Command, tools: &Tools) -> Result<PathBuf> {
    let folder = workspace::target().join("split");
    let parts = folder.join("parts");
    for old in [&folder, &workspace::target().join(BINDGEN)] {
        let _ = fs::remove_dir_all(old);
    }
    fs::create_dir_all(&parts)?;
    let program = folder.join(format!("{BINDGEN}{}", env::consts::EXE_SUFFIX));
    fs::copy(env::current_exe()?, &program)
        .with_context(|| format!("cannot write {}", program.display()))?;
    let path = tools.path()?;
    let dirs = iter::once(folder).chain(env::split_paths(&path));
    trunk
        .args(["--features", "split"])
        .env("PATH", env::join_paths(dirs)?)
        .env(REAL, tools.program(BINDGEN)?)
        .env(PARTS, &parts);
    if tools.has_wasm_opt {
        trunk.env(OPTIMISER, tools.program("wasm-opt")?);
    }
    Ok(parts)
}

/// The real program, where this one was called in its place.
pub fn called_for() -> Option<PathBuf> {
    let program = env::args_os().next().map(PathBuf::from)?;
    let stands_in = program.file_stem().is_some_and(|name| name == BINDGEN);
    env::var_os(REAL).filter(|_| stands_in).map(PathBuf::from)
}

/// Does what wasm-bindgen does, after the app was taken apart.
pub fn stand_in(real: &Path) -> Result<()> {
    let mut args: Vec<OsString> = env::args_os().skip(1).collect();
    let option = |name: &str| {
        let start = format!("--{name}=");
        let value = |arg: &OsString| arg.to_str()?.strip_prefix(&start).map(str::to_owned);
        args.iter().find_map(value)
    };
    let (Some(out), Some(APP)) = (option("out-dir"), option("out-name").as_deref()) else {
        return run(command(real).args(&args));
    };
    let out = Path::new(&out);
    let file = args
        .iter()
        .position(|arg| !arg.to_string_lossy().starts_with("--"));
    let file = file.with_context(|| format!("{BINDGEN}: no file was named"))?;
    let input = PathBuf::from(args.remove(file));
    let scripts = out.join(SCRIPTS);
    fs::create_dir_all(&scripts)?;
    let parts = env::var_os(PARTS).map(PathBuf::from);
    let parts = parts.with_context(|| format!("{PARTS} is not set"))?;
    let work = parts.with_file_name("work");
    let main = work.join("main.wasm");
    let code = fs::read(&input).with_context(|| format!("cannot read {}", input.display()))?;
    let mut options = Options::new(&code);
    options.output_dir = &work;
    options.main_out_path = &main;
    let split = transform(options);
    let split = split.map_err(|error| anyhow::anyhow!("cannot split the page's code: {error}"))?;
    let mut loader = fs::read_to_string(work.join(LOADER))?;
    for part in split.split_modules {
        let name = part.file_name().unwrap_or_default().to_string_lossy();
        optimise(&part)?;
        let hashed = release::hashed(&fs::read(&part)?, &name);
        fs::copy(&part, parts.join(&hashed))?;
        loader = loader.replace(&format!("\"./{name}\""), &format!("\"../{hashed}\""));
    }
    // The main part has another name for each release: the page knows it.
    let (_, rest) = loader
        .split_once("from \"./main.js\";")
        .context("the loader of the parts does not begin as expected")?;
    let code = rest
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with("//") && !line.starts_with("/*"));
    let code: Vec<&str> = code.collect();
    let start = "const initSync = () => wasmBindings.initSync();";
    let loader = format!("{start}\n{}\n", code.join("\n"));
    let script = release::hashed(loader.as_bytes(), "split.js");
    fs::write(scripts.join(&script), loader)?;
    run(command(real)
        .args(&args)
        .arg("--keep-lld-exports")
        .arg(&main))?;
    let bound = out.join(format!("{APP}.js"));
    let text = fs::read_to_string(&bound)?;
    let import = format!("from \"./{LOADER}\"\n");
    let text = text
        .replace(&import, &format!("from \"./{SCRIPTS}/{script}\";\n"))
        // Trunk's minifier does not know the one, and leaves all as it is.
        .replace(
            "export { initSync, __wbg_init as default };",
            "export { initSync }; export default __wbg_init;",
        );
    fs::write(bound, text)?;
    Ok(())
}

/// Takes the parts into a page that trunk has built.
pub fn take(parts: &Path, dist: &Path) -> Result<()> {
    for part in fs::read_dir(parts)? {
        let part = part?;
        fs::copy(part.path(), dist.join(part.file_name()))?;
    }
    Ok(())
}

fn optimise(part: &Path) -> Result<()> {
    let Some(optimiser) = env::var_os(OPTIMISER) else {
        return Ok(());
    };
    output(
        command(optimiser)
            .args(OPTIMISATION)
            .args(FEATURES.map(|feature| format!("--enable-{feature}")))
            .arg(part)
            .arg("-o")
            .arg(part),
    )
    .map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_optimised_as_the_main_part_is() {
        let page = include_str!("../../index.html");
        assert!(page.contains(&OPTIMISATION.join(" ")));
    }
}
