//! A customer under edits: the values, what was edited, what followed, and the
//! way back.

use churn_core::links::{Change, Draft as Underway, Edit, Reason};
use churn_core::{Links, Predictor, Row, Value};

/// A feature that moved with another.
#[derive(Clone, Debug, PartialEq)]
pub struct Follower {
    /// Feature, by its place in the schema.
    pub feature: usize,
    /// Its value before it followed.
    pub from: Value,
    /// The feature it followed.
    pub because: usize,
}

/// What is known of the values besides themselves.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Marks {
    /// Changed features that were set themselves, the latest last.
    pub own: Vec<usize>,
    /// Changed features that followed, in the order in which they moved.
    pub followers: Vec<Follower>,
    /// Features that must not follow.
    pub held: Vec<usize>,
}

/// A customer's values after some edits.
#[derive(Clone, Debug, PartialEq)]
pub struct Values {
    /// The values.
    pub row: Row,
    /// How they came to be.
    pub marks: Marks,
}

impl Values {
    /// A customer as the data has it.
    pub fn original(row: Row) -> Self {
        Self {
            row,
            marks: Marks::default(),
        }
    }

    /// Features that differ from the original: set ones first, in the order in
    /// which they were set, then those that followed.
    pub fn changed(&self) -> Vec<usize> {
        let followers = self.marks.followers.iter().map(|f| f.feature);
        self.marks.own.iter().copied().chain(followers).collect()
    }
}

/// The steps of one customer, and where in them we are.
#[derive(Clone, Debug)]
pub struct Draft {
    /// Values of each step, the original first.
    rows: Vec<Row>,
    marks: Vec<Marks>,
    at: usize,
    /// The number that is still being dragged or typed.
    moving: Option<usize>,
}

impl Draft {
    /// A customer without edits.
    pub fn new(original: Row) -> Self {
        Self {
            rows: vec![original],
            marks: vec![Marks::default()],
            at: 0,
            moving: None,
        }
    }

    /// The values now.
    pub fn row(&self) -> &Row {
        &self.rows[self.at]
    }

    /// What was set, followed and is held now.
    pub fn marks(&self) -> &Marks {
        &self.marks[self.at]
    }

    /// Values and marks now.
    pub fn step(&self) -> Values {
        Values {
            row: self.row().clone(),
            marks: self.marks().clone(),
        }
    }

    /// Whether anything differs from the original.
    pub fn is_edited(&self) -> bool {
        self.row() != self.original()
    }

    /// Whether there is a step to take back.
    pub fn can_undo(&self) -> bool {
        self.at > 0
    }

    /// Whether there is a step that was taken back.
    pub fn can_redo(&self) -> bool {
        self.at + 1 < self.rows.len()
    }

    /// Takes a step back.
    pub fn undo(&mut self) {
        self.moving = None;
        self.at = self.at.saturating_sub(1);
    }

    /// Takes a step again.
    pub fn redo(&mut self) {
        self.moving = None;
        self.at = (self.at + 1).min(self.rows.len() - 1);
    }

    /// What an edit gives, with its consequences.
    pub fn after(&self, links: &Links, edit: Edit) -> Values {
        let after = links.carry(self.underway(&self.marks().held), edit);
        self.stepped(links, edit.feature, after.row, after.changes)
    }

    /// Sets a feature, with its consequences.
    pub fn edit(&mut self, links: &Links, edit: Edit) {
        self.moving = None;
        let step = self.after(links, edit);
        self.push(step);
    }

    /// Sets a number that is still on its way: until it has arrived, it is one
    /// step.
    pub fn slide(&mut self, links: &Links, edit: Edit) {
        if self.moving == Some(edit.feature) {
            self.undo();
        }
        let step = self.after(links, edit);
        let before = self.at;
        self.push(step);
        self.moving = (self.at > before).then_some(edit.feature);
    }

    /// The number has arrived.
    pub fn arrive(&mut self) {
        self.moving = None;
    }

    /// Keeps a feature that followed at its value before, also in later edits.
    pub fn hold(&mut self, links: &Links, feature: usize) {
        let mut followers = self.marks().followers.iter();
        let Some(from) = followers.find(|f| f.feature == feature).map(|f| f.from) else {
            return;
        };
        let mut step = self.alone(links, feature, from);
        step.marks.held.push(feature);
        self.push(step);
    }

    /// Lets a feature that was held or set apart follow the others again.
    pub fn release(&mut self, links: &Links, feature: usize) {
        let value = links.followed(self.underway(&[]), feature);
        let mut step = match value {
            Some(value) => self.alone(links, feature, value),
            None => self.step(),
        };
        step.marks.held.retain(|&held| held != feature);
        step.marks.own.retain(|&own| own != feature);
        let original = self.original().value(feature);
        if step.row.value(feature) != original {
            let of = links.rule_of(feature).map_or(&[][..], |rule| rule.of());
            let mut implications = links.implications().iter();
            let forced = implications
                .find(|i| i.then.feature == feature && i.when.holds(&step.row))
                .map(|i| i.when.feature);
            let changed = of.iter().copied().find(|&of| !self.is_original(of));
            step.marks.followers.push(Follower {
                feature,
                from: original,
                because: changed.or(forced).unwrap_or(feature),
            });
        }
        self.push(step);
    }

    /// Takes the edit of a feature back: a feature that followed stays where it
    /// was, a number set apart follows again, others get their original value.
    pub fn reset(&mut self, links: &Links, feature: usize) {
        if self.marks().followers.iter().any(|f| f.feature == feature) {
            self.hold(links, feature);
        } else if links.rule_of(feature).is_some() {
            self.release(links, feature);
        } else {
            let value = self.original().value(feature);
            self.edit(links, Edit { feature, value });
        }
    }

    /// Takes all edits back.
    pub fn reset_all(&mut self) {
        self.push(Values::original(self.original().clone()));
    }

    /// Takes over values from elsewhere as one step: those in `order` were set
    /// one after the other, and what did not follow them is held.
    pub fn take(&mut self, links: &Links, target: &Row, order: &[usize]) {
        let mut draft = Self::new(self.original().clone());
        for &feature in order {
            let value = target.value(feature);
            if draft.row().value(feature) != value {
                draft.edit(links, Edit { feature, value });
            }
        }
        let features = 0..target.0.len();
        let differs = |draft: &Self| {
            let mut features = features.clone();
            features.find(|&f| draft.row().value(f) != target.value(f))
        };
        while let Some(feature) = differs(&draft) {
            let mut step = draft.alone(links, feature, target.value(feature));
            step.marks.held.push(feature);
            draft.push(step);
        }
        self.push(draft.step());
    }

    /// Probability of leaving after each choice of a level, by feature.
    pub fn outcomes(&self, links: &Links, predictor: &Predictor) -> Vec<Vec<f64>> {
        links.outcomes(predictor, self.underway(&self.marks().held))
    }

    fn original(&self) -> &Row {
        &self.rows[0]
    }

    fn is_original(&self, feature: usize) -> bool {
        self.row().value(feature) == self.original().value(feature)
    }

    fn underway<'a>(&'a self, held: &'a [usize]) -> Underway<'a> {
        Underway {
            original: self.original(),
            current: self.row(),
            earlier: &self.rows[..self.at],
            held,
        }
    }

    /// Sets a feature, without moving any level: numbers alone follow.
    fn alone(&self, links: &Links, feature: usize, value: Value) -> Values {
        let values = self.row().0.iter().enumerate();
        let levels = values.filter(|(_, value)| matches!(value, Value::Level(_)));
        let mut held: Vec<usize> = levels.map(|(feature, _)| feature).collect();
        held.extend(&self.marks().held);
        let after = links.carry(self.underway(&held), Edit { feature, value });
        self.stepped(links, feature, after.row, after.changes)
    }

    /// The marks after an edit and what it moved.
    fn stepped(&self, links: &Links, edited: usize, row: Row, changes: Vec<Change>) -> Values {
        let mut marks = self.marks().clone();
        marks.own.retain(|&own| own != edited);
        marks.followers.retain(|f| f.feature != edited);
        marks.own.push(edited);
        for change in changes {
            let feature = change.feature;
            marks.own.retain(|&own| own != feature);
            let known = marks.followers.iter().position(|f| f.feature == feature);
            let known = known.map(|place| marks.followers.remove(place));
            // What comes back that differs from the original was set before.
            if change.reason == Reason::Restored {
                marks.own.push(feature);
            } else {
                marks.followers.push(Follower {
                    feature,
                    from: known.map_or(change.from, |f| f.from),
                    because: change.because,
                });
            }
        }
        let original = self.original();
        let differs = |&feature: &usize| row.value(feature) != original.value(feature);
        marks.own.retain(differs);
        marks.followers.retain(|f| differs(&f.feature));
        // What a number followed may be back, while others are not.
        for follower in &mut marks.followers {
            let of = links
                .rule_of(follower.feature)
                .map_or(&[][..], |rule| rule.of());
            if !differs(&follower.because)
                && let Some(&other) = of.iter().find(|of| differs(of))
            {
                follower.because = other;
            }
        }
        Values { row, marks }
    }

    /// Adds a step behind the present one, unless it changes nothing.
    fn push(&mut self, step: Values) {
        self.moving = None;
        if step == self.step() {
            return;
        }
        self.at += 1;
        self.rows.truncate(self.at);
        self.marks.truncate(self.at);
        self.rows.push(step.row);
        self.marks.push(step.marks);
    }
}

/// The customers that were edited since the page was opened.
#[derive(Clone, Debug, Default)]
pub struct Drafts(Vec<(u32, Draft)>);

impl Drafts {
    /// The draft of a row, if it was edited.
    pub fn get(&self, row: u32) -> Option<&Draft> {
        let place = self.place(row).ok()?;
        self.0.get(place).map(|(_, draft)| draft)
    }

    /// Whether a customer differs from the data.
    pub fn is_edited(&self, row: u32) -> bool {
        self.get(row).is_some_and(Draft::is_edited)
    }

    /// The draft of a row, begun where there is none.
    pub fn begin(&mut self, row: u32, original: impl FnOnce() -> Row) -> &mut Draft {
        let place = self.place(row).unwrap_or_else(|place| {
            self.0.insert(place, (row, Draft::new(original())));
            place
        });
        &mut self.0[place].1
    }

    fn place(&self, row: u32) -> Result<usize, usize> {
        self.0.binary_search_by_key(&row, |(row, _)| *row)
    }
}

#[cfg(test)]
mod tests {
    use churn_core::dataset::ReadOptions;
    use churn_core::{Dataset, progress};

    use super::*;

    const NET: usize = 0;
    const EXTRA: usize = 1;
    const MONTHS: usize = 2;
    const FEE: usize = 3;
    const PAID: usize = 4;

    /// Customers whose extra needs a net, whose fee follows both, and whose
    /// sum paid is months × fee + 3.
    fn company() -> (Draft, Links) {
        let mut csv = String::from("net,extra,months,fee,paid\n");
        for row in 0..300_u32 {
            let net = ["fast", "slow", "none"][row as usize % 3];
            let extra = match net {
                "none" => "without",
                _ => ["yes", "no"][(row / 3) as usize % 2],
            };
            let price = |level: &str| match level {
                "fast" => 50.0,
                "slow" => 25.0,
                "yes" => 5.0,
                _ => 0.0,
            };
            let (months, fee) = (row * 7 % 60 + 1, 20.0 + price(net) + price(extra));
            // A little that is the customer's own, so that fits are not exact.
            let fee = fee + f64::from(row % 5) / 10.0;
            let paid = f64::from(months) * fee + 3.0;
            csv += &format!("{net},{extra},{months},{fee:.2},{paid:.2}\n");
        }
        let options = ReadOptions::default();
        let reading = Dataset::read_csv(csv.as_bytes(), &options, &mut progress::ignore).unwrap();
        let links = Links::learn(&reading.dataset, None);
        (Draft::new(reading.dataset.row(0)), links)
    }

    fn level(links: &Links, feature: usize, level: u8) -> Edit {
        assert!(!links.is_empty());
        let value = Value::Level(level);
        Edit { feature, value }
    }

    fn number(draft: &Draft, feature: usize) -> f64 {
        match draft.row().value(feature) {
            Value::Number(number) => number,
            other => panic!("no number: {other:?}"),
        }
    }

    // Levels in code-point order.
    const SLOW: u8 = 2;
    const NONE: u8 = 1;
    const FAST: u8 = 0;
    const NO: u8 = 0;

    #[test]
    fn an_edit_is_one_step_with_its_consequences() {
        let (mut draft, links) = company();
        let original = draft.step();
        draft.edit(&links, level(&links, NET, NONE));
        assert_eq!(draft.marks().own, [NET]);
        let followers: Vec<usize> = draft.marks().followers.iter().map(|f| f.feature).collect();
        assert_eq!(followers, [EXTRA, FEE, PAID]);
        assert_eq!(draft.step().changed(), [NET, EXTRA, FEE, PAID]);
        let edited = draft.step();
        draft.undo();
        assert_eq!(draft.step(), original);
        assert!(draft.can_redo() && !draft.can_undo());
        draft.redo();
        assert_eq!(draft.step(), edited);
    }

    #[test]
    fn what_is_held_stays_until_it_is_released() {
        let (mut draft, links) = company();
        let fee = number(&draft, FEE);
        draft.edit(&links, level(&links, NET, SLOW));
        let followed = draft.step();
        assert!((number(&draft, FEE) - fee + 25.0).abs() < 0.5);
        draft.hold(&links, FEE);
        assert_eq!(number(&draft, FEE), fee);
        assert_eq!(
            draft.step().changed(),
            [NET],
            "the sum follows the fee back"
        );
        assert_eq!(draft.marks().held, [FEE]);
        draft.edit(&links, level(&links, EXTRA, NO));
        assert_eq!(number(&draft, FEE), fee, "held also later");
        draft.undo();
        draft.release(&links, FEE);
        assert_eq!(draft.row(), &followed.row);
        assert_eq!(draft.marks().held, [0; 0]);
        draft.undo();
        draft.undo();
        assert_eq!(draft.step(), followed);
    }

    #[test]
    fn returning_restores_what_was_set_before() {
        let (mut draft, links) = company();
        draft.edit(&links, level(&links, EXTRA, NO));
        let without_extra = draft.step();
        draft.edit(&links, level(&links, NET, NONE));
        draft.edit(&links, level(&links, NET, FAST));
        assert_eq!(draft.step(), without_extra);
        draft.reset(&links, EXTRA);
        assert!(!draft.is_edited());
    }

    #[test]
    fn one_drag_is_one_step() {
        let (mut draft, links) = company();
        let original = draft.step();
        for months in [10.0, 20.0, 30.0] {
            let value = Value::Number(months);
            let feature = MONTHS;
            draft.slide(&links, Edit { feature, value });
        }
        draft.arrive();
        assert_eq!(number(&draft, MONTHS), 30.0);
        assert_eq!(draft.step().changed(), [MONTHS, PAID]);
        let value = Value::Number(31.0);
        let feature = MONTHS;
        draft.slide(&links, Edit { feature, value });
        draft.undo();
        assert_eq!(number(&draft, MONTHS), 30.0);
        draft.undo();
        assert_eq!(draft.step(), original);
    }

    #[test]
    fn values_come_back_from_an_address() {
        let (mut draft, links) = company();
        draft.edit(&links, level(&links, NET, SLOW));
        draft.hold(&links, FEE);
        draft.edit(&links, level(&links, EXTRA, NO));
        let step = draft.step();
        let (mut other, _) = company();
        other.take(&links, &step.row, &step.changed());
        assert_eq!(other.step(), step);
        other.undo();
        assert!(!other.is_edited());
        other.take(&links, &step.row, &[]);
        assert_eq!(other.row(), &step.row, "in any order");
    }

    #[test]
    fn drafts_are_kept_by_customer() {
        let (draft, links) = company();
        let mut drafts = Drafts::default();
        for row in [7, 3] {
            let draft = drafts.begin(row, || draft.row().clone());
            draft.edit(&links, level(&links, NET, SLOW));
        }
        assert!(drafts.is_edited(3) && drafts.is_edited(7) && !drafts.is_edited(5));
        drafts.begin(3, || draft.row().clone()).reset_all();
        assert!(!drafts.is_edited(3));
    }
}
