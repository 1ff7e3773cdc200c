//! One point of a grid: what a run is trained with.

use std::collections::BTreeMap;

use churn_core::cross_validation::Scoring;
use churn_core::svm::{Kernel, SvmParams};
use churn_core::train::{Regularisation, Solver, TrainParams};
use churn_core::{Error, ErrorCode, Result};

use super::grid::{Family, Lists, too_many};

/// What a run is trained with.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    /// The model.
    pub recipe: Recipe,
    /// Features that the model does not see.
    pub leave_out: Vec<String>,
}

/// How a model is made.
#[derive(Clone, Debug, PartialEq)]
pub enum Recipe {
    /// Logistic regression; who is held out is the experiment's.
    Logistic(TrainParams),
    /// Support vector machine.
    Svm(SvmParams),
}

/// Every value of every list with every other; the last list changes quickest.
///
/// # Errors
/// [`ErrorCode::Parameter`], naming the field, for what does not go together.
pub fn product(lists: &Lists, most: usize) -> Result<Vec<Choice>> {
    let recipes = match lists.model {
        Family::Logistic => logistic(lists),
        Family::Svm => svm(lists),
    }?;
    let nothing = vec![Vec::new()];
    let left_out = list(&lists.leave_out, "leave-out")?.unwrap_or(&nothing);
    if recipes.len().saturating_mul(left_out.len()) > most {
        return Err(too_many(most));
    }
    let choices = recipes.iter().flat_map(|recipe| {
        left_out.iter().map(|leave_out| Choice {
            recipe: recipe.clone(),
            leave_out: leave_out.clone(),
        })
    });
    Ok(choices.collect())
}

fn logistic(lists: &Lists) -> Result<Vec<Recipe>> {
    none(&lists.kernel, "kernel", Family::Logistic)?;
    none(&lists.tolerance, "tolerance", Family::Logistic)?;
    let mut solvers = Vec::new();
    match list(&lists.solver, "solver")? {
        Some(names) => {
            for name in names {
                solvers.push(solver(name)?);
            }
        }
        None => solvers.push(Solver::NewtonCholesky),
    }
    let regularisations = regularisations(lists)?;
    let balanced = list(&lists.balanced, "balanced")?.map_or(&[false][..], Vec::as_slice);
    let iterations = optional(list(&lists.max_iterations, "max-iterations")?);
    let mut recipes = Vec::new();
    for &solver in &solvers {
        for regularisation in &regularisations {
            for &balanced in balanced {
                for &max_iterations in &iterations {
                    recipes.push(Recipe::Logistic(TrainParams {
                        solver,
                        regularisation: regularisation.clone(),
                        balanced,
                        max_iterations,
                        ..TrainParams::default()
                    }));
                }
            }
        }
    }
    Ok(recipes)
}

fn regularisations(lists: &Lists) -> Result<Vec<Regularisation>> {
    let (cs, cv) = (list(&lists.c, "c")?, list(&lists.cv, "cv")?);
    let scorings = list(&lists.scoring, "scoring")?;
    if cs.is_some() && cv.is_some() {
        return Err(wrong("cv", "either c or cv", "both"));
    }
    let Some(folds) = cv else {
        if scorings.is_some() {
            return Err(wrong("scoring", "cv beside it", "none"));
        }
        let cs = cs.map_or(&[1.0][..], Vec::as_slice);
        return Ok(cs.iter().copied().map(Regularisation::Fixed).collect());
    };
    let scorings = match scorings {
        Some(names) => names
            .iter()
            .map(|name| name.parse())
            .collect::<Result<_>>()?,
        None => vec![Scoring::Accuracy],
    };
    let pairs = folds.iter().flat_map(|&folds| {
        let of = move |&scoring: &Scoring| Regularisation::CrossValidated { folds, scoring };
        scorings.iter().map(of)
    });
    Ok(pairs.collect())
}

fn svm(lists: &Lists) -> Result<Vec<Recipe>> {
    none(&lists.solver, "solver", Family::Svm)?;
    none(&lists.cv, "cv", Family::Svm)?;
    none(&lists.scoring, "scoring", Family::Svm)?;
    none(&lists.balanced, "balanced", Family::Svm)?;
    if lists.max_iterations.is_some() {
        let expected = "tolerance instead: the solver of support vector machines goes on \
                        until that is reached";
        return Err(wrong("max-iterations", expected, "max-iterations"));
    }
    let mut kernels = Vec::new();
    match list(&lists.kernel, "kernel")? {
        Some(names) => {
            for name in names {
                kernels.push(name.parse::<Kernel>()?);
            }
        }
        None => kernels.push(Kernel::Rbf),
    }
    let cs = list(&lists.c, "c")?.map_or(&[1.0][..], Vec::as_slice);
    let tolerances = list(&lists.tolerance, "tolerance")?.map_or(&[1e-3][..], Vec::as_slice);
    let mut recipes = Vec::new();
    for &kernel in &kernels {
        for &c in cs {
            for &tolerance in tolerances {
                let params = SvmParams {
                    kernel,
                    c,
                    tolerance,
                };
                params.check()?;
                recipes.push(Recipe::Svm(params));
            }
        }
    }
    Ok(recipes)
}

impl Choice {
    /// What was chosen, by name.
    pub fn params(&self) -> BTreeMap<String, String> {
        let mut params = BTreeMap::new();
        let mut add = |name: &str, value: String| params.insert(name.to_owned(), value);
        match &self.recipe {
            Recipe::Logistic(params) => {
                add("model", "logistic".into());
                add("solver", params.solver.name().into());
                match &params.regularisation {
                    Regularisation::Fixed(c) => drop(add("c", c.to_string())),
                    Regularisation::CrossValidated { folds, scoring } => {
                        add("cv", folds.to_string());
                        add("scoring", scoring.name().into());
                    }
                }
                add("balanced", params.balanced.to_string());
                if let Some(most) = params.max_iterations {
                    add("max_iterations", most.to_string());
                }
            }
            Recipe::Svm(SvmParams {
                kernel,
                c,
                tolerance,
            }) => {
                add("model", "svm".into());
                add("kernel", kernel.name().into());
                add("c", c.to_string());
                add("tolerance", tolerance.to_string());
            }
        }
        if !self.leave_out.is_empty() {
            add("leave_out", self.leave_out.join(", "));
        }
        params
    }
}

fn solver(name: &str) -> Result<Solver> {
    let all = [Solver::NewtonCholesky, Solver::Lbfgs];
    let found = all.into_iter().find(|solver| solver.name() == name);
    found.ok_or_else(|| wrong("solver", "newton-cholesky or lbfgs", &format!("'{name}'")))
}

fn optional(list: Option<&Vec<u32>>) -> Vec<Option<u32>> {
    list.map_or(vec![None], |list| list.iter().copied().map(Some).collect())
}

/// A list that has something in it, if it is there.
fn list<'a, T>(list: &'a Option<Vec<T>>, field: &str) -> Result<Option<&'a Vec<T>>> {
    match list {
        Some(list) if list.is_empty() => Err(wrong(field, "at least one value", "none")),
        list => Ok(list.as_ref()),
    }
}

/// A field that a family of models has not.
fn none<T>(list: &Option<Vec<T>>, field: &str, family: Family) -> Result<()> {
    let family = match family {
        Family::Logistic => "a logistic regression",
        Family::Svm => "a support vector machine",
    };
    match list {
        Some(_) => Err(wrong(field, &format!("no such field for {family}"), field)),
        None => Ok(()),
    }
}

fn wrong(field: &str, expected: &str, got: &str) -> Error {
    Error::mismatch(ErrorCode::Parameter, expected, got).in_field(field)
}
