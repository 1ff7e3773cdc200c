//! Event handlers.

/// A handler behind a common type. Leptos compiles an element's attribute anew
/// for each type of handler, and every closure is a type of its own.
pub fn handler<E: 'static>(run: impl FnMut(E) + 'static) -> Box<dyn FnMut(E)> {
    Box::new(run)
}
