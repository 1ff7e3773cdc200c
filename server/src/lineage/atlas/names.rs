//! How entities are called in Atlas.

use churn_core::{Error, ErrorCode, Result};

/// What an entity is called where nothing else is said.
pub const PATTERN: &str = "{project}/{kind}/{name}@churn";

/// How entities are called.
#[derive(Clone, Debug)]
pub struct Names {
    /// Name of the project.
    pub project: String,
    pattern: String,
}

impl Names {
    /// Names in a project by a pattern with `{kind}` and `{name}`, and `{project}` if
    /// wanted.
    ///
    /// # Errors
    /// [`ErrorCode::Parameter`] for a pattern by which two would have one name.
    pub fn new(project: &str, pattern: &str) -> Result<Self> {
        let mut rest = pattern.to_owned();
        for part in ["{kind}", "{name}"] {
            if !rest.contains(part) {
                return Err(wrong(format!("{part} in it"), pattern));
            }
            rest = rest.replace(part, "");
        }
        if rest.replace("{project}", "").contains(['{', '}']) {
            return Err(wrong("{project}, {kind} and {name} alone".into(), pattern));
        }
        Ok(Self {
            project: project.into(),
            pattern: pattern.into(),
        })
    }

    /// The name of an entity of a kind.
    pub fn qualified(&self, kind: &str, name: &str) -> String {
        // Nothing that was put in is looked at again.
        let mut out = String::new();
        let mut rest = self.pattern.as_str();
        while let Some((before, behind)) = rest.split_once('{') {
            let (part, behind) = behind.split_once('}').unwrap_or((behind, ""));
            out.push_str(before);
            out.push_str(match part {
                "project" => &self.project,
                "kind" => kind,
                _ => name,
            });
            rest = behind;
        }
        out + rest
    }
}

fn wrong(expected: String, pattern: &str) -> Error {
    let error = Error::mismatch(ErrorCode::Parameter, expected, format!("'{pattern}'"));
    error.in_field("--qualified-name")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_the_pattern() -> Result<()> {
        let names = Names::new("{name}", "x/{kind}.{name}@{project}!")?;
        assert_eq!(names.qualified("build", "{kind}"), "x/build.{kind}@{name}!");
        for wrong in [
            "",
            "{kind}",
            "{name}",
            "{kind}{name}{cluster}",
            "{kind}{name}}",
        ] {
            assert!(Names::new("p", wrong).is_err(), "{wrong}");
        }
        Ok(())
    }
}
