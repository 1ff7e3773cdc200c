use super::*;
use crate::store::Place;

/// The end comes at any moment between the names and the database.
#[test]
fn what_the_database_does_not_have_goes() -> Result<()> {
    let path = std::env::temp_dir().join(format!("churn-tables-{}", std::process::id()));
    let mut connection = Place::Folder(Folder::open(&path)?).open()?;
    let folder = TableFolder::new(&path.join("tables"));
    let lock = folder.lock()?;
    let version = |version, file: &str| VersionRecord {
        name: "a".into(),
        version,
        created_ms: 0,
        rows: 1,
        rejected: 1,
        content: "content".into(),
        file: file.into(),
        schema: "{}".into(),
        sources: "[]".into(),
        reasons: "[]".into(),
        made_by: None,
        deleted: false,
    };
    let write = |path: &Path| fs::write(path, "x").map_err(|error| failed(path, &error));
    let names = || {
        let found = fs::read_dir(path.join("tables"))
            .into_iter()
            .flatten()
            .flatten();
        let mut names: Vec<_> = found.map(|entry| entry.file_name()).collect();
        names.sort();
        names
    };
    for (number, file, is_added, left) in [
        (
            1,
            "first",
            true,
            &[".lock", "a@1.rejected.ndjson", "first.parquet"][..],
        ),
        (
            2,
            "second",
            false,
            &[".lock", "a@1.rejected.ndjson", "first.parquet"],
        ),
        // The rows of a version that is kept stay.
        (
            2,
            "first",
            false,
            &[".lock", "a@1.rejected.ndjson", "first.parquet"],
        ),
    ] {
        let version = version(number, file);
        write(&folder.rows_part())?;
        write(&folder.rejected_part())?;
        let rejected = folder.rejected_part();
        folder.place(&folder.rows_part(), Some(&rejected), &version)?;
        assert!(folder.file(file).exists() && folder.rejected("a", number).exists());
        if is_added {
            tables::add(&mut connection, &version)?;
        }
        write(&folder.rows_part())?;
        folder.clean(&lock, &mut connection)?;
        assert_eq!(names(), left);
    }
    fs::remove_dir_all(&path).map_err(|error| failed(&path, &error))
}
