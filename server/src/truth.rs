//! Who left, as requests say it: true or false, or the model's name of the class.

use churn_core::{ErrorCode, Target, json};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::api::Api;
use crate::body::Object;
use crate::error::{ApiError, ApiResult};
use crate::store::labels::NewLabel;
use crate::told::LABEL;

/// Ground truth of one prediction.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Label {
    /// The prediction's name.
    uuid: Uuid,
    label: Truth,
}

/// Who left: true or false, or the model's name of the class.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(untagged, expecting = "expected true, false or the name of a class")]
pub enum Truth {
    /// Whether the customer left.
    Left(bool),
    /// Name of the class.
    Class(String),
}

/// How a model calls who stays and who leaves, where it is clear which model is
/// meant.
#[derive(Debug)]
pub struct Classes(Option<Target>);

impl Classes {
    /// The classes of the model named, or of the only one.
    ///
    /// # Errors
    /// For a model that is not known.
    pub fn of(api: &Api, model: Option<&str>) -> ApiResult<Self> {
        match (model, api.fleet.all_live().as_slice()) {
            (None, [only]) => Ok(Self(only.build.target().cloned())),
            (None, _) => Ok(Self(None)),
            (Some(_), _) => Ok(Self(
                api.fleet.live(model, "model")?.build.target().cloned(),
            )),
        }
    }

    /// What to record of a label.
    ///
    /// # Errors
    /// For a class that the model does not know.
    pub fn read(&self, label: &Label) -> ApiResult<NewLabel> {
        let left = match &label.label {
            Truth::Left(left) => *left,
            Truth::Class(text) => self.read_text(text)?,
        };
        Ok(new_label(label.uuid, left))
    }

    fn read_text(&self, text: &str) -> ApiResult<bool> {
        match (text, &self.0) {
            (class, Some(target)) if class == target.positive => Ok(true),
            (class, Some(target)) if class == target.negative => Ok(false),
            ("true", _) => Ok(true),
            ("false", _) => Ok(false),
            _ => Err(self.refuse(format!("'{text}'"))),
        }
    }

    fn refuse(&self, got: String) -> ApiError {
        let expected = match &self.0 {
            Some(target) => {
                format!(
                    "true, false, '{}' or '{}'",
                    target.positive, target.negative
                )
            }
            None => "true or false".into(),
        };
        ApiError::field("label", expected, got)
    }

    /// A label of a line of JSON.
    ///
    /// # Errors
    /// For anything else.
    pub fn read_json(&self, line: &str) -> ApiResult<NewLabel> {
        let Object(label) = json::parse(line, ErrorCode::Row, "a label")?;
        self.read(&label)
    }

    /// A label of a line of CSV: uuid and label.
    ///
    /// # Errors
    /// For anything else.
    pub fn read_csv(&self, line: &str) -> ApiResult<NewLabel> {
        let (uuid, label) = line
            .split_once(',')
            .ok_or_else(|| ApiError::field("line", "uuid,label", format!("'{line}'")))?;
        let unquoted = |cell: &'_ str| cell.trim().trim_matches('"').to_owned();
        let uuid = unquoted(uuid);
        let uuid = uuid
            .parse()
            .map_err(|_| ApiError::field("uuid", "a uuid", format!("'{uuid}'")))?;
        Ok(new_label(uuid, self.read_text(&unquoted(label))?))
    }
}

fn new_label(uuid: Uuid, left: bool) -> NewLabel {
    NewLabel {
        uuid,
        key: LABEL.into(),
        value: left.to_string(),
    }
}
