//! What came from what: drawn, and in words.

use churn_core::lineage::{Direction, Lineage, LineageNode};
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, MouseEvent};

use super::elements::{element, step};
use super::folded_table::FoldedTable;
use super::handler::handler;
use super::lineage_markup::NODE;
use super::wide_table::wide_table;
use super::{lineage_drawing, lineage_markup};
use crate::reactive::{Memo, RwSignal, effect};
use crate::server::Trouble;
use crate::state::State;
use crate::watch::Watch;
use crate::{lineage, page, text};

/// Id of the drawing.
pub const DRAWING: &str = "lineage-drawing";

/// Parts of the drawing that can be pressed.
const PARTS: &str = "[data-node]";

/// What is known; a handle, copied freely.
#[derive(Clone, Copy)]
struct Known {
    state: State,
    watch: Watch,
    told: RwSignal<Option<Lineage>>,
    trouble: RwSignal<String>,
}

impl Known {
    /// The node that is looked at.
    fn node(self) -> Option<String> {
        self.state.lineage.with(|asked| {
            let found = asked.iter().find(|(name, _)| name == NODE);
            found.map(|(_, value)| value.clone())
        })
    }

    /// The place of the node that is looked at, and what belongs to it.
    fn chosen(self, told: &Lineage) -> (Option<usize>, Vec<bool>) {
        let chosen = self.node().and_then(|node| told.find(&node).ok());
        let reached = chosen.map(|at| told.reached(at, Direction::Both));
        (chosen, reached.unwrap_or_default())
    }

    /// Reads the newest; what is asked for and not among it is read by itself.
    async fn read(self) {
        let told = lineage::list(None).await;
        let node = self.state.lineage.with_untracked(Clone::clone);
        let node = node.into_iter().find(|(name, _)| name == NODE);
        let told = match (told, node) {
            (Ok(told), Some((_, node))) if told.find(&node).is_err() => {
                match lineage::list(Some(&node)).await {
                    Err(Trouble::Refused(404, _)) => {
                        drop(self.trouble.try_set(text::NO_SUCH_NODE.into()));
                        Ok(told)
                    }
                    part => part,
                }
            }
            (told, _) => told,
        };
        // Of a page that is gone nothing becomes.
        match told {
            Ok(told) => drop(self.told.try_set(Some(told))),
            Err(trouble) if trouble.is_locked() => self.watch.lock(Some(&trouble)),
            Err(trouble) => drop(self.trouble.try_set(text::trouble(&trouble))),
        }
    }

    /// Looks at a node, or at all of them again.
    fn press(self, part: &Element) {
        let Some(node) = part.get_attribute("data-node") else {
            return;
        };
        page::focus_soon(format!("[data-node=\"{node}\"]"));
        self.trouble.set(String::new());
        self.state
            .lineage
            .set(match self.node() == Some(node.clone()) {
                true => Vec::new(),
                false => vec![(NODE.into(), node)],
            });
    }

    fn key(self, event: &KeyboardEvent) {
        let part = element(event.target());
        let Some(part) = part.filter(|at| at.matches(PARTS).unwrap_or(false)) else {
            return;
        };
        match event.key().as_str() {
            "Enter" | " " => self.press(&part),
            "ArrowRight" | "ArrowDown" => step(&part, PARTS, 1),
            "ArrowLeft" | "ArrowUp" => step(&part, PARTS, -1),
            _ => return,
        }
        event.prevent_default();
    }
}

/// The drawing, what is known of the node that is looked at, and a list.
#[component]
pub fn LineageView(watch: Watch) -> impl IntoView {
    let known = Known {
        state: expect_context(),
        watch,
        told: RwSignal::new(None),
        trouble: RwSignal::new(String::new()),
    };
    // What a link asks for that was not told is read then.
    effect(move || {
        let node = known.node();
        let is_told = known.told.with_untracked(|told| {
            let told = told.as_ref();
            told.is_some_and(|told| node.is_none_or(|node| told.find(&node).is_ok()))
        });
        if !is_told {
            spawn_local(known.read());
        }
    });
    let of_all = move |make: fn(Known, &Lineage) -> String| {
        Signal::derive(move || {
            let made = |told: &Option<Lineage>| told.as_ref().map(|told| make(known, told));
            known.told.with(made).unwrap_or_default()
        })
    };
    let of_node = move |make: fn(&Lineage, &LineageNode, &[bool]) -> String| {
        Signal::derive(move || {
            known
                .told
                .with(|told| {
                    let told = told.as_ref()?;
                    let (chosen, reached) = known.chosen(told);
                    Some(make(told, told.nodes.get(chosen?)?, &reached))
                })
                .unwrap_or_default()
        })
    };
    let is_empty = Memo::new(move |_| {
        let is_empty = |told: &Lineage| told.nodes.is_empty();
        known.told.with(|told| told.as_ref().is_some_and(is_empty))
    });
    let name = of_node(|_, node, _| text::lineage_name(node));
    let has_node = Memo::new(move |_| !name.get().is_empty());
    let click = move |event: MouseEvent| {
        let part = element(event.target()).and_then(|at| at.closest(PARTS).ok().flatten());
        part.iter().for_each(|part| known.press(part));
    };
    let drawing = of_all(|known, told| {
        let (chosen, reached) = known.chosen(told);
        lineage_drawing::drawing(told, chosen, &reached)
    });
    view! {
        <section aria-labelledby="what-came">
            <h2 id="what-came">{text::WHAT_CAME_FROM_WHAT}</h2>
            <p class="muted">{text::LINEAGE_HELP}</p>
            <p id="not-done" role="alert">{known.trouble.signal()}</p>
            <div class="message" hidden=move || !is_empty.get()>
                <p>{text::NO_LINEAGE}</p>
                <pre><code>{text::FIRST_LINEAGE}</code></pre>
            </div>
            <div
                id=DRAWING
                class="origins"
                role="group"
                aria-label=text::WHAT_CAME_FROM_WHAT
                tabindex="0"
                hidden=is_empty.signal()
                inner_html=drawing
                on:click=handler(click)
                on:keydown=handler(move |event: KeyboardEvent| known.key(&event))
            ></div>
            <p class="muted" id="left-out">
                {of_all(|_, told| text::left_out_of_lineage(told.left_out))}
            </p>
        </section>
        <section aria-labelledby="lineage-node" hidden=move || !has_node.get()>
            <h2 id="lineage-node" aria-live="polite">{name}</h2>
            {wide_table(
                Some("lineage-facts"),
                text::LINEAGE,
                of_node(|_, node, _| lineage_markup::details(node)),
            )}
            <p inner_html=of_node(|_, node, _| lineage_markup::link(node).unwrap_or_default())></p>
            <div inner_html=of_node(lineage_markup::ways)></div>
            <p><a class="button" href="#/lineage">{text::SHOW_ALL}</a></p>
        </section>
        <div hidden=is_empty.signal()>
            <FoldedTable
                name="lineage-list"
                title=text::ALL_AS_LIST
                help=text::LIST_HELP
                markup=of_all(|_, told| lineage_markup::list(told))
            />
        </div>
    }
}
