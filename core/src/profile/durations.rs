//! How long things took, as counts in steps of a sixteenth of an octave: a
//! quantile is right to 3.2%.

use crate::drift::add_counts;

/// Steps between a power of two and the next, as bits.
const STEP_BITS: u32 = 4;

/// Durations in whole microseconds, summed up.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Durations {
    counts: Vec<u32>,
}

impl Durations {
    /// Adds one.
    pub fn add(&mut self, us: u64) {
        let slot = slot(us);
        if self.counts.len() <= slot {
            self.counts.resize(slot + 1, 0);
        }
        self.counts[slot] += 1;
    }

    /// Adds those of others.
    pub fn merge(&mut self, other: &Self) {
        add_counts(&mut self.counts, &other.counts);
    }

    /// How many there are.
    pub fn count(&self) -> u64 {
        self.counts.iter().map(|&count| u64::from(count)).sum()
    }

    /// The duration that a share of them does not exceed, in microseconds: the
    /// middle of its step; 0 of none.
    pub fn quantile(&self, share: f64) -> u64 {
        let wanted = share * self.count() as f64;
        let mut count = 0;
        for (slot, &n) in self.counts.iter().enumerate() {
            count += u64::from(n);
            if n > 0 && count as f64 >= wanted {
                let (low, next) = (start(slot), start(slot + 1));
                return u64::midpoint(low, next - 1);
            }
        }
        0
    }
}

/// Below 32 every number has its own slot; above, a slot holds numbers that
/// agree in their first five bits.
fn slot(us: u64) -> usize {
    let shift = (u64::BITS - us.leading_zeros()).saturating_sub(STEP_BITS + 1);
    // The first bits, 16 to 31 where the shift is not 0.
    let bits = us >> shift;
    bits as usize + ((shift as usize) << STEP_BITS)
}

/// The smallest number of a slot.
fn start(slot: usize) -> u64 {
    let octave = (slot >> STEP_BITS).saturating_sub(1);
    let bits = slot - (octave << STEP_BITS);
    (bits as u64).checked_shl(octave as u32).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_lies_in_its_slot() {
        let numbers = (0..5000).chain((0..58).map(|bits| (1 << bits) + 12_345));
        for us in numbers {
            let slot = slot(us);
            assert!(start(slot) <= us && us < start(slot + 1), "{us}");
            let width = start(slot + 1) - start(slot);
            assert!(width == 1 || width * 16 <= us, "{us}: {width}");
        }
    }

    #[test]
    fn quantiles_are_right_to_a_step() {
        let (mut odd, mut even) = (Durations::default(), Durations::default());
        for us in (1..=10_000).step_by(2) {
            odd.add(us);
            even.add(us + 1);
        }
        odd.merge(&even);
        assert_eq!(odd.count(), 10_000);
        for (share, exact) in [(0.5, 5000.0), (0.95, 9500.0), (0.99, 9900.0)] {
            let got = odd.quantile(share) as f64;
            assert!((got / exact - 1.0).abs() < 0.032, "{share}: {got}");
        }
        assert_eq!(Durations::default().quantile(0.5), 0);
    }
}
