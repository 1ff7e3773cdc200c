//! The page's style sheets as one: one file to wait for instead of a dozen, and a
//! quarter less to load.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha384};

use crate::html::{attribute, find_tag, tag_end};
use crate::release;

/// Puts the sheets that a page names into one file beside it; gives the page that
/// names this one.
pub fn join(html: &str, dist: &Path) -> Result<String> {
    let mut styles = String::new();
    let mut page = String::new();
    let mut place = None;
    let mut rest = html;
    while let Some(start) = find_tag(rest, "<link") {
        let end = start + tag_end(&rest[start..]).context("a tag does not end")?;
        let tag = &rest[start..end];
        page += &rest[..start];
        rest = &rest[end..];
        match attribute(tag, "href").filter(|_| attribute(tag, "rel") == Some("stylesheet")) {
            Some(file) => {
                place.get_or_insert(page.len());
                let path = dist.join(file.trim_start_matches("./"));
                let sheet = fs::read_to_string(&path);
                styles += &sheet.with_context(|| format!("cannot read {}", path.display()))?;
                fs::remove_file(path)?;
            }
            None => page += tag,
        }
    }
    page += rest;
    let Some(place) = place else {
        return Ok(page);
    };
    let name = release::hashed(styles.as_bytes(), "style.css");
    let integrity = STANDARD.encode(Sha384::digest(&styles));
    let link = format!("<link rel=stylesheet href=./{name} integrity=sha384-{integrity}>");
    page.insert_str(place, &link);
    fs::write(dist.join(name), styles)?;
    Ok(page)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sheets_are_joined_in_their_order() -> Result<()> {
        let dist = std::env::temp_dir().join(format!("churn-style-{}", std::process::id()));
        fs::create_dir_all(&dist)?;
        fs::write(dist.join("a.css"), "a{}")?;
        fs::write(dist.join("b.css"), "b{}")?;
        let html = "<meta charset=utf-8><link rel=\"stylesheet\" href=\"./a.css\"/><title>T</title>\
                    <link href=./b.css integrity=x rel=stylesheet><link rel=icon href=i.svg>";
        let page = join(html, &dist)?;
        let name = release::hashed(b"a{}b{}", "style.css");
        assert_eq!(fs::read_to_string(dist.join(&name))?, "a{}b{}");
        assert!(page.starts_with(&format!(
            "<meta charset=utf-8><link rel=stylesheet href=./{name}"
        )));
        assert!(
            page.ends_with("><title>T</title><link rel=icon href=i.svg>"),
            "{page}"
        );
        assert!(!dist.join("a.css").exists());
        // Joining what was joined changes nothing.
        assert_eq!(join(&page, &dist)?, page);
        fs::remove_dir_all(dist)?;
        Ok(())
    }
}
