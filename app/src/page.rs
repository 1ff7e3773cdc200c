//! The browser's page around the app: its head, its loading screen, its clock,
//! its address and its keys.

use leptos::prelude::{document, request_animation_frame, window, window_event_listener};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, HtmlElement};

/// Element that the app is mounted in; it holds the loading screen before.
const ROOT: &str = "app";
/// Line of the loading screen that says what is being done.
const STATUS: &str = "status";

/// Address of a file that the page's head names, as `<link id="data" href=…>`.
pub fn linked_file(name: &str) -> Option<String> {
    document().get_element_by_id(name)?.get_attribute("href")
}

/// The element to mount in, emptied.
pub fn empty_root() -> Option<HtmlElement> {
    let root = document().get_element_by_id(ROOT)?;
    root.replace_children_with_node_0();
    root.dyn_into().ok()
}

/// Says on the loading screen what is being done, and lets it be painted.
pub async fn say(text: &str) {
    if let Some(status) = document().get_element_by_id(STATUS) {
        status.set_text_content(Some(text));
    }
    pause().await;
}

/// Lets the page paint and take what the user does.
pub async fn pause() {
    // A frame may never come in a hidden tab; a short timer always does.
    wait(0).await;
}

/// Waits so many milliseconds.
pub async fn wait(ms: i32) {
    let paused = js_sys::Promise::new(&mut |resolve, _| {
        let _ = window().set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, ms);
    });
    let _ = wasm_bindgen_futures::JsFuture::from(paused).await;
}

/// Milliseconds of the page's clock.
pub fn now() -> f64 {
    window().performance().map_or(0.0, |clock| clock.now())
}

/// Milliseconds since 1970.
pub fn clock_ms() -> i64 {
    js_sys::Date::now() as i64
}

/// The locale of numbers and dates: the user's, where it is of the page's
/// language.
fn locale() -> String {
    let root = document().document_element();
    let language = root.and_then(|root| root.get_attribute("lang"));
    let language = language.unwrap_or_default();
    let own = window().navigator().language();
    own.filter(|own| own.starts_with(&language))
        .unwrap_or(language)
}

/// 1234567.5 as the locale writes it.
pub fn sample_number() -> String {
    let sample = js_sys::Number::from(1_234_567.5);
    sample.to_locale_string(&locale()).into()
}

/// A moment in milliseconds since 1970 as the locale writes it.
pub fn moment(ms: i64) -> String {
    thread_local! {
        /// To make one takes longer than to use it a hundred times.
        static FORMAT: js_sys::Function = {
            let style = js_sys::Object::new();
            for part in ["dateStyle", "timeStyle"] {
                let _ = js_sys::Reflect::set(&style, &part.into(), &"medium".into());
            }
            let locales = js_sys::Array::of1(&locale().into());
            js_sys::Intl::DateTimeFormat::new(&locales, &style).format()
        };
    }
    let written = FORMAT.with(|format| format.call1(&JsValue::UNDEFINED, &(ms as f64).into()));
    written
        .ok()
        .and_then(|it| it.as_string())
        .unwrap_or_default()
}

/// Whether the page of a customer has the narrow layout of its style sheet.
pub fn is_narrow() -> bool {
    let query = window().match_media("(max-width: 1000px)");
    query.ok().flatten().is_some_and(|query| query.matches())
}

/// Sets the name of the tab.
pub fn set_title(title: &str) {
    document().set_title(title);
}

/// Loads the page anew.
pub fn reload() {
    let _ = window().location().reload();
}

/// Opens the browser's dialog for printing.
pub fn print() {
    let _ = window().print();
}

/// The address's fragment.
pub fn fragment() -> String {
    window().location().hash().unwrap_or_default()
}

/// The whole address.
pub fn address() -> String {
    window().location().href().unwrap_or_default()
}

/// Opens another fragment: a new entry in the history.
pub fn open_fragment(fragment: &str) {
    let _ = window().location().set_hash(fragment);
}

/// Replaces the fragment of the current entry in the history. Browsers refuse
/// this when it comes too often; the next change writes it again.
pub fn replace_fragment(fragment: &str) {
    if let Ok(history) = window().history() {
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(fragment));
    }
}

/// Calls back whenever the fragment is another one, for the life of the page.
pub fn on_fragment(callback: impl Fn(String) + 'static) {
    window_event_listener(leptos::ev::hashchange, move |_| callback(fragment()));
}

/// Puts the focus on the first element that a selector finds in the page as it
/// is drawn next.
pub fn focus_soon(css: String) {
    request_animation_frame(move || focus(&css));
}

/// The same, if what had the focus is gone by then.
pub fn keep_focus(css: String) {
    request_animation_frame(move || {
        let focused = document().active_element();
        if focused.is_none_or(|element| element.tag_name() == "BODY") {
            focus(&css);
        }
    });
}

/// Puts the focus on the first element that a selector finds.
pub fn focus(css: &str) {
    let found = document().query_selector(css).ok().flatten();
    if let Some(element) = found {
        // Of an element of SVG only the method's name is the same.
        let _ = element.unchecked_into::<HtmlElement>().focus();
    }
}

/// Brings what a selector finds into sight in the page as it is drawn next.
pub fn reveal_soon(css: &'static str) {
    request_animation_frame(move || {
        if let Some(element) = document().query_selector(css).ok().flatten() {
            element.scroll_into_view_with_bool(false);
        }
    });
}

/// Whether what has the focus takes letters, or is in a dialog over the page.
pub fn is_typed_into() -> bool {
    let focus = document().active_element();
    focus.is_some_and(|element| {
        takes_typing(&element) || element.closest("dialog").is_ok_and(|it| it.is_some())
    })
}

/// Whether letters typed into this element are its own.
fn takes_typing(element: &Element) -> bool {
    match element.tag_name().as_str() {
        "INPUT" => !matches!(
            element.get_attribute("type").as_deref(),
            Some("checkbox" | "file" | "radio" | "range")
        ),
        tag => matches!(tag, "SELECT" | "TEXTAREA"),
    }
}
