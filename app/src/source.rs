//! Where the data, the preset and the model come from: static files that the
//! page names in its head, read once at the start.

use std::fmt;

use churn_core::{Dataset, Error, ModelArtefact, Predictor, Preset, artefact, progress};
use gloo_net::http::{Request, Response};

use crate::explorer::Explorer;
use crate::task::Task;
use crate::{monitor, page, text, trainer};

/// Why the explorer cannot open.
#[derive(Clone, Debug)]
pub struct Failure {
    /// What is wrong and how to mend it.
    pub message: String,
    /// Training on the data could replace a model that does not work.
    pub train_instead: bool,
}

impl Failure {
    fn new(message: String) -> Self {
        Self {
            message,
            train_instead: false,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

/// Loads everything. With `retrain` a model file is not looked for.
///
/// # Errors
/// A [`Failure`] that names the file.
pub async fn load(retrain: bool) -> Result<Explorer, Failure> {
    page::say(text::READING_DATA).await;
    let mut notices = Vec::new();
    let (data_url, bytes) = customers().await?;
    let preset = fetch_text("preset").await?;
    let model = if retrain {
        None
    } else {
        fetch_text("model").await?
    };
    let (model_url, model) = match model {
        Some(model) => model,
        None => {
            page::say(text::TRAINING).await;
            let preset = preset.as_ref().map(|(_, text)| text.clone());
            let reply = trainer::train(Task {
                data: bytes.clone(),
                preset,
            })
            .await;
            let broken = |error: String| Failure::new(text::file_broken(&data_url, &error));
            (data_url.clone(), reply.map_err(broken)?)
        }
    };
    page::say(text::EXPLAINING).await;
    let broken = |error: Error| Failure {
        message: text::file_broken(&model_url, &error.to_string()),
        train_instead: !retrain,
    };
    let artefact = ModelArtefact::from_json(&model).map_err(broken)?;
    let predictor = Predictor::new(artefact).map_err(broken)?;
    let schema = &predictor.artefact().schema;
    // Only a column that the model asks for in vain speaks against the model.
    let data_broken = |error: Error| match error.field {
        Some(_) => broken(error),
        None => Failure::new(text::file_broken(&data_url, &error.to_string())),
    };
    let reading =
        Dataset::read_csv_as(&bytes, schema, &mut progress::ignore).map_err(data_broken)?;
    if let Some(first) = reading.issues.first() {
        let first = Error::from(first).to_string();
        notices.push(text::rows_skipped(reading.issues.len(), &first));
    }
    let preset = preset.and_then(|(url, text)| {
        let preset = Preset::from_json(&text);
        preset
            .map_err(|error| notices.push(text::preset_ignored(&url, &error.to_string())))
            .ok()
            .filter(|preset| preset.fits_schema(schema))
    });
    let data = reading.dataset;
    let hash = artefact::sha256(&bytes);
    let mut explorer = Explorer::new(predictor, preset, &data, hash, notices, page::now);
    explorer.issues = reading.issues;
    explorer.left_out = reading.left_out;
    Ok(explorer)
}

/// Address and bytes of the customers' file.
///
/// # Errors
/// A [`Failure`] that names the file.
pub async fn customers() -> Result<(String, Vec<u8>), Failure> {
    let url = page::linked_file("data").ok_or_else(|| Failure::new(text::link_missing("data")))?;
    let bytes = fetch(&url)
        .await?
        .ok_or_else(|| Failure::new(text::file_missing(&url)))?;
    Ok((url, bytes))
}

/// Address and text of a file that the page's head may name.
async fn fetch_text(name: &str) -> Result<Option<(String, String)>, Failure> {
    let Some(url) = page::linked_file(name) else {
        return Ok(None);
    };
    let bytes = fetch(&url).await?;
    Ok(bytes.map(|bytes| (url, String::from_utf8_lossy(&bytes).into_owned())))
}

/// The bytes behind an address; nothing where there is no such file. A host
/// that answers every address with a page has no such file either.
async fn fetch(url: &str) -> Result<Option<Vec<u8>>, Failure> {
    let unreachable = |_| Failure::new(text::file_unreachable(url));
    let response = Request::get(url).send().await.map_err(unreachable)?;
    monitor::note(&response);
    match response.status() {
        404 | 410 => Ok(None),
        200 if is_page(&response) => Ok(None),
        200 => response.binary().await.map(Some).map_err(unreachable),
        status => Err(Failure::new(text::file_refused(url, status))),
    }
}

fn is_page(response: &Response) -> bool {
    let kind = response.headers().get("content-type");
    kind.is_some_and(|kind| kind.starts_with("text/html"))
}
