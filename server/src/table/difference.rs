//! What changed between two versions.

use std::collections::BTreeSet;

use churn_core::drift::{DriftFigure, DriftMethod, Grid, jensen_shannon, psi};
use churn_core::marginals::NumericMarginal;
use churn_core::tables::{ChangedColumn, ColumnDrift, TableDifference};
use churn_core::{Result, schema};

use super::cells::{Cell, Cells, Kind};
use super::quality::Levels;
use super::schema::TableColumn;
use super::version::Version;

/// Compares two versions.
///
/// # Errors
/// When a file cannot be read.
pub fn compare(from: &Version, to: &Version) -> Result<TableDifference> {
    let lacks = |a: &Version, b: &Version| {
        let names = a.schema.columns.iter().map(|column| column.name.clone());
        names
            .filter(|name| b.schema.position(name).is_none())
            .collect()
    };
    let mut changed_columns = Vec::new();
    let mut columns = Vec::new();
    for column in &from.schema.columns {
        let Some(at) = to.schema.position(&column.name) else {
            continue;
        };
        let other = &to.schema.columns[at];
        if column.kind == other.kind {
            columns.push(drift([(from, column), (to, other)])?);
        } else {
            changed_columns.push(ChangedColumn {
                name: column.name.clone(),
                kinds: [column.kind, other.kind],
            });
        }
    }
    Ok(TableDifference {
        from: from.to_string(),
        to: to.to_string(),
        rows: [from.record.rows, to.record.rows],
        added_columns: lacks(to, from),
        removed_columns: lacks(from, to),
        changed_columns,
        ids: super::ids::compare(from, to)?,
        columns,
    })
}

fn drift(sides: [(&Version, &TableColumn); 2]) -> Result<ColumnDrift> {
    let name = sides[0].1.name.clone();
    let is_number = matches!(sides[0].1.kind, Kind::Integer | Kind::Number);
    let (missing, drift) = if is_number {
        let [(missing, reference), (other, current)] =
            [numbers(sides[0].0, &name)?, numbers(sides[1].0, &name)?];
        ([missing, other], of_numbers(reference, &current))
    } else {
        let [(missing, reference), (other, current)] = [levels(sides[0])?, levels(sides[1])?];
        ([missing, other], of_levels(&reference, &current))
    };
    Ok(ColumnDrift {
        name,
        missing,
        drift,
    })
}

fn figure(method: DriftMethod, value: f64) -> DriftFigure {
    DriftFigure {
        method,
        value,
        threshold: DriftMethod::THRESHOLD,
    }
}

fn of_numbers(reference: Vec<f64>, current: &[f64]) -> Vec<DriftFigure> {
    if reference.is_empty() || current.is_empty() {
        return Vec::new();
    }
    let grid = Grid::new(&NumericMarginal::measure(reference));
    let (wasserstein, kolmogorov_smirnov) = grid.distances(current);
    vec![
        figure(DriftMethod::Wasserstein, wasserstein),
        figure(DriftMethod::KolmogorovSmirnov, kolmogorov_smirnov),
    ]
}

fn of_levels(reference: &Levels, current: &Levels) -> Vec<DriftFigure> {
    let (Some(reference), Some(current)) = (reference.counts(), current.counts()) else {
        return Vec::new();
    };
    if reference.is_empty() || current.is_empty() {
        return Vec::new();
    }
    let names: BTreeSet<&String> = reference.keys().chain(current.keys()).collect();
    let [reference, current] = [reference, current].map(|counts| {
        let counts = names
            .iter()
            .map(|name| counts.get(*name).copied().unwrap_or(0));
        counts.collect::<Vec<u64>>()
    });
    vec![
        figure(DriftMethod::Psi, psi(&reference, &current)),
        figure(
            DriftMethod::JensenShannon,
            jensen_shannon(&reference, &current),
        ),
    ]
}

/// Calls for the cells of one column, and counts those that are missing.
fn each(version: &Version, name: &str, mut call: impl FnMut(&Cells)) -> Result<u64> {
    let places: Vec<usize> = version.schema.position(name).into_iter().collect();
    let mut file = version.open()?.only(&places);
    let mut missing = 0;
    while let Some(batch) = file.read()? {
        for cells in &batch {
            missing += cells.present.iter().filter(|present| !**present).count() as u64;
            call(cells);
        }
    }
    Ok(missing)
}

/// The numbers of one column, and how many are missing. Those beyond what models
/// take have no part.
fn numbers(version: &Version, name: &str) -> Result<(u64, Vec<f64>)> {
    let mut numbers = Vec::new();
    let missing = each(version, name, |cells| {
        let all = (0..cells.present.len()).filter_map(|row| cells.get(row).number());
        numbers.extend(all.filter(|x| schema::is_number(*x)));
    })?;
    Ok((missing, numbers))
}

fn levels((version, column): (&Version, &TableColumn)) -> Result<(u64, Levels)> {
    let mut levels = Levels::default();
    let missing = each(version, &column.name, |cells| {
        for row in 0..cells.present.len() {
            match cells.get(row) {
                Cell::Missing => {}
                cell => levels.add(column, cell),
            }
        }
    })?;
    Ok((missing, levels))
}
