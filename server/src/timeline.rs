//! Sums over time in bounded room: fine for what is recent, coarser the longer
//! ago. Any range is told to about a hundredth of its age.
//!
//! Time is cut into segments that follow each other. A new one begins after a
//! hundred entries or ten seconds. Of every age there are at most so many; the
//! two oldest then become one of the next age, as in the exponential histogram
//! of Datar, Gionis, Indyk and Motwani.

/// Entries after which a segment is full.
const MOST: u64 = 100;

/// Milliseconds after which a segment ends.
const LONGEST_MS: i64 = 10_000;

/// Segments of an age.
const PER_AGE: usize = 128;

/// What can be summed up.
pub trait Sums: Default {
    /// Adds what another one holds.
    fn merge(&mut self, other: &Self);
}

/// Sums over time.
#[derive(Debug, Default)]
pub struct Timeline<T> {
    /// By time; the older, the more entries.
    segments: Vec<Segment<T>>,
    /// Segments of each age, the youngest first.
    ages: Vec<usize>,
}

/// A stretch of time and the sums over it.
#[derive(Debug)]
pub struct Segment<T> {
    /// First moment, in milliseconds since 1970.
    pub first_ms: i64,
    /// Last moment.
    pub last_ms: i64,
    /// The sums.
    pub sums: Box<T>,
    entries: u64,
}

impl<T: Sums> Timeline<T> {
    /// Makes an entry: the sums that it belongs to.
    pub fn enter(&mut self, ms: i64) -> &mut T {
        let after = self.segments.partition_point(|s| s.first_ms <= ms);
        let at = match after.checked_sub(1) {
            Some(at) => {
                let before = &self.segments[at];
                let is_full = before.entries >= MOST || ms - before.first_ms >= LONGEST_MS;
                // A moment is in one segment only.
                match is_full && ms > before.last_ms {
                    true => self.begin(after, ms),
                    false => at,
                }
            }
            None => match self.segments.first() {
                Some(oldest) if oldest.first_ms - ms < LONGEST_MS => 0,
                _ => self.begin(0, ms),
            },
        };
        let segment = &mut self.segments[at];
        segment.entries += 1;
        segment.first_ms = segment.first_ms.min(ms);
        segment.last_ms = segment.last_ms.max(ms);
        &mut segment.sums
    }

    /// A new segment at a place; where it is then. The newest is the youngest,
    /// what comes late is as old as what is before it.
    fn begin(&mut self, mut place: usize, ms: i64) -> usize {
        let mut age = match place == self.segments.len() {
            true => 0,
            false => self.age(place.saturating_sub(1)),
        };
        let segment = Segment {
            first_ms: ms,
            last_ms: ms,
            sums: Box::default(),
            entries: 0,
        };
        self.segments.insert(place, segment);
        loop {
            if self.ages.len() == age {
                self.ages.push(0);
            }
            self.ages[age] += 1;
            if self.ages[age] <= PER_AGE {
                return place;
            }
            // The two oldest of an age stand behind all that are older.
            self.ages[age] -= 2;
            age += 1;
            let at: usize = self.ages.iter().skip(age).sum();
            let newer = self.segments.remove(at + 1);
            let older = &mut self.segments[at];
            older.sums.merge(&newer.sums);
            older.entries += newer.entries;
            older.last_ms = older.last_ms.max(newer.last_ms);
            place -= usize::from(place > at);
        }
    }

    /// The age of a segment.
    fn age(&self, place: usize) -> usize {
        let mut behind = self.segments.len();
        let younger = |&count: &usize| {
            behind -= count;
            behind > place
        };
        self.ages.iter().copied().take_while(younger).count()
    }

    /// The sums that an entry made at this moment belongs to.
    pub fn find(&mut self, ms: i64) -> Option<&mut T> {
        let at = self.segments.partition_point(|s| s.first_ms <= ms);
        let segment = self.segments.get_mut(at.checked_sub(1)?)?;
        (ms <= segment.last_ms).then_some(&mut *segment.sums)
    }

    /// Forgets the segments that end before a moment.
    pub fn forget(&mut self, before_ms: i64) {
        let mut gone = self.segments.partition_point(|s| s.last_ms < before_ms);
        self.segments.drain(..gone);
        // The oldest ones are of the last ages.
        for count in self.ages.iter_mut().rev() {
            let less = gone.min(*count);
            *count -= less;
            gone -= less;
        }
    }

    /// The segments that a range touches, by time.
    pub fn range(&self, from_ms: i64, to_ms: i64) -> &[Segment<T>] {
        let start = self.segments.partition_point(|s| s.last_ms < from_ms);
        let end = self.segments.partition_point(|s| s.first_ms <= to_ms);
        self.segments.get(start..end).unwrap_or_default()
    }
}

/// Neighbours put together until each has `least` of what is counted, the last
/// one perhaps less.
pub fn grouped<T: Sums>(
    segments: &[Segment<T>],
    least: u64,
    count: impl Fn(&T) -> u64,
) -> Vec<Segment<T>> {
    let mut groups: Vec<Segment<T>> = Vec::new();
    for segment in segments {
        let open = groups.last_mut().filter(|group| group.entries < least);
        let group = match open {
            Some(group) => group,
            None => {
                groups.push(Segment {
                    first_ms: segment.first_ms,
                    last_ms: segment.last_ms,
                    sums: Box::default(),
                    entries: 0,
                });
                let Some(group) = groups.last_mut() else {
                    return groups;
                };
                group
            }
        };
        group.sums.merge(&segment.sums);
        group.last_ms = segment.last_ms;
        group.entries += count(&segment.sums);
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Default)]
    struct Count(u64);

    impl Sums for Count {
        fn merge(&mut self, other: &Self) {
            self.0 += other.0;
        }
    }

    /// Segments follow each other, and are counted by age.
    fn check(timeline: &Timeline<Count>) {
        let ordered = |w: &[Segment<Count>]| w[0].last_ms < w[1].first_ms;
        assert!(timeline.segments.windows(2).all(ordered));
        assert!(timeline.ages.iter().all(|count| *count <= PER_AGE));
        let counted: usize = timeline.ages.iter().sum();
        assert_eq!(counted, timeline.segments.len());
    }

    fn sum(timeline: &Timeline<Count>, from: i64, to: i64) -> u64 {
        timeline.range(from, to).iter().map(|s| s.sums.0).sum()
    }

    #[test]
    fn a_million_entries_are_all_there_in_little_room() {
        let mut timeline: Timeline<Count> = Timeline::default();
        for ms in 0..1_000_000 {
            timeline.enter(ms).0 += 1;
        }
        assert!(
            timeline.segments.len() < 1000,
            "{}",
            timeline.segments.len()
        );
        assert_eq!(sum(&timeline, 0, i64::MAX), 1_000_000);
        for age in [1_000, 30_000, 300_000] {
            let got = sum(&timeline, 1_000_000 - age, i64::MAX) as f64;
            assert!((got / age as f64 - 1.0).abs() < 0.11, "{age}: {got}");
        }
        check(&timeline);
    }

    #[test]
    fn an_entry_is_found_again_in_whatever_order_they_came() {
        let mut timeline: Timeline<Count> = Timeline::default();
        let moments = (0..5_000).map(|n: i64| n * 7919 % 5003 * 40);
        for ms in moments.clone() {
            timeline.enter(ms).0 += 1;
        }
        check(&timeline);
        for ms in moments {
            // One that is not found is missed in the sum.
            if let Some(count) = timeline.find(ms) {
                count.0 -= 1;
            }
        }
        assert_eq!(sum(&timeline, 0, i64::MAX), 0);
    }

    #[test]
    fn what_is_far_older_stands_alone() {
        let mut timeline: Timeline<Count> = Timeline::default();
        for ms in (0..300).rev() {
            timeline.enter(1_000_000 * ms).0 += 1;
        }
        assert_eq!(sum(&timeline, 299_000_000, i64::MAX), 1);
        assert_eq!(sum(&timeline, 0, i64::MAX), 300);
        for ms in 0..300 {
            assert!(timeline.find(1_000_000 * ms).is_some(), "{ms}");
        }
    }

    #[test]
    fn a_clock_that_was_set_back_is_as_good_as_another() {
        let mut timeline: Timeline<Count> = Timeline::default();
        for ms in (900_000..1_000_000).chain(0..800_000) {
            timeline.enter(ms).0 += 1;
        }
        check(&timeline);
        assert!(timeline.segments.len() < 1500);
        assert_eq!(sum(&timeline, 0, i64::MAX), 900_000);
        let late = sum(&timeline, 790_000, 800_000) as f64;
        assert!((late / 10_000.0 - 1.0).abs() < 0.11, "{late}");
    }

    #[test]
    fn what_is_too_old_is_forgotten() {
        let mut timeline: Timeline<Count> = Timeline::default();
        for ms in 0..100_000 {
            timeline.enter(ms).0 += 1;
        }
        timeline.forget(60_000);
        check(&timeline);
        // All that is younger is there, and little else.
        let left = sum(&timeline, 0, i64::MAX);
        assert!((40_000..41_000).contains(&left), "{left}");
        assert_eq!(timeline.find(50_000).map(|count| count.0), None);
        for ms in 100_000..200_000 {
            timeline.enter(ms).0 += 1;
        }
        check(&timeline);
        timeline.forget(i64::MAX);
        check(&timeline);
        assert_eq!(sum(&timeline, 0, i64::MAX), 0);
    }

    #[test]
    fn groups_have_what_they_need() {
        let mut timeline: Timeline<Count> = Timeline::default();
        for ms in 0..1_050 {
            timeline.enter(ms).0 += 1;
        }
        let groups = grouped(timeline.range(0, i64::MAX), 300, |count| count.0);
        let counts: Vec<u64> = groups.iter().map(|group| group.sums.0).collect();
        assert_eq!(counts, [300, 300, 300, 150]);
    }
}
