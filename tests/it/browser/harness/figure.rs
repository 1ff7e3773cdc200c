//! Rounded numbers as the page shows them.

/// What a shown number may have been before it was rounded.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Figure {
    low: f64,
    high: f64,
}

/// Room for the last bit of a number that was rounded.
const ROOM: f64 = 1e-9;

impl Figure {
    /// A risk: "72%", "49.9%", "<1%", ">99%".
    pub fn risk(text: &str) -> Self {
        match text {
            "<1%" => {
                return Self {
                    low: 0.0,
                    high: 0.01,
                };
            }
            ">99%" => {
                return Self {
                    low: 0.99,
                    high: 1.0,
                };
            }
            _ => {}
        }
        let percent = text
            .strip_suffix('%')
            .unwrap_or_else(|| panic!("no risk: “{text}”"));
        let mut figure = Self::rounded(percent, 0.01);
        if percent.contains('.') {
            // Near the cut a risk below it is never rounded up onto it.
            figure.high += figure.high - figure.low;
        }
        figure
    }

    /// A change: "−13 pts", "+0.3 pts".
    pub fn points(text: &str) -> Self {
        let points = text.strip_suffix(" pts");
        Self::rounded(
            points.unwrap_or_else(|| panic!("no points: “{text}”")),
            0.01,
        )
    }

    /// A weight: "+0.18", "−0.05", "0.00".
    pub fn weight(text: &str) -> Self {
        Self::rounded(text, 1.0)
    }

    /// Whether a number is shown so.
    pub fn shows(self, number: f64) -> bool {
        (self.low - ROOM..=self.high + ROOM).contains(&number)
    }

    fn rounded(text: &str, unit: f64) -> Self {
        let plain = text.replace('−', "-").replace('+', "");
        let number: f64 = plain
            .parse()
            .unwrap_or_else(|_| panic!("no number: “{text}”"));
        let decimals = plain
            .split_once('.')
            .map_or(0, |(_, decimals)| decimals.len());
        let half = 0.5 * 0.1_f64.powi(i32::try_from(decimals).expect("few decimals"));
        Self {
            low: (number - half) * unit,
            high: (number + half) * unit,
        }
    }
}

#[test]
fn a_figure_tells_the_numbers_it_may_stand_for() {
    assert!(Figure::risk("72%").shows(0.7249) && !Figure::risk("72%").shows(0.7251));
    assert!(Figure::risk("49.9%").shows(0.499_99) && !Figure::risk("49.9%").shows(0.4983));
    assert!(Figure::risk("<1%").shows(0.002) && !Figure::risk("<1%").shows(0.02));
    assert!(Figure::points("−13 pts").shows(-0.1277) && !Figure::points("−13 pts").shows(0.1277));
    assert!(Figure::weight("+0.18").shows(0.184) && !Figure::weight("0.00").shows(0.006));
}
