//! The version of the database, and how it is brought up to date.

use rusqlite::{Connection, TransactionBehavior};

/// One script per version, from 1 up.
const SCRIPTS: [&str; 1] = [include_str!("../../migrations/0001_store.sql")];

/// Marks the file as ours: "chrn".
const APPLICATION: u32 = 0x6368_726e;

/// Brings the database to the newest version; all of it or nothing.
///
/// # Errors
/// In words: a newer version, another program's file, or a failed write.
pub fn run(connection: &mut Connection) -> Result<(), String> {
    const KNOWN: u32 = SCRIPTS.len() as u32;
    let told = |error: rusqlite::Error| error.to_string();
    let transaction = connection
        .transaction_with_behavior(TransactionBehavior::Immediate)
        .map_err(told)?;
    let number = |sql: &str| transaction.query_row(sql, [], |row| row.get::<_, u32>(0));
    let version = number("PRAGMA user_version").map_err(told)?;
    let application = number("PRAGMA application_id").map_err(told)?;
    let objects = number("SELECT count(*) FROM sqlite_schema").map_err(told)?;
    if version > KNOWN {
        return Err(format!(
            "the data is of version {version}, this program knows up to {KNOWN}: \
             it was written by a newer `churn`; use that one"
        ));
    }
    if objects > 0 && application != APPLICATION {
        return Err("the file is a database of another program".into());
    }
    for script in &SCRIPTS[version as usize..] {
        transaction.execute_batch(script).map_err(told)?;
    }
    if version < KNOWN {
        let mark = format!("PRAGMA user_version = {KNOWN}; PRAGMA application_id = {APPLICATION};");
        transaction.execute_batch(&mark).map_err(told)?;
    }
    transaction.commit().map_err(told)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_run_changes_nothing() -> Result<(), String> {
        let mut connection = Connection::open_in_memory().map_err(|error| error.to_string())?;
        run(&mut connection)?;
        run(&mut connection)
    }

    #[test]
    fn a_newer_version_is_refused() -> rusqlite::Result<()> {
        let mut connection = Connection::open_in_memory()?;
        connection.execute_batch("PRAGMA user_version = 99")?;
        let told = run(&mut connection).err().unwrap_or_default();
        assert!(told.starts_with("the data is of version 99, this program knows up to 1"));
        Ok(())
    }

    #[test]
    fn another_programs_file_is_left_alone() -> rusqlite::Result<()> {
        let mut connection = Connection::open_in_memory()?;
        connection.execute_batch("CREATE TABLE theirs (x)")?;
        let told = run(&mut connection).err().unwrap_or_default();
        assert_eq!(told, "the file is a database of another program");
        Ok(())
    }
}
