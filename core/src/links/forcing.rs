//! Levels that force levels: one level occurs only with another.

use super::ENOUGH_ROWS;
use super::crosstab::Crosstab;
use crate::dataset::{Column, Dataset};
use crate::math::ordered;
use crate::preset::{LevelOf, Link};
use crate::row::{Row, Value};
use crate::schema::Schema;

/// A feature at a level.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Condition {
    /// Feature, by its place in the schema.
    pub feature: usize,
    /// Code of the level.
    pub level: u8,
}

/// Wherever `when` holds, `then` holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Implication {
    /// The level that forces.
    pub when: Condition,
    /// The level it forces.
    pub then: Condition,
}

/// A combination that cannot be: `when` holds, and the forced feature is at
/// another level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// What is violated.
    pub implication: Implication,
    /// Code of the level that the forced feature has instead.
    pub got: u8,
}

/// An implication as it was named or found, and whether the reverse holds, too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Force {
    implication: Implication,
    mutual: bool,
}

/// All forcing links of a dataset.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Forcing {
    named: Vec<Force>,
    /// Both directions, sorted.
    implications: Vec<Implication>,
}

impl Condition {
    /// Whether a row has the level.
    pub fn holds(self, row: &Row) -> bool {
        row.value(self.feature) == Value::Level(self.level)
    }

    /// Whether a row has another level there; a missing value is none.
    pub fn is_broken(self, row: &Row) -> bool {
        matches!(row.value(self.feature), Value::Level(level) if level != self.level)
    }
}

impl Implication {
    fn reversed(self) -> Self {
        Self {
            when: self.then,
            then: self.when,
        }
    }
}

impl Forcing {
    /// The preset's links that the schema has features and levels for. The
    /// reverse is added where the rows bear it out: the forced level occurs,
    /// and only with the level that forces it.
    pub fn of_preset(links: &[Link], data: &Dataset, rows: &[usize]) -> Self {
        let schema = data.schema();
        let mut forcing = Self::default();
        for link in links {
            let Link::Forces { when, then } = link else {
                continue;
            };
            let Some(when) = bind(when, schema) else {
                continue;
            };
            for then in then.iter().filter_map(|then| bind(then, schema)) {
                let implication = Implication { when, then };
                let mutual = occurs_only_with(data, rows, then, when);
                forcing.add(Force {
                    implication,
                    mutual,
                });
            }
        }
        forcing.settle();
        forcing
    }

    /// Adds what the rows show: levels of different features that occur in
    /// exactly the same rows, [`ENOUGH_ROWS`] of them or more, but not in all.
    ///
    /// A level that occurs only with another, which in turn occurs elsewhere,
    /// is left alone: that may be a habit of these customers, and an edit must
    /// not overrule a choice for the sake of a habit. Such a row is still seen
    /// to be without example by [`Combinations`](super::Combinations).
    pub fn find(&mut self, table: &Crosstab) {
        let conditions: Vec<Condition> = (table.features.iter().enumerate())
            .flat_map(|(place, &feature)| {
                let levels = 0..table.columns(place).len();
                levels.map(move |level| Condition {
                    feature,
                    level: level as u8, // a feature has at most 255 levels
                })
            })
            .collect();
        let mut grouped = vec![false; conditions.len()];
        for first in 0..conditions.len() {
            let rows = table.one(first);
            if grouped[first] || rows < ENOUGH_ROWS || rows == table.rows {
                continue;
            }
            for second in first + 1..conditions.len() {
                if table.one(second) != rows || table.both(first, second) != rows {
                    continue;
                }
                grouped[second] = true;
                let implication = Implication {
                    when: conditions[first],
                    then: conditions[second],
                };
                if !self.implies(implication) || !self.implies(implication.reversed()) {
                    self.add(Force {
                        implication,
                        mutual: true,
                    });
                }
            }
        }
        self.settle();
    }

    /// What forces what, both directions, sorted.
    pub fn implications(&self) -> &[Implication] {
        &self.implications
    }

    /// Whether two features are in one implication.
    pub fn tie(&self, a: usize, b: usize) -> bool {
        let pair = |i: &Implication| (i.when.feature, i.then.feature);
        let mut pairs = self.implications.iter().map(pair);
        pairs.any(|pair| pair == (a, b) || pair == (b, a))
    }

    /// The first implication that a row violates.
    pub fn conflict(&self, row: &Row) -> Option<Conflict> {
        self.implications.iter().find_map(|&implication| {
            let got = match row.value(implication.then.feature) {
                Value::Level(got) if got != implication.then.level => got,
                _ => return None,
            };
            let violated = implication.when.holds(row);
            violated.then_some(Conflict { implication, got })
        })
    }

    /// The links in a preset's form: as they were named, by forcing level.
    pub fn to_preset(&self, schema: &Schema) -> Vec<Link> {
        let level_of = |condition: Condition| {
            let feature = &schema.features[condition.feature];
            LevelOf {
                feature: feature.name.clone(),
                level: feature.levels()[usize::from(condition.level)].clone(),
            }
        };
        let same_when = |a: &Force, b: &Force| a.implication.when == b.implication.when;
        let groups = self.named.chunk_by(same_when);
        let link = |group: &[Force]| Link::Forces {
            when: level_of(group[0].implication.when),
            then: group.iter().map(|f| level_of(f.implication.then)).collect(),
        };
        groups.map(link).collect()
    }

    /// Takes a link unless it forces a feature by itself, or to a second level.
    fn add(&mut self, force: Force) {
        let Implication { when, then } = force.implication;
        let contradicts = |other: &Force| {
            let Implication { when: w, then: t } = other.implication;
            w == when && t.feature == then.feature
        };
        if when.feature != then.feature && !self.named.iter().any(contradicts) {
            self.named.push(force);
            self.implications.push(force.implication);
            if force.mutual {
                self.implications.push(force.implication.reversed());
            }
        }
    }

    /// Brings everything into schema order, whoever named it.
    fn settle(&mut self) {
        self.named = ordered(&self.named);
        self.implications = ordered(&self.implications);
    }

    /// Whether one level forces another through any number of steps.
    fn implies(&self, asked: Implication) -> bool {
        let mut reached = vec![asked.when];
        let mut next = 0;
        while let Some(&from) = reached.get(next) {
            if from == asked.then {
                return true;
            }
            for step in self.implications.iter().filter(|i| i.when == from) {
                if !reached.contains(&step.then) {
                    reached.push(step.then);
                }
            }
            next += 1;
        }
        false
    }
}

fn bind(level: &LevelOf, schema: &Schema) -> Option<Condition> {
    let feature = schema.position(&level.feature)?;
    let level = schema.features[feature].code_of(&level.level)?;
    Some(Condition { feature, level })
}

/// Whether a level occurs, and only in rows with another.
fn occurs_only_with(data: &Dataset, rows: &[usize], level: Condition, other: Condition) -> bool {
    let (Column::Categorical(levels), Column::Categorical(others)) =
        (data.column(level.feature), data.column(other.feature))
    else {
        return false;
    };
    let mut having = rows.iter().filter(|&&row| levels[row] == level.level);
    let mut occurs = false;
    having.all(|&row| {
        occurs = true;
        others[row] == other.level
    }) && occurs
}
