//! The worker's side: trains what the page sends and answers with the model.

use churn_core::artefact::sha256;
use churn_core::dataset::ReadOptions;
use churn_core::train::{TrainParams, train};
use churn_core::{Dataset, Preset, Result, progress};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

use crate::task::{PROTOCOL, Task, reply_message};

/// Waits for a task; says first that it does.
pub fn answer_page() {
    console_error_panic_hook::set_once();
    let Ok(scope) = js_sys::global().dyn_into::<DedicatedWorkerGlobalScope>() else {
        return;
    };
    let page = scope.clone();
    let answer = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
        if let Some(task) = Task::read(&event.data()) {
            let reply = model_of(&task).map_err(|error| error.to_string());
            // The page that would hear of a failed message is gone.
            let _ = page.post_message(&reply_message(&reply));
        }
    });
    scope.set_onmessage(Some(answer.as_ref().unchecked_ref()));
    answer.forget();
    let _ = scope.post_message(&JsValue::from_f64(PROTOCOL));
}

/// Trains with the defaults; the preset names id, target and positive class.
fn model_of(task: &Task) -> Result<String> {
    let preset = task.preset.as_deref().map(Preset::from_json).transpose()?;
    let mut options = ReadOptions::default();
    if let Some(preset) = &preset {
        options.id = Some(preset.id.clone());
        options.target = Some(preset.target.clone());
        options.positive = Some(preset.positive.clone());
    }
    let reading = Dataset::read_csv(&task.data, &options, &mut progress::ignore)?;
    let params = TrainParams::default();
    let hash = sha256(&task.data);
    train(
        &reading,
        &params,
        preset.as_ref(),
        &hash,
        &mut progress::ignore,
    )?
    .to_json()
}
