//! Where the data, the preset and the model come from: static files that the
//! page names in its head, read once at the start.

use std::fmt;

use churn_core::artefact::sha256;
use churn_core::dataset::ReadOptions;
use churn_core::train::{TrainParams, train};
use churn_core::{Dataset, Error, ModelArtefact, Predictor, Preset, Reading, progress};
use gloo_net::http::{Request, Response};

use crate::explorer::Explorer;
use crate::{page, text};

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
    let data_url =
        page::linked_file("data").ok_or_else(|| Failure::new(text::link_missing("data")))?;
    let bytes = fetch(&data_url)
        .await?
        .ok_or_else(|| Failure::new(text::file_missing(&data_url)))?;
    let preset = load_preset(&mut notices).await?;
    let model = if retrain { None } else { load_model().await? };
    let broken = |error: Error| Failure::new(text::file_broken(&data_url, &error.to_string()));
    let (predictor, reading) = match model {
        Some((url, predictor)) => {
            let schema = &predictor.artefact().schema;
            let reading = Dataset::read_csv_as(&bytes, schema, &mut progress::ignore);
            let reading = reading.map_err(|error| Failure {
                message: text::file_broken(&url, &error.to_string()),
                train_instead: true,
            })?;
            (predictor, reading)
        }
        None => {
            page::say(text::TRAINING).await;
            train_on(&bytes, preset.as_ref()).map_err(broken)?
        }
    };
    if let Some(first) = reading.issues.first() {
        notices.push(text::rows_skipped(
            reading.issues.len(),
            &Error::from(first).to_string(),
        ));
    }
    page::say(text::EXPLAINING).await;
    let preset = preset.filter(|preset| preset.fits_schema(reading.dataset.schema()));
    Ok(Explorer::new(
        predictor,
        preset,
        &reading.dataset,
        notices,
        page::now,
    ))
}

/// The preset, where there is one; one that cannot be read is said, not fatal.
async fn load_preset(notices: &mut Vec<String>) -> Result<Option<Preset>, Failure> {
    let Some((url, text)) = fetch_text("preset").await? else {
        return Ok(None);
    };
    let preset = Preset::from_json(&text);
    let ignored = |error: Error| notices.push(text::preset_ignored(&url, &error.to_string()));
    Ok(preset.map_err(ignored).ok())
}

/// The model and the address of its file, where there is one.
async fn load_model() -> Result<Option<(String, Predictor)>, Failure> {
    let Some((url, text)) = fetch_text("model").await? else {
        return Ok(None);
    };
    let predictor = ModelArtefact::from_json(&text)
        .and_then(Predictor::new)
        .map_err(|error| Failure {
            message: text::file_broken(&url, &error.to_string()),
            train_instead: true,
        })?;
    Ok(Some((url, predictor)))
}

/// Trains a model in the page.
fn train_on(bytes: &[u8], preset: Option<&Preset>) -> Result<(Predictor, Reading), Error> {
    let mut options = ReadOptions::default();
    if let Some(preset) = preset {
        options.id = Some(preset.id.clone());
        options.target = Some(preset.target.clone());
        options.positive = Some(preset.positive.clone());
    }
    let reading = Dataset::read_csv(bytes, &options, &mut progress::ignore)?;
    let artefact = train(
        &reading,
        &TrainParams::default(),
        preset,
        &sha256(bytes),
        &mut progress::ignore,
    )?;
    Ok((Predictor::new(artefact)?, reading))
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
