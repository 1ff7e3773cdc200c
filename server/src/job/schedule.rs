//! Times of the clock in a zone.
//!
//! Where clocks are put on, a job whose time falls into the hour that is not there
//! runs when that hour would have begun: as soon as the clock shows a time again.
//! Where they are put back, it runs at the first of the two. A job that runs every
//! so many minutes or hours goes by the hours that there really are.

use std::str::FromStr as _;

use chrono::{DateTime, TimeZone as _};
use chrono_tz::Tz;
use churn_core::jobs::Cron;
use churn_core::{Error, ErrorCode, Result};
use croner::parser::{CronParser, Seconds, Year};

/// Longest expression that is looked at.
const LONGEST: usize = 100;

/// Times of the clock in a zone.
#[derive(Clone, Debug)]
pub struct Times {
    cron: croner::Cron,
    zone: Tz,
}

impl Times {
    /// The times of an expression.
    ///
    /// # Errors
    /// [`ErrorCode::Parameter`] for one that is none, and an unknown zone.
    pub fn new(asked: &Cron) -> Result<Self> {
        let wrong = |field: &str, expected: &str, got: String| {
            Error::mismatch(ErrorCode::Parameter, expected, got)
                .in_field(format!("schedule.cron.{field}"))
        };
        let zone = Tz::from_str(&asked.zone).map_err(|_| {
            let expected = "a zone of the IANA database, such as Europe/Berlin";
            wrong("zone", expected, format!("'{}'", asked.zone))
        })?;
        let expected = "minute, hour, day of the month, month, day of the week, \
                        such as '0 2 * * *'";
        let expression = &asked.expression;
        if expression.len() > LONGEST {
            return Err(wrong(
                "expression",
                expected,
                format!("{} bytes", expression.len()),
            ));
        }
        let parser = CronParser::builder()
            .seconds(Seconds::Optional)
            .year(Year::Disallowed)
            .build();
        let cron = parser
            .parse(expression)
            .map_err(|error| wrong("expression", expected, format!("'{expression}' ({error})")))?;
        Ok(Self { cron, zone })
    }

    /// The first time behind a moment; none where none comes.
    pub fn next(&self, after_ms: i64) -> Option<i64> {
        let after = self
            .zone
            .timestamp_opt(after_ms.div_euclid(1000), 0)
            .single()?;
        let next = self.cron.find_next_occurrence(&after, false).ok()?;
        Some(next.timestamp_millis())
    }

    /// A moment as the clock there has it.
    pub fn local(&self, ms: i64) -> String {
        let moment = DateTime::from_timestamp_millis(ms).unwrap_or_default();
        let moment = moment.with_timezone(&self.zone);
        moment.format("%Y-%m-%d %H:%M:%S %Z").to_string()
    }

    /// In words.
    pub fn words(&self) -> String {
        let words = self.cron.describe();
        format!("{} ({})", words.trim_end_matches('.'), self.zone)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The next times of an expression behind a moment.
    fn next(expression: &str, zone: &str, after: &str, count: usize) -> Result<Vec<String>> {
        let times = Times::new(&Cron {
            expression: expression.into(),
            zone: zone.into(),
        })?;
        let after = DateTime::parse_from_rfc3339(after).map(|after| after.timestamp_millis());
        let mut last = after.ok();
        let mut found = Vec::new();
        for _ in 0..count {
            last = last.and_then(|last| times.next(last));
            found.extend(last.map(|last| times.local(last)));
        }
        Ok(found)
    }

    #[test]
    fn times_are_those_of_the_zone() -> Result<()> {
        let days = next("0 2 * * *", "Asia/Kolkata", "2026-11-26T20:29:59Z", 2)?;
        assert_eq!(days, ["2026-11-27 02:00:00 IST", "2026-11-28 02:00:00 IST"]);
        let seconds = next("*/20 * * * * *", "UTC", "2026-11-26T23:59:30.5Z", 2)?;
        assert_eq!(
            seconds,
            ["2026-11-26 23:59:40 UTC", "2026-11-27 00:00:00 UTC"]
        );
        // Behind the moment itself, also in the middle of a second.
        let minutes = next("* * * * *", "UTC", "2026-11-26T10:00:00.001Z", 1)?;
        assert_eq!(minutes, ["2026-11-26 10:01:00 UTC"]);
        let leap = next("0 0 29 2 *", "UTC", "2026-11-26T10:00:00Z", 1)?;
        assert_eq!(leap, ["2028-02-29 00:00:00 UTC"]);
        Ok(())
    }

    #[test]
    fn an_hour_that_is_not_there_is_made_up_for_at_its_end() -> Result<()> {
        // On 2027-03-28 clocks in Berlin go from 02:00 to 03:00.
        let days = next("30 2 * * *", "Europe/Berlin", "2027-03-27T12:00:00Z", 2)?;
        assert_eq!(
            days,
            ["2027-03-28 03:00:00 CEST", "2027-03-29 02:30:00 CEST"]
        );
        let halves = next("*/30 * * * *", "Europe/Berlin", "2027-03-28T00:30:00Z", 2)?;
        assert_eq!(
            halves,
            ["2027-03-28 03:00:00 CEST", "2027-03-28 03:30:00 CEST"]
        );
        Ok(())
    }

    #[test]
    fn an_hour_that_comes_twice_counts_once() -> Result<()> {
        // On 2027-10-31 clocks in Berlin go from 03:00 back to 02:00.
        let days = next("30 2 * * *", "Europe/Berlin", "2027-10-30T12:00:00Z", 2)?;
        assert_eq!(
            days,
            ["2027-10-31 02:30:00 CEST", "2027-11-01 02:30:00 CET"]
        );
        // What goes by the hour runs in both.
        let hours = next("30 * * * *", "Europe/Berlin", "2027-10-31T00:00:00Z", 3)?;
        let expected = [
            "2027-10-31 02:30:00 CEST",
            "2027-10-31 02:30:00 CET",
            "2027-10-31 03:30:00 CET",
        ];
        assert_eq!(hours, expected);
        Ok(())
    }

    #[test]
    fn wrong_times_are_named() {
        let told = |expression: &str, zone: &str| {
            let told = next(expression, zone, "2026-11-26T00:00:00Z", 1);
            told.err().and_then(|error| error.field)
        };
        let expression = Some("schedule.cron.expression".to_owned());
        for wrong in ["", "* * * *", "61 * * * *", "x * * * *", "0 0 0 1 1 * 2027"] {
            assert_eq!(told(wrong, "UTC"), expression, "{wrong}");
        }
        assert_eq!(told(&"* ".repeat(60), "UTC"), expression);
        for zone in ["", "Berlin", "Europe/Nowhere"] {
            assert_eq!(
                told("* * * * *", zone).as_deref(),
                Some("schedule.cron.zone")
            );
        }
        let never = next("0 0 30 2 *", "UTC", "2026-11-26T00:00:00Z", 1);
        assert_eq!(never.ok(), Some(Vec::new()));
    }

    #[test]
    fn times_are_told_in_words() -> Result<()> {
        let told = |expression: &str| {
            let zone = "Europe/Berlin".to_owned();
            let expression = expression.to_owned();
            Times::new(&Cron { expression, zone }).map(|times| times.words())
        };
        assert_eq!(told("0 2 * * *")?, "At 02:00 (Europe/Berlin)");
        Ok(())
    }
}
