//! Whether a challenger is better.
//!
//! Only one that *tells customers apart* better takes the model's place. Noise in the
//! outcomes moves their level: a model trained on it has lower log loss on as noisy
//! outcomes, and has learned nothing of who leaves. So the area under the ROC curve,
//! which no shift of all probabilities can change, decides first.

use crate::paired::Paired;

/// McNemar's probability below which decisions differ beyond chance.
const SIGNIFICANCE: f64 = 0.05;

/// Whether a challenger, the second of the two, is better beyond chance; the reason
/// in either case.
pub fn judge(paired: &Paired) -> (bool, &'static str) {
    let (auc, loss) = (&paired.roc_auc.interval, &paired.log_loss.interval);
    if auc.low <= 0.0 {
        let reason = match loss.high < 0.0 {
            true => {
                "it tells customers apart no better beyond chance, though its probabilities fit \
                 the new outcomes better: their level has moved, as noise in the outcomes moves \
                 it. See how outcomes come in"
            }
            false => "it tells customers apart no better beyond chance",
        };
        return (false, reason);
    }
    if loss.high >= 0.0 {
        let reason = "it tells customers apart better, but its probabilities are not better \
                      beyond chance";
        return (false, reason);
    }
    if paired.p_value < SIGNIFICANCE && paired.only_first > paired.only_second {
        let reason = "it decides wrongly more often, beyond chance";
        return (false, reason);
    }
    let reason = "it tells customers apart better and its probabilities are better, both beyond \
                  chance";
    (true, reason)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::interval::Interval;
    use crate::paired::Difference;

    #[test]
    fn only_who_tells_customers_apart_better_is_better() {
        let paired = |auc: [f64; 2], loss: [f64; 2], only: [u64; 2], p_value| Paired {
            rows: 100,
            only_first: only[0],
            only_second: only[1],
            p_value,
            log_loss: difference(loss),
            roc_auc: difference(auc),
        };
        fn difference([low, high]: [f64; 2]) -> Difference {
            Difference {
                difference: (low + high) / 2.0,
                interval: Interval { low, high },
            }
        }
        let (better, worse) = ([0.01, 0.1], [-0.1, -0.01]);
        let none = [-0.1, 0.1];
        let judged = |auc, loss, only, p| judge(&paired(auc, loss, only, p)).0;
        assert!(judged(better, worse, [1, 20], 0.001));
        assert!(judged(better, worse, [20, 10], 0.1));
        assert!(!judged(none, worse, [1, 20], 0.001));
        assert!(!judged(better, none, [1, 20], 0.001));
        assert!(!judged(better, worse, [20, 1], 0.001));
        let (_, reason) = judge(&paired(none, worse, [0, 0], 1.0));
        assert!(reason.contains("noise in the outcomes"), "{reason}");
    }
}
