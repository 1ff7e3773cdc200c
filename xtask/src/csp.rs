//! The page's content security policy.
//!
//! A static host sends no headers of ours, so the policy is part of the page.
//! The loader that trunk writes inline changes with every build: it is allowed
//! by its hash.

use anyhow::{Context, Result};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

use crate::html::{find_tag, tag_end};

const META: &str = "<meta http-equiv=\"Content-Security-Policy\"";

/// The page with a policy that allows its own files and inline scripts, and
/// nothing else. A policy that is already there is replaced.
pub fn seal(html: &str) -> Result<String> {
    let scripts: String = inline_scripts(html)
        .map(|script| format!(" '{}'", hash(script)))
        .collect();
    let policy = format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'{scripts}; \
         style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; \
         manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'"
    );
    let (before, after) = place(html).context(
        "the page has neither <head> nor <html> nor a tag `<meta \
         http-equiv=\"Content-Security-Policy\" …>`",
    )?;
    Ok(format!("{before}{META} content=\"{policy}\">{after}"))
}

/// What stands before and after the policy: an old one, or else the start of
/// the head, as a policy applies only to what follows it. A minified page leaves
/// out the tag `<head>`: its head starts behind `<html>`.
fn place(html: &str) -> Option<(&str, &str)> {
    let (start, end) = if let Some(start) = find_tag(html, META) {
        (start, start + tag_end(&html[start..])?)
    } else {
        let head = find_tag(html, "<head").or_else(|| find_tag(html, "<html"))?;
        let end = head + tag_end(&html[head..])?;
        (end, end)
    };
    Some((&html[..start], &html[end..]))
}

/// The hash by which a policy names a script. A browser sees each line break
/// of a page as a line feed, and hashes that.
fn hash(script: &str) -> String {
    let digest = Sha256::digest(script.replace("\r\n", "\n"));
    format!("sha256-{}", STANDARD.encode(digest))
}

/// The text of every script that stands in the page itself.
fn inline_scripts(html: &str) -> impl Iterator<Item = &str> {
    let mut rest = html;
    std::iter::from_fn(move || {
        loop {
            let tag = &rest[find_tag(rest, "<script")?..];
            let body = &tag[tag_end(tag)?..];
            let end = find_tag(body, "</script")?;
            rest = &body[end..];
            let attributes = &tag["<script".len()..tag.len() - body.len() - 1];
            if !has_attribute(attributes, "src") {
                return Some(&body[..end]);
            }
        }
    })
}

/// Whether an attribute is named among a tag's.
fn has_attribute(attributes: &str, name: &str) -> bool {
    let mut unquoted = String::new();
    let mut quote = None;
    for c in attributes.chars() {
        match (quote, c) {
            (None, '"' | '\'') => quote = Some(c),
            (None, _) => unquoted.push(c),
            (Some(open), _) if open == c => {
                quote = None;
                unquoted.push(' ');
            }
            _ => {}
        }
    }
    unquoted
        .split_ascii_whitespace()
        .filter_map(|word| word.split('=').next())
        .any(|word| word.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::{hash, inline_scripts, seal};

    fn scripts(html: &str) -> Vec<&str> {
        inline_scripts(html).collect()
    }

    #[test]
    fn hashes_as_a_browser_does() {
        // The example of the specification's own text.
        let expected = "sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng=";
        assert_eq!(hash("alert('Hello, world.');"), expected);
        assert_eq!(hash("a\r\nb"), hash("a\nb"));
    }

    #[test]
    fn finds_the_inline_scripts_only() {
        let html = "<head><script src=\"a.js\"></script>\
                    <script type=\"module\" data-src='b'>import x from 'y';</script>\
                    <!-- <script>no()</script> --><SCRIPT>two()</SCRIPT>\
                    <scripted>not one</scripted></head>";
        assert_eq!(scripts(html), ["import x from 'y';", "two()"]);
    }

    #[test]
    fn a_greater_sign_in_an_attribute_does_not_end_the_tag() {
        assert_eq!(
            scripts("<script data-a=\"x > src=y\">go()</script>"),
            ["go()"]
        );
    }

    #[test]
    fn the_policy_comes_first_in_the_head() -> anyhow::Result<()> {
        let sealed = seal("<html><head lang=\"en\"><script>go()</script></head></html>")?;
        let start = "<html><head lang=\"en\"><meta http-equiv=\"Content-Security-Policy\" \
                     content=\"default-src 'none'; script-src 'self' 'wasm-unsafe-eval' 'sha256-";
        assert!(sealed.starts_with(start), "{sealed}");
        assert!(sealed.ends_with("form-action 'none'\"><script>go()</script></head></html>"));
        Ok(())
    }

    #[test]
    fn a_minified_page_has_its_head_behind_html() -> anyhow::Result<()> {
        let sealed = seal("<!doctype html><html lang=en><meta charset=utf-8><title>T</title>")?;
        let start = "<!doctype html><html lang=en><meta http-equiv=\"Content-Security-Policy\"";
        assert!(sealed.starts_with(start), "{sealed}");
        assert!(
            sealed.ends_with("\"><meta charset=utf-8><title>T</title>"),
            "{sealed}"
        );
        Ok(())
    }

    #[test]
    fn sealing_twice_is_sealing_once() -> anyhow::Result<()> {
        let once = seal("<head>\n<meta charset=\"utf-8\"><script>go()</script></head>")?;
        assert_eq!(seal(&once)?, once);
        Ok(())
    }

    #[test]
    fn a_page_without_a_head_is_refused() {
        assert!(seal("<header></header>").is_err());
    }
}
