//! The one colour scale: seven steps, symmetric about no effect, the same for
//! every dataset, view and customer, so that a colour means one thing.

use churn_core::Method;

/// Where one step ends and the next begins, smallest first.
pub type Boundaries = [f64; 3];

/// Boundaries for the unit that a method's weights are in.
pub fn boundaries(method: Method) -> Boundaries {
    match method {
        // Probability.
        Method::Exact | Method::Sampled => [0.02, 0.06, 0.15],
        // Log-odds.
        Method::Contributions => [0.1, 0.4, 1.0],
    }
}

/// A step of the scale, from −3 (lowers risk most) to +3 (raises it most).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step(i8);

impl Step {
    /// All steps, in the order of the legend.
    pub const ALL: [Self; 7] = [
        Self(-3),
        Self(-2),
        Self(-1),
        Self(0),
        Self(1),
        Self(2),
        Self(3),
    ];

    /// The step a weight falls on.
    pub fn of(weight: f64, boundaries: Boundaries) -> Self {
        let size = weight.abs();
        let step = if size < boundaries[0] {
            0
        } else if size < boundaries[1] {
            1
        } else if size < boundaries[2] {
            2
        } else {
            3
        };
        Self(if weight < 0.0 { -step } else { step })
    }

    /// Class that colours an element and draws sign and size as arrows, so that
    /// colour never speaks alone.
    pub fn class(self) -> &'static str {
        match self.0 {
            ..=-3 => "w-3",
            -2 => "w-2",
            -1 => "w-1",
            0 => "w0",
            1 => "w1",
            2 => "w2",
            3.. => "w3",
        }
    }

    /// The place of the step in [`ALL`](Self::ALL).
    pub fn place(self) -> usize {
        usize::try_from(self.0 + 3).unwrap_or(0)
    }

    /// The number of the step.
    pub fn number(self) -> i8 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_those_in_the_list_of_all() {
        assert!(Step::ALL.iter().map(|step| step.place()).eq(0..7));
    }

    #[test]
    fn steps_are_symmetric_and_closed_below() {
        let lime = boundaries(Method::Exact);
        for (weight, step) in [
            (0.0, 0),
            (0.0199, 0),
            (0.02, 1),
            (0.06, 2),
            (0.1499, 2),
            (0.15, 3),
            (0.9, 3),
        ] {
            assert_eq!(Step::of(weight, lime).number(), step);
            assert_eq!(Step::of(-weight, lime).number(), -step);
        }
    }
}
