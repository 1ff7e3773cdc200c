//! Packages of Debian and its kin.

use std::process::{Command, Stdio};

use anyhow::{Result, bail};

use crate::process::{command, find, output, run};
use crate::terminal::step;

/// Whether this system has apt.
pub fn is_available() -> bool {
    find("apt-get").is_some() && find("dpkg-query").is_some()
}

/// Whether packages may be installed.
pub fn is_root() -> bool {
    output(command("id").arg("-u")).is_ok_and(|id| id == "0")
}

/// Installs those of the packages that are missing.
pub fn install(packages: &[&str]) -> Result<()> {
    let missing: Vec<&str> = packages
        .iter()
        .copied()
        .filter(|package| !is_installed(package))
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let list = missing.join(" ");
    if !is_root() {
        bail!(
            "Debian packages are missing; as root, run \
             `apt-get install --no-install-recommends {list}`, then this command again"
        );
    }
    step(&format!("Debian packages: installing {list}"));
    run(apt_get().args(["update"]))?;
    // Nothing of the user's is removed to make room.
    run(apt_get()
        .args(["install", "-y", "--no-install-recommends", "--no-remove"])
        .args(missing))
}

/// apt-get without questions and without its long report.
fn apt_get() -> Command {
    let mut apt_get = command("apt-get");
    apt_get
        .arg("-qq")
        .env("DEBIAN_FRONTEND", "noninteractive")
        .stdout(Stdio::null());
    apt_get
}

fn is_installed(package: &str) -> bool {
    output(command("dpkg-query").args(["-W", "-f", "${db:Status-Status}", package]))
        .is_ok_and(|status| status == "installed")
}
