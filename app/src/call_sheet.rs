//! Call sheets: a page of paper for those who call a customer. What is protected
//! by law from being a reason for unequal treatment is neither a reason nor a
//! lever there, nor told at all.

use std::fmt::Write;

use churn_core::Value;
use churn_core::links::Edit;
use churn_core::math::by_size;

use crate::draft::Draft;
use crate::explorer::Explorer;
use crate::markup::escaped;
use crate::{number, text};

/// Reasons and levers that a sheet names.
const NAMED: usize = 3;
/// A lever lowers the estimate by at least so much.
const LEAST: f64 = 0.01;

const STYLE: &str = "body{font:14px/20px system-ui,sans-serif;margin:24px;color:#16202b}\
section{max-width:640px;break-after:page}\
h1{display:flex;justify-content:space-between;font:600 28px/32px system-ui}\
h2{font:600 14px/20px system-ui;margin:16px 0 4px}ol,p{margin:0;padding-left:20px}p{padding:0}\
table{border-collapse:collapse;width:100%}\
td,th{padding:2px 8px 2px 0;border-top:1px solid #dde3e9;text-align:left;font-weight:400}\
.facts{columns:2}.facts table{font-size:12px;line-height:16px}\
.notes{height:96px;border:1px solid #7b8794}.small{font-size:12px;line-height:16px;color:#566472}\
.caveat{font-weight:600;margin-top:16px}";

/// The sheets of some customers, as a page of HTML.
pub struct CallSheets<'a> {
    /// The customers.
    pub explorer: &'a Explorer,
    /// Probability from which a customer is contacted.
    pub threshold: f64,
}

/// A change that lowers the estimate.
struct Lever {
    feature: usize,
    level: u8,
    risk: f64,
}

impl CallSheets<'_> {
    /// What stands before the first sheet.
    pub fn head(&self, out: &mut String) {
        *out += "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>";
        *out += text::CALL_SHEETS;
        *out += "</title><style>";
        *out += STYLE;
        *out += "</style>";
    }

    /// The sheet of a customer.
    pub fn sheet(&self, row: u32, out: &mut String) {
        let explorer = self.explorer;
        let index = row as usize;
        let risk = explorer.probabilities[index];
        let flagged = risk >= self.threshold;
        let told = number::risk(risk, self.threshold);
        *out += "<section><h1><span>";
        *out += &escaped(explorer.id(index));
        *out += "</span><span>";
        *out += &told;
        *out += "</span></h1><p>";
        *out += text::verdict(flagged, flagged, false);
        *out += ". ";
        *out += &text::rule(self.threshold);
        heading(text::WHY, out);
        self.reasons(row, out);
        heading(text::LEVERS, out);
        self.levers(row, &told, out);
        heading(text::FACTS, out);
        *out += "<div class=\"facts\"><table>";
        for feature in self.allowed() {
            let value = explorer.data.value(index, feature);
            let value = explorer.text_with_unit(feature, value);
            line(&[explorer.label(feature), &value], out);
        }
        *out += "</table></div>";
        heading(text::NOTES, out);
        *out += "<div class=\"notes\"></div><p class=\"caveat\">";
        *out += text::CAVEAT;
        *out += "<p class=\"small\">";
        *out += &text::made_of(&explorer.predictor.id(), &explorer.data_hash);
        *out += "</section>";
    }

    /// Features that may be told.
    fn allowed(&self) -> impl Iterator<Item = usize> {
        let explorer = self.explorer;
        let features = 0..explorer.schema().features.len();
        features.filter(|&feature| !explorer.is_protected(feature))
    }

    /// The families that raise the estimate most, without what is protected.
    fn reasons(&self, row: u32, out: &mut String) {
        let explorer = self.explorer;
        let weights = explorer.weights(row as usize);
        let sum = |family: &crate::family::Family| -> f64 {
            let features = family.features.iter();
            let allowed = features.filter(|&&feature| !explorer.is_protected(feature));
            allowed.map(|&feature| weights[feature]).sum()
        };
        let sums: Vec<f64> = explorer.reasons.iter().map(sum).collect();
        let raising = by_size(&sums).into_iter();
        let raising = raising.filter(|&place| sums[place] > 0.0).take(NAMED);
        let mut none = true;
        *out += "<ol>";
        for place in raising {
            none = false;
            *out += "<li>";
            *out += &escaped(&explorer.reasons[place].label);
            *out += " ";
            *out += &number::weight(sums[place]);
        }
        *out += "</ol>";
        if none {
            *out += text::NOTHING_RAISES;
        }
    }

    /// The single changes that lower the estimate most, each with the numbers
    /// that follow it. What takes other levels along, as doing without a service
    /// does, is no offer.
    fn levers(&self, row: u32, told: &str, out: &mut String) {
        let explorer = self.explorer;
        let links = explorer.links();
        let values = explorer.original(row);
        let risk = explorer.probabilities[row as usize];
        let draft = Draft::new(values.clone());
        let outcomes = draft.outcomes(links, &explorer.predictor);
        let is_single = |feature: usize, level: u8| {
            let value = Value::Level(level);
            let after = draft.after(links, Edit { feature, value }).row.0;
            let mut pairs = values.0.iter().zip(after).enumerate();
            pairs.all(|(at, (from, to))| {
                at == feature || *from == to || matches!(to, Value::Number(_))
            })
        };
        let mut levers = Vec::new();
        for feature in self.allowed().filter(|&at| !explorer.is_immutable(at)) {
            let mut best: Option<Lever> = None;
            for (level, &lowered) in (0_u8..).zip(&outcomes[feature]) {
                let least = best.as_ref().map_or(risk - LEAST, |best| best.risk);
                if lowered < least && is_single(feature, level) {
                    best = Some(Lever {
                        feature,
                        level,
                        risk: lowered,
                    });
                }
            }
            levers.extend(best);
        }
        if levers.is_empty() {
            *out += text::NO_LEVERS;
            return;
        }
        let gains: Vec<f64> = levers.iter().map(|lever| risk - lever.risk).collect();
        *out += "<table>";
        line(&text::LEVER_HEADS, out);
        for place in by_size(&gains).into_iter().take(NAMED) {
            let Lever {
                feature,
                level,
                risk: lowered,
            } = levers[place];
            let from = explorer.text(feature, values.value(feature));
            let to = explorer.text(feature, Value::Level(level));
            let lowered = text::lowered(
                told,
                &number::risk(lowered, self.threshold),
                &number::points(lowered - risk),
            );
            line(&[explorer.label(feature), &from, &to, &lowered], out);
        }
        *out += "</table>";
    }
}

fn heading(text: &str, out: &mut String) {
    let _ = write!(out, "<h2>{text}</h2>");
}

/// A line of a table.
fn line(cells: &[&str], out: &mut String) {
    *out += "<tr>";
    for cell in cells {
        let _ = write!(out, "<td>{}", escaped(cell));
    }
}

#[cfg(test)]
mod tests {
    use churn_core::preset::PresetFeature;

    use super::*;
    use crate::explorer::sample;

    fn sheet(explorer: &Explorer, row: u32) -> String {
        let sheets = CallSheets {
            explorer,
            threshold: 0.3,
        };
        let mut out = String::new();
        sheets.head(&mut out);
        sheets.sheet(row, &mut out);
        out
    }

    #[test]
    fn a_sheet_names_reasons_and_what_would_help() {
        let explorer = sample::explorer();
        let sheet = sheet(&explorer, 0);
        let longer = explorer.predictor.probability(&{
            let mut row = explorer.original(0);
            row.0[0] = Value::Level(1);
            row
        });
        let risk = explorer.probabilities[0];
        assert!(risk - longer >= LEAST, "{risk} {longer}");
        let points = number::points(longer - risk);
        assert!(
            sheet.contains("<td>contract<td>month<td>year<td>"),
            "{sheet}"
        );
        assert!(sheet.contains(&points), "{sheet}");
        assert!(sheet.contains(&format!(
            "<li>contract {}",
            number::weight(explorer.weights(0)[0])
        )));
        assert!(sheet.contains(text::CAVEAT));
    }

    #[test]
    fn what_is_protected_is_not_on_a_sheet() {
        let explorer = sample::with_preset(&[PresetFeature {
            name: "contract".into(),
            label: "Contract".into(),
            unit: None,
            help: String::new(),
            immutable: false,
            protected: true,
            family: String::new(),
        }]);
        let sheet = sheet(&explorer, 0);
        assert!(!sheet.to_lowercase().contains("contract "), "{sheet}");
        assert!(!sheet.contains("Contract<"), "{sheet}");
        assert!(!sheet.contains("month"), "{sheet}");
        assert!(sheet.contains(text::NO_LEVERS), "{sheet}");
    }

    #[test]
    fn texts_of_the_data_are_no_markup() {
        let mut csv = String::from("id,kind,left\n");
        for row in 0..40 {
            let kind = ["<b>&\"", "plain"][row % 2];
            let left = ["Yes", "No"][usize::from(row % 3 > 0)];
            csv += &format!("<i>{row},\"{}\",{left}\n", kind.replace('"', "\"\""));
        }
        let explorer = sample::of_csv(&csv);
        let sheet = sheet(&explorer, 0);
        assert!(sheet.contains("&lt;i>0") && sheet.contains("&lt;b>&amp;&quot;"));
        assert!(!sheet.contains("<i>") && !sheet.contains("<b>"));
    }
}
