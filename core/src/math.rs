//! Scalar functions, with the same bits in every build: from `libm`, never from
//! the platform.

use std::cmp::Ordering;

/// The logistic function, 1 / (1 + e^-s), for a log-odds s.
pub fn sigmoid(log_odds: f64) -> f64 {
    1.0 / (1.0 + libm::exp(-log_odds))
}

/// A part of a whole; 0 of nothing.
pub(crate) fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 {
        0.0
    } else {
        part as f64 / whole as f64
    }
}

/// The largest absolute value of a slice; 0 of an empty one.
pub(crate) fn max_abs(values: &[f64]) -> f64 {
    values.iter().fold(0.0, |max, x| max.max(x.abs()))
}

/// Partial sums of [`dot`] and [`product`]: added side by side, they need not
/// wait for each other, and their order is the same in every build.
const LANES: usize = 8;

/// Σ a·b.
pub(crate) fn dot(a: &[f64], b: &[f64]) -> f64 {
    let mut lanes = [0.0; LANES];
    let (a, b) = (a.chunks_exact(LANES), b.chunks_exact(LANES));
    let rest = a.remainder().iter().zip(b.remainder());
    let rest: f64 = rest.map(|(a, b)| a * b).sum();
    for (a, b) in a.zip(b) {
        for (lane, (a, b)) in lanes.iter_mut().zip(a.iter().zip(b)) {
            *lane += a * b;
        }
    }
    lanes.iter().fold(rest, |sum, lane| sum + lane)
}

/// Product of all values.
pub(crate) fn product(values: &[f64]) -> f64 {
    let mut lanes = [1.0; LANES];
    let values = values.chunks_exact(LANES);
    let rest: f64 = values.remainder().iter().product();
    for values in values {
        for (lane, x) in lanes.iter_mut().zip(values) {
            *lane *= x;
        }
    }
    lanes.iter().fold(rest, |product, lane| product * lane)
}

/// Mean and population standard deviation (ddof 0), in two passes.
pub(crate) fn mean_sd(values: impl Iterator<Item = f64> + Clone) -> (f64, f64) {
    let (mut n, mut sum) = (0.0, 0.0);
    for x in values.clone() {
        n += 1.0;
        sum += x;
    }
    if n == 0.0 {
        return (f64::NAN, f64::NAN);
    }
    let mean = sum / n;
    let squares: f64 = values.map(|x| (x - mean) * (x - mean)).sum();
    (mean, libm::sqrt(squares / n))
}

/// Sums some rows of a matrix by column: one of every `stride` of them, as many
/// numbers each as there are sums. Says how many rows that are.
pub fn sum_rows(matrix: &[f64], rows: &[u32], stride: usize, sums: &mut [f64]) -> f64 {
    sums.fill(0.0);
    let width = sums.len();
    let mut count = 0.0;
    for &row in rows.iter().step_by(stride) {
        let start = row as usize * width;
        for (sum, x) in sums.iter_mut().zip(&matrix[start..start + width]) {
            *sum += x;
        }
        count += 1.0;
    }
    count
}

/// Sorts numbers in place; NaN last. One function, so that the page carries one
/// copy of the sorting code.
pub(crate) fn sort(numbers: &mut [f64]) {
    numbers.sort_unstable_by(f64::total_cmp);
}

/// Sorts places by what they refer to; equal ones keep their order. The page
/// carries one copy of this code, too, whatever is sorted.
pub fn sort_places(places: &mut [u32], order: &dyn Fn(usize, usize) -> Ordering) {
    places.sort_by(|&a, &b| order(a as usize, b as usize));
}

/// Places of the weights by |weight|, largest first; ties in their order.
pub fn by_size(weights: &[f64]) -> Vec<usize> {
    let mut places: Vec<u32> = (0..).take(weights.len()).collect();
    sort_places(&mut places, &|a, b| {
        weights[b].abs().total_cmp(&weights[a].abs())
    });
    places.into_iter().map(|place| place as usize).collect()
}

/// The items in order, equal ones once; by [`sort_places`].
pub(crate) fn ordered<T: Copy + Ord>(items: &[T]) -> Vec<T> {
    let mut places: Vec<u32> = (0..).take(items.len()).collect();
    sort_places(&mut places, &|a, b| items[a].cmp(&items[b]));
    let mut ordered: Vec<T> = places.iter().map(|&at| items[at as usize]).collect();
    ordered.dedup();
    ordered
}

/// Quantile of sorted values by linear interpolation between order statistics
/// (NumPy's default). `q` is in 0..=1; NaN of an empty slice.
pub(crate) fn quantile(sorted: &[f64], q: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else {
        return f64::NAN;
    };
    let at = q * last as f64;
    let below = (libm::floor(at) as usize).min(last);
    let above = (below + 1).min(last);
    let share = at - below as f64;
    // NumPy's form, which is exact at both ends.
    let (a, b) = (sorted[below], sorted[above]);
    if share < 0.5 {
        a + (b - a) * share
    } else {
        b - (b - a) * (1.0 - share)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn largest_size_comes_first_and_ties_keep_their_order() {
        assert_eq!(by_size(&[0.1, -0.3, 0.0, 0.3]), [1, 3, 0, 2]);
    }
}
