//! The cells of a row of the table.

use churn_core::Method;
use web_sys::{Element, HtmlElement};

use super::elements::{Toggle, Words, add, set};
use super::table_columns::{REASONS, TableColumn};
use super::table_row::Scene;
use super::weighed::Weighed;
use crate::arrangement::{Colour, Show};
use crate::column_key::ColumnKey;
use crate::family::{self, Family};
use crate::scale::{Step, boundaries};
use crate::state::State;
use crate::{number, text};

/// A cell: its element, what is in it, and what it shows.
#[derive(Debug)]
pub struct Cell {
    element: HtmlElement,
    parts: Parts,
    drawn: bool,
    /// Row and look that it was painted for.
    painted: Option<(u32, u32)>,
}

#[derive(Debug)]
enum Parts {
    Star {
        star: Toggle,
        pin: Toggle,
    },
    Id {
        link: HtmlElement,
        id: Words,
        /// What is to be known of the values.
        notes: Words,
    },
    Risk {
        words: Words,
        flagged: Option<bool>,
    },
    Reasons(Vec<Weighed>),
    Feature(Weighed),
    Words(Words),
}

impl Cell {
    /// The empty cell of a column, at the end of a row.
    pub fn new(row: &Element, place: usize, column: &TableColumn) -> Option<Self> {
        let (tag, role) = match column.key {
            ColumnKey::Id => ("th", "rowheader"),
            _ => ("td", "gridcell"),
        };
        let element = add(row, tag, column.class)?;
        set(&element, "role", role);
        set(&element, "aria-colindex", &(place + 1).to_string());
        let _ = element
            .style()
            .set_property("--column", &(place + 1).to_string());
        let parts = match column.key {
            ColumnKey::Star => Parts::Star {
                star: Toggle::new(&element, "mark-star", text::STAR, ["☆", "★"])?,
                pin: Toggle::new(&element, "mark-pin", text::PIN, ["⤒", "⤒"])?,
            },
            ColumnKey::Id => {
                let link = add(&element, "a", "")?;
                set(&link, "tabindex", "-1");
                let notes = add(&element, "abbr", "muted")?;
                Parts::Id {
                    id: Words::new(&link)?,
                    link,
                    notes: Words::new(&notes)?,
                }
            }
            ColumnKey::Reasons => {
                let reason = |_| {
                    let reason = add(&element, "span", "reason")?;
                    // Without a role it could not be told in words.
                    set(&reason, "role", "img");
                    Weighed::new(reason, "reason")
                };
                Parts::Reasons((0..REASONS).map_while(reason).collect())
            }
            ColumnKey::Value(_) | ColumnKey::Weight(_) => {
                Parts::Feature(Weighed::new(element.clone(), column.class)?)
            }
            ColumnKey::Risk => Parts::Risk {
                words: Words::new(&element)?,
                flagged: None,
            },
            ColumnKey::Outcome | ColumnKey::Part => Parts::Words(Words::new(&element)?),
        };
        Some(Self {
            element,
            parts,
            drawn: true,
            painted: None,
        })
    }

    /// Shows what a row has in the column; out of sight it is not drawn at all.
    pub fn paint(&mut self, scene: &Scene<'_>, column: &TableColumn, drawn: bool, row: u32) {
        if self.drawn != drawn {
            self.drawn = drawn;
            self.element.set_hidden(!drawn);
        }
        // Risk and marks follow the rule and the user at any time.
        let lasts = !matches!(column.key, ColumnKey::Risk | ColumnKey::Star);
        let painted = Some((row, scene.look));
        if !drawn || (lasts && self.painted == painted) {
            return;
        }
        self.painted = painted;
        let explorer = scene.explorer;
        let index = row as usize;
        let method = scene.colour.method();
        match &mut self.parts {
            Parts::Star { star, pin } => {
                star.show(scene.marks.stars().contains(&row));
                pin.show(scene.marks.pins().contains(&row));
            }
            Parts::Id { link, id, notes } => {
                id.show(explorer.id(index).into());
                set(link, "href", &scene.state.customer_address(row));
                let filled = !explorer.imputed(row).is_empty();
                let edited = is_edited(scene.state, row);
                notes.show(text::notes(filled, edited).into());
            }
            Parts::Risk { words, flagged } => {
                let risk = explorer.probabilities[index];
                words.show(number::risk(risk, scene.threshold));
                let flag = Some(risk >= scene.threshold);
                if *flagged != flag {
                    *flagged = flag;
                    let class = if flag == Some(true) {
                        "risk flagged"
                    } else {
                        "risk"
                    };
                    self.element.set_class_name(class);
                }
            }
            Parts::Reasons(reasons) => {
                let weights = explorer.weights_by(method, index);
                let ranked = family::ranked(&explorer.reasons, weights);
                for (reason, (family, sum)) in reasons.iter_mut().zip(ranked) {
                    let step = Step::of(sum, boundaries(method));
                    reason.show(family.label.clone(), Some(step), true);
                }
            }
            Parts::Feature(weighed) => {
                let Some(feature) = column.key.feature() else {
                    return;
                };
                let weight = explorer.weights_by(method, index)[feature];
                let step = match scene.colour {
                    Colour::Nothing => None,
                    _ => Some(Step::of(weight, boundaries(method))),
                };
                let few = scene.show == Show::Values && !column.key.is_numeric(explorer.schema());
                let text = feature_text(scene, column.key, row, feature, weight);
                weighed.show(text, step, few);
            }
            Parts::Words(words) => {
                words.show(match column.key {
                    ColumnKey::Part => text::part(explorer.part(index)).into(),
                    _ => text::outcome(explorer.data.label(index)).into(),
                });
            }
        }
    }
}

/// The text of a cell of a feature.
fn feature_text(
    scene: &Scene<'_>,
    key: ColumnKey,
    row: u32,
    feature: usize,
    weight: f64,
) -> String {
    if scene.show == Show::Weights || matches!(key, ColumnKey::Weight(_)) {
        return number::weight(weight);
    }
    let explorer = scene.explorer;
    let value = explorer.data.value(row as usize, feature);
    let mut text = String::new();
    if explorer.imputed(row).contains(&feature) {
        text += "≈ ";
    }
    text += &explorer.text(feature, value);
    if scene.show == Show::Both {
        text += " · ";
        text += &number::weight(weight);
    }
    text
}

/// What the pointer is told of a cell, beyond what it shows.
pub fn title(state: State, key: ColumnKey, row: u32, method: Method) -> Option<String> {
    let explorer = state.explorer();
    let weights = explorer.weights_by(method, row as usize);
    match key {
        ColumnKey::Value(feature) | ColumnKey::Weight(feature) => {
            Some(number::weight(weights[feature]))
        }
        ColumnKey::Reasons => {
            let ranked = family::ranked(&explorer.reasons, weights).into_iter();
            let reason =
                |(family, sum): (&Family, f64)| format!("{} {}", family.label, number::weight(sum));
            let reasons: Vec<String> = ranked.take(REASONS).map(reason).collect();
            Some(reasons.join(", "))
        }
        ColumnKey::Id => {
            let imputed = explorer.imputed(row).iter();
            let labels: Vec<&str> = imputed.map(|&feature| explorer.label(feature)).collect();
            let filled = (!labels.is_empty()).then(|| text::imputed_title(&labels));
            let edited = is_edited(state, row).then(|| text::EDITED_TITLE.into());
            let notes: Vec<String> = filled.into_iter().chain(edited).collect();
            (!notes.is_empty()).then(|| notes.join(" · "))
        }
        _ => None,
    }
}

/// Whether the user changed values of a customer.
fn is_edited(state: State, row: u32) -> bool {
    state.drafts.with_untracked(|drafts| drafts.is_edited(row))
}
