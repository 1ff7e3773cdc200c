//! What page and worker say to each other. Their code is loaded on its own, so
//! that a page which finds its model never loads the code that trains one.

use js_sys::{Array, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};

/// Version of these messages: an old worker from a cache must not be taken for
/// the page's own.
pub const PROTOCOL: f64 = 1.0;

/// Data to train a model on.
pub struct Task {
    /// The table, as CSV.
    pub data: Vec<u8>,
    /// Knowledge about it, as JSON.
    pub preset: Option<String>,
}

/// The model document, or what went wrong.
pub type Reply = Result<String, String>;

impl Task {
    /// The task as a message.
    pub fn message(&self) -> Array {
        let preset = self
            .preset
            .as_deref()
            .map_or(JsValue::NULL, JsValue::from_str);
        Array::of2(&Uint8Array::from(self.data.as_slice()), &preset)
    }

    /// Reads a message.
    pub fn read(message: &JsValue) -> Option<Self> {
        let message = message.dyn_ref::<Array>()?;
        let data = message.get(0).dyn_into::<Uint8Array>().ok()?;
        Some(Self {
            data: data.to_vec(),
            preset: message.get(1).as_string(),
        })
    }
}

/// A reply as a message.
pub fn reply_message(reply: &Reply) -> Array {
    let (Ok(text) | Err(text)) = reply;
    Array::of2(&reply.is_ok().into(), &text.as_str().into())
}

/// Reads a reply.
pub fn read_reply(message: &JsValue) -> Option<Reply> {
    let message = message.dyn_ref::<Array>()?;
    let text = message.get(1).as_string()?;
    Some(if message.get(0).is_truthy() {
        Ok(text)
    } else {
        Err(text)
    })
}
