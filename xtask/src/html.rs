//! The tags of a page as trunk writes it, minified or not.

/// Where a tag starts, in any case; comments are passed over.
pub fn find_tag(html: &str, tag: &str) -> Option<usize> {
    let mut at = 0;
    loop {
        at += html[at..].find('<')?;
        let rest = &html[at..];
        if rest.starts_with("<!--") {
            at += rest.find("-->")?;
        } else if let Some((start, after)) = rest.split_at_checked(tag.len())
            && start.eq_ignore_ascii_case(tag)
            && !after.starts_with(|c: char| c.is_alphanumeric() || c == '-')
        {
            return Some(at);
        } else {
            at += 1;
        }
    }
}

/// The length of the tag at the start of a text; `>` within quotes is not its end.
pub fn tag_end(tag: &str) -> Option<usize> {
    let mut quote = None;
    for (at, c) in tag.char_indices() {
        match (quote, c) {
            (None, '>') => return Some(at + 1),
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), _) if open == c => quote = None,
            _ => {}
        }
    }
    None
}

/// The value of an attribute of a tag, if it has it.
pub fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let start = tag.find(&format!(" {name}="))? + name.len() + 2;
    let value = &tag[start..];
    match value.chars().next()? {
        quote @ ('"' | '\'') => value[1..].split(quote).next(),
        _ => value.split([' ', '>']).next(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_attributes_with_and_without_quotes() {
        let tag = "<link rel=\"stylesheet\" href='a b.css' integrity=x>";
        assert_eq!(attribute(tag, "rel"), Some("stylesheet"));
        assert_eq!(attribute(tag, "href"), Some("a b.css"));
        assert_eq!(attribute(tag, "integrity"), Some("x"));
        assert_eq!(attribute(tag, "media"), None);
    }
}
