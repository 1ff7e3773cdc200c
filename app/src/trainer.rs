//! The page's side of the worker that trains.

use js_sys::Promise;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{MessageEvent, Worker};

use crate::task::{PROTOCOL, Reply, Task, read_reply};
use crate::text;

/// Where the build puts the worker.
const WORKER: &str = "./worker_loader.js";

/// Trains a model in a worker: its document, or what went wrong.
pub async fn train(task: Task) -> Reply {
    let no_worker = |_| text::NO_WORKER.to_owned();
    let worker = Worker::new(WORKER).map_err(no_worker)?;
    let reply = JsFuture::from(exchange(&worker, &task)).await;
    worker.terminate();
    read_reply(&reply.map_err(no_worker)?).unwrap_or_else(|| Err(text::NO_WORKER.into()))
}

/// Sends the task when the worker says that it waits for one; gives its reply.
fn exchange(worker: &Worker, task: &Task) -> Promise {
    let message = task.message();
    Promise::new(&mut |resolve, reject| {
        let fail = reject.clone();
        let (sender, message) = (worker.clone(), message.clone());
        let hear = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
            let heard = event.data();
            // What cannot be passed on shows in the console; nobody is left to
            // tell.
            let _ = match heard.as_f64() {
                Some(PROTOCOL) => sender.post_message(&message),
                Some(_) => fail.call1(&JsValue::NULL, &heard).map(drop),
                None => resolve.call1(&JsValue::NULL, &heard).map(drop),
            };
        });
        worker.set_onmessage(Some(hear.as_ref().unchecked_ref()));
        worker.set_onerror(Some(&reject));
        hear.forget();
    })
}
