//! Categorical features joined into one code.

use crate::linalg::Symmetric;

/// Most codes of a group; more would make groups fewer but their pairs sparse.
const MOST_CODES: usize = 128;

/// Categorical features whose levels one code stands for.
#[derive(Clone, Debug)]
pub struct Group {
    features: usize,
    /// Parameter of each member's level, code by code: `codes × features`.
    parameters: Vec<usize>,
    /// Group code of every row.
    pub codes: Vec<u8>,
}

impl Group {
    /// A group of one feature, whose first level has parameter `start`.
    pub fn single(start: usize, levels: usize, codes: Vec<u8>) -> Self {
        Self {
            features: 1,
            parameters: (start..start + levels).collect(),
            codes,
        }
    }

    /// Number of codes.
    pub fn len(&self) -> usize {
        self.parameters.len() / self.features
    }

    /// Parameters of the levels that each code stands for, code by code.
    pub fn members(&self) -> impl Iterator<Item = &[usize]> {
        self.parameters.chunks_exact(self.features)
    }

    /// Parameters of a code's levels.
    pub fn members_of(&self, code: u8) -> &[usize] {
        let at = usize::from(code) * self.features;
        &self.parameters[at..at + self.features]
    }

    /// The first parameter of a member, and the one past the last.
    pub fn span(&self) -> (usize, usize) {
        let first = self.parameters.iter().min().map_or(0, |&x| x);
        let last = self.parameters.iter().max().map_or(0, |&x| x + 1);
        (first, last)
    }

    /// Adds a feature when few enough combinations occur.
    pub fn join(&mut self, start: usize, levels: usize, codes: &[u8]) -> bool {
        const UNSEEN: u8 = u8::MAX;
        let mut joint = vec![UNSEEN; self.len() * levels];
        let mut found = Vec::new();
        let mut joined = Vec::with_capacity(codes.len());
        for (&own, &code) in self.codes.iter().zip(codes) {
            let cell = usize::from(own) * levels + usize::from(code);
            if joint[cell] == UNSEEN {
                if found.len() == MOST_CODES {
                    return false;
                }
                joint[cell] = found.len() as u8; // below MOST_CODES
                found.push(cell);
            }
            joined.push(joint[cell]);
        }
        let mut parameters = Vec::with_capacity(found.len() * (self.features + 1));
        for cell in found {
            // Both are below 256: codes of a byte.
            parameters.extend_from_slice(self.members_of((cell / levels) as u8));
            parameters.push(start + cell % levels);
        }
        self.parameters = parameters;
        self.features += 1;
        self.codes = joined;
        true
    }

    /// Adds each code's sum over its levels' parameters to its rows.
    pub fn add_log_odds(&self, parameters: &[f64], log_odds: &mut [f64]) {
        // A table as long as a code's range needs no bounds check.
        let mut table = [0.0; 256];
        for (entry, members) in table.iter_mut().zip(self.members()) {
            *entry = members.iter().map(|&at| parameters[at]).sum();
        }
        for (sum, &code) in log_odds.iter_mut().zip(&self.codes) {
            *sum += table[usize::from(code)];
        }
    }

    /// Adds the rows' values to the parameters of their levels.
    pub fn add_gradient(&self, values: &[f64], gradient: &mut [f64]) {
        let mut sums = [0.0; 256];
        for (value, &code) in values.iter().zip(&self.codes) {
            sums[usize::from(code)] += value;
        }
        for (sum, members) in sums.iter().zip(self.members()) {
            for &at in members {
                gradient[at] += sum;
            }
        }
    }

    /// Sums four values of each row, code by code.
    pub fn sums(&self, values: &[[f64; 4]]) -> [[f64; 4]; 256] {
        let mut sums = [[0.0; 4]; 256];
        for (value, &code) in values.iter().zip(&self.codes) {
            for (sum, x) in sums[usize::from(code)].iter_mut().zip(value) {
                *sum += x;
            }
        }
        sums
    }

    /// Adds what the levels share with up to four other parameters, given by
    /// code as [`sums`](Self::sums) has it.
    pub fn add_numbers(
        &self,
        others: impl Iterator<Item = usize> + Clone,
        sums: &[[f64; 4]],
        hessian: &mut Symmetric,
    ) {
        for (sums, members) in sums.iter().zip(self.members()) {
            for &level in members {
                for (other, sum) in others.clone().zip(sums) {
                    hessian.add(other, level, *sum);
                }
            }
        }
    }

    /// Adds what the levels share with each other: the first sum of each code.
    pub fn add_own(&self, sums: &[[f64; 4]], hessian: &mut Symmetric) {
        for (sums, members) in sums.iter().zip(self.members()) {
            for (a, &level) in members.iter().enumerate() {
                for &other in &members[a..] {
                    hessian.add(level, other, sums[0]);
                }
            }
        }
    }
}
