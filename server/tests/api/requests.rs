//! Bodies of all kinds, sent to the routes: the kept cases, and changes to them.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::Failure;
use crate::json_mutation::{Random, mutate};
use crate::request_property::Served;

/// How many changed cases are sent, unless `CHURN_REQUESTS` says otherwise.
const REQUESTS: usize = 2000;

/// Cases that were found or thought of, each a letter and a body.
fn cases() -> Result<Vec<(PathBuf, Vec<u8>)>, Failure> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/corpus/request");
    let mut cases = Vec::new();
    for file in fs::read_dir(folder)? {
        let path = file?.path();
        let case = fs::read(&path)?;
        cases.push((path, case));
    }
    cases.sort();
    Ok(cases)
}

fn served(name: &str) -> Served {
    Served::new(&Path::new(env!("CARGO_TARGET_TMPDIR")).join(name))
}

/// Those whose name begins so are taken, the others are refused.
#[test]
fn kept_cases_are_answered() -> Result<(), Failure> {
    let mut served = served("requests-kept");
    let cases = cases()?;
    assert!(cases.len() > 20, "{}", cases.len());
    for (path, case) in cases {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let taken = served.check(&case);
        assert_eq!(taken, !name.starts_with("refused"), "{name}");
    }
    Ok(())
}

#[test]
fn changed_cases_are_answered() -> Result<(), Failure> {
    let requests = std::env::var("CHURN_REQUESTS")
        .ok()
        .map_or(Ok(REQUESTS), |requests| requests.parse())?;
    let mut served = served("requests-changed");
    let cases = cases()?;
    let mut taken = 0;
    for at in 0..requests {
        let mut random = Random(at as u64);
        let (_, case) = &cases[random.below(cases.len())];
        taken += usize::from(served.check(&changed(case, &mut random)));
    }
    println!("{requests} changed requests, {taken} of them taken");
    assert!((requests / 20..requests).contains(&taken), "{taken} taken");
    Ok(())
}

/// A case with a few changes: to the document, or to its bytes.
fn changed(case: &[u8], random: &mut Random) -> Vec<u8> {
    let mut case = case.to_vec();
    for _ in 0..1 + random.below(3) {
        let document = case.get(1..).map(serde_json::from_slice::<Value>);
        match document {
            Some(Ok(mut document)) if random.below(4) > 0 => {
                mutate(&mut document, random);
                case.truncate(1);
                case.extend_from_slice(document.to_string().as_bytes());
            }
            _ => scramble(&mut case, random),
        }
    }
    case
}

fn scramble(case: &mut Vec<u8>, random: &mut Random) {
    let at = 1 + random.below(case.len());
    let at = at.min(case.len());
    match random.below(5) {
        0 => case.truncate(at.max(1)),
        1 => case.insert(at, random.below(256) as u8),
        2 => case
            .splice(
                at..at,
                [&b"\\u0000"[..], b"1e999", b"{}", b"\"", b"\xff", b"[["][random.below(6)]
                    .iter()
                    .copied(),
            )
            .for_each(drop),
        3 if at < case.len() => case[at] ^= 1 << random.below(8),
        _ => {
            let end = (at + random.below(20)).min(case.len());
            let part = case[at..end].to_vec();
            let to = 1 + random.below(case.len());
            let to = to.min(case.len());
            case.splice(to..to, part).for_each(drop);
        }
    }
}
