//! The design matrix, built where a library asks for it.

use ndarray::Array2;

use crate::dataset::{Column, Dataset};
use crate::design::Design;
use crate::scaling::Scaling;

/// The standardised design columns of complete rows.
pub(crate) fn standardised(data: &Dataset, rows: &[usize], scaling: &Scaling) -> Array2<f64> {
    let design = Design::new(data.schema());
    let mut matrix = Array2::<f64>::zeros((rows.len(), design.width()));
    for (feature, column) in data.columns().iter().enumerate() {
        for (at, &row) in rows.iter().enumerate() {
            for k in design.columns(feature) {
                let x = match column {
                    Column::Numeric(x) => x[row],
                    Column::Categorical(codes) => {
                        let start = design.columns(feature).start;
                        f64::from(u8::from(usize::from(codes[row]) == k - start))
                    }
                };
                matrix[[at, k]] = (x - scaling.mean[k]) / scaling.sd[k];
            }
        }
    }
    matrix
}
