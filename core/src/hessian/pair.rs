//! Two groups, and the combinations of their codes that occur.

use super::group::Group;
use crate::linalg::Symmetric;

/// The combinations of two groups' codes that occur.
#[derive(Clone, Debug)]
pub struct Pair {
    first: usize,
    second: usize,
    /// Both codes of each combination.
    cells: Vec<(u8, u8)>,
    /// Combination of every row.
    index: Vec<u16>,
}

impl Pair {
    /// The pair of two of the groups, the first one's features before the
    /// second one's.
    pub fn new(first: usize, second: usize, groups: &[Group]) -> Self {
        const UNSEEN: u16 = u16::MAX;
        let (a, b) = (&groups[first], &groups[second]);
        let mut place = vec![UNSEEN; a.len() * b.len()]; // at most 255²: an index fits
        let mut cells = Vec::new();
        let mut index = Vec::with_capacity(a.codes.len());
        for (&x, &y) in a.codes.iter().zip(&b.codes) {
            let at = usize::from(x) * b.len() + usize::from(y);
            if place[at] == UNSEEN {
                place[at] = cells.len() as u16;
                cells.push((x, y));
            }
            index.push(place[at]);
        }
        Self {
            first,
            second,
            cells,
            index,
        }
    }

    /// Adds what levels of one group share with levels of the other.
    pub fn add_hessian(&self, groups: &[Group], curvature: &[f64], hessian: &mut Symmetric) {
        let (first, second) = (&groups[self.first], &groups[self.second]);
        let mut cells = vec![0.0; self.cells.len()];
        for (&cell, h) in self.index.iter().zip(curvature) {
            cells[usize::from(cell)] += h;
        }
        // First the levels of one group against the codes of the other …
        let codes = second.len();
        let (start, end) = first.span();
        let mut by_level = vec![0.0; (end - start) * codes];
        for (&(a, b), sum) in self.cells.iter().zip(&cells) {
            for at in first.members_of(a) {
                by_level[(at - start) * codes + usize::from(b)] += sum;
            }
        }
        // … then against its levels.
        for (at, sums) in (start..end).zip(by_level.chunks_exact(codes)) {
            let row = hessian.row_mut(at);
            for (sum, members) in sums.iter().zip(second.members()) {
                for &other in members {
                    row[other] += sum;
                }
            }
        }
    }
}
