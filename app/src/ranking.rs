//! Sorting of places. All of the page sorts through one function: each further
//! kind of sort would add kilobytes to the download.

pub use churn_core::math::sort_places as sort;

/// Places of the weights by |weight|, largest first.
pub fn by_size(weights: &[f64]) -> Vec<usize> {
    let mut places: Vec<u32> = (0..).take(weights.len()).collect();
    sort(&mut places, &|a, b| {
        weights[b].abs().total_cmp(&weights[a].abs())
    });
    places.into_iter().map(|place| place as usize).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn largest_size_comes_first_and_ties_keep_their_order() {
        assert_eq!(by_size(&[0.1, -0.3, 0.0, 0.3]), [1, 3, 0, 2]);
    }
}
