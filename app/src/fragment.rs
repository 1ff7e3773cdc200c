//! The text after `#` in the page's address: a path and named values, as in
//! `#/customer/7590-VHVEG?Contract=One year`. Readable where it can be, escaped
//! where it must.

/// A parsed fragment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fragment {
    /// The parts between slashes.
    pub path: Vec<String>,
    /// The named values behind the question mark, in order.
    pub values: Vec<(String, String)>,
}

impl Fragment {
    /// Reads a fragment, with or without its `#`.
    pub fn parse(text: &str) -> Self {
        let text = text.trim_start_matches('#').trim_start_matches('/');
        let (path, values) = text.split_once('?').unwrap_or((text, ""));
        Self {
            path: filled(path, '/').map(decode).collect(),
            values: filled(values, '&')
                .map(|pair| {
                    let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
                    (decode(name), decode(value))
                })
                .collect(),
        }
    }

    /// The first value of a name.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.values
            .iter()
            .find(|(found, _)| found == name)
            .map(|(_, value)| value.as_str())
    }

    /// The fragment as text, with its `#`.
    pub fn text(&self) -> String {
        let mut text = String::from("#");
        for part in &self.path {
            text.push('/');
            encode(part, &mut text);
        }
        for (place, (name, value)) in self.values.iter().enumerate() {
            text.push(if place == 0 { '?' } else { '&' });
            encode(name, &mut text);
            text.push('=');
            encode(value, &mut text);
        }
        text
    }
}

/// The parts of a text that are not empty.
fn filled(text: &str, separator: char) -> impl Iterator<Item = &str> {
    text.split(separator).filter(|part| !part.is_empty())
}

/// Escapes what has a meaning in a fragment and what browsers would rewrite.
/// Spaces become `+`.
fn encode(text: &str, out: &mut String) {
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => out.push(char::from(byte)),
            b'-' | b'_' | b'.' | b'~' | b'(' | b')' | b':' | b',' | b'!' => {
                out.push(char::from(byte));
            }
            b' ' => out.push('+'),
            _ => {
                out.push('%');
                for digit in [byte >> 4, byte & 15] {
                    let digit = char::from_digit(digit.into(), 16);
                    out.extend(digit.map(|digit| digit.to_ascii_uppercase()));
                }
            }
        }
    }
}

/// Undoes [`encode`]; a broken escape is kept as it stands.
fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        let escaped = match (first, tail) {
            (b'%', [high, low, ..]) => digit(*high).zip(digit(*low)),
            _ => None,
        };
        if let Some((high, low)) = escaped {
            bytes.push(high << 4 | low);
            rest = &tail[2..];
        } else {
            bytes.push(if first == b'+' { b' ' } else { first });
            rest = tail;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Value of a hexadecimal digit.
fn digit(byte: u8) -> Option<u8> {
    char::from(byte)
        .to_digit(16)
        .and_then(|digit| u8::try_from(digit).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_text_comes_back() {
        let fragment = Fragment {
            path: vec!["customer".into(), "a/b ?#%é".into()],
            values: vec![("Payment & more".into(), "Credit card (automatic)=+".into())],
        };
        assert_eq!(Fragment::parse(&fragment.text()), fragment);
    }

    #[test]
    fn plain_text_stays_readable() {
        let text = "#/customer/7590-VHVEG?Contract=One+year";
        assert_eq!(Fragment::parse(text).text(), text);
        assert_eq!(Fragment::parse(text).value("Contract"), Some("One year"));
    }

    #[test]
    fn broken_escapes_are_kept() {
        assert_eq!(Fragment::parse("#/a%2").path, ["a%2"]);
        assert_eq!(Fragment::parse("#/%zz%").path, ["%zz%"]);
        assert_eq!(Fragment::parse("").path, Vec::<String>::new());
    }
}
