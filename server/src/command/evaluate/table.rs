//! An evaluation for people.

use std::fmt;

use churn_core::Target;
use churn_core::metrics::ClassScores;

use super::{Evaluation, Rows};
use crate::count::Count;

/// An evaluation, laid out in columns.
pub(super) struct Table<'a> {
    pub evaluation: &'a Evaluation,
    pub target: &'a Target,
}

impl fmt::Display for Table<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Evaluation { rows, metrics, .. } = self.evaluation;
        let which = match rows {
            Rows::HeldOut => "held out of training",
            Rows::Ids => "with the given ids",
            Rows::All => "with a label; not the data the model was trained from",
            Rows::AllTrained => "with a label; nothing was held out of training",
        };
        writeln!(f, "{} {which}\n", Count(metrics.rows).things("customer"))?;
        for (name, value) in [
            ("accuracy", metrics.accuracy),
            ("ROC AUC", metrics.roc_auc),
            ("average precision", metrics.average_precision),
            ("log loss", metrics.log_loss),
            ("Brier score", metrics.brier),
            ("calibration error", metrics.ece),
        ] {
            writeln!(f, "{name:<18} {value:.4}")?;
        }
        self.report(f)?;
        self.confusion(f)
    }
}

impl Table<'_> {
    fn report(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let report = &self.evaluation.report;
        let width = self.width();
        writeln!(
            f,
            "\n{:width$} {:>9} {:>9} {:>9} {:>9}",
            "", "precision", "recall", "F1", "customers"
        )?;
        let rows: [(&str, &ClassScores); 4] = [
            (&self.target.negative, &report.negative),
            (&self.target.positive, &report.positive),
            ("macro average", &report.macro_average),
            ("weighted average", &report.weighted_average),
        ];
        for (name, scores) in rows {
            let ClassScores {
                precision,
                recall,
                f1,
                support,
            } = scores;
            let support = Count(*support);
            writeln!(
                f,
                "{name:width$} {precision:>9.4} {recall:>9.4} {f1:>9.4} {support:>9}"
            )?;
        }
        Ok(())
    }

    fn confusion(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Target {
            negative, positive, ..
        } = self.target;
        let confusion = &self.evaluation.metrics.confusion;
        let width = self.width();
        let of = |class: &str| format!("rated {class}");
        let (first, second) = (of(negative), of(positive));
        let column = first.chars().count().max(second.chars().count()).max(9);
        writeln!(f, "\n{:width$} {first:>column$} {second:>column$}", "")?;
        for (class, stay, leave) in [
            (
                negative,
                confusion.true_negatives,
                confusion.false_positives,
            ),
            (
                positive,
                confusion.false_negatives,
                confusion.true_positives,
            ),
        ] {
            let (stay, leave) = (Count(stay), Count(leave));
            writeln!(f, "{class:width$} {stay:>column$} {leave:>column$}")?;
        }
        Ok(())
    }

    /// Width of the first column.
    fn width(&self) -> usize {
        let classes = [&self.target.negative, &self.target.positive];
        let longest = classes.map(|class| class.chars().count());
        longest
            .into_iter()
            .fold("weighted average".len(), usize::max)
    }
}
