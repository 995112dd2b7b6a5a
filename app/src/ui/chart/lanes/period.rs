//! The time all lanes share, and where on it a moment lies.
use crate::ui::{Scale, range::percent};
use chrono::{DateTime, Datelike, Months, NaiveTime, TimeDelta, Utc};

/// The time all lanes share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// Left end.
    pub from: DateTime<Utc>,
    /// Today's line.
    pub now: DateTime<Utc>,
}

impl Period {
    /// Right end: a little beyond now, so that its line is not the edge.
    fn to(self) -> DateTime<Utc> {
        self.now + (self.now - self.from) / 15
    }

    /// Place of a time, 0 to 1, held within the ends.
    pub(super) fn place(self, at: DateTime<Utc>) -> f64 {
        let seconds = |length: TimeDelta| {
            // Seconds of any period shown are far below 2^53.
            #[expect(clippy::cast_precision_loss, reason = "exact for all times in question")]
            let seconds = length.num_seconds() as f64;
            seconds
        };
        Scale::new(0.0, seconds(self.to() - self.from)).place(seconds(at - self.from))
    }

    pub(super) fn percent(self, at: DateTime<Utc>) -> String {
        percent(self.place(at))
    }

    /// Days on which a month begins, or, in short periods, every seventh day; with their words.
    pub(super) fn ticks(self) -> Vec<(DateTime<Utc>, String)> {
        let days = (self.now - self.from).num_days();
        if days <= 45 {
            let step = if days <= 10 { 1 } else { 7 };
            let first = self.from.date_naive().and_time(NaiveTime::MIN).and_utc();
            return (0..=days / step)
                .map(|count| first + TimeDelta::days(count * step))
                .filter(|at| *at >= self.from && *at <= self.now)
                .map(|at| (at, at.format("%-d %b").to_string()))
                .collect();
        }
        let every = u32::try_from(days / 366).unwrap_or(0) * 3 + if days > 200 { 2 } else { 1 };
        let start = self
            .from
            .date_naive()
            .with_day(1)
            .unwrap_or(self.from.date_naive());
        (0..)
            .map_while(|count: u32| start.checked_add_months(Months::new(count * every)))
            .map(|day| day.and_time(NaiveTime::MIN).and_utc())
            .skip_while(|at| *at < self.from)
            .take_while(|at| *at <= self.now)
            .map(|at| (at, at.format(if days > 366 { "%b %Y" } else { "%B" }).to_string()))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(day: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::days(day)
    }

    #[test]
    fn now_is_drawn_inside_the_edge() {
        let period = Period {
            from: at(0),
            now: at(120),
        };
        assert_eq!(period.percent(at(0)), "0.00%");
        assert_eq!(period.percent(at(120)), "93.75%");
        assert_eq!(period.percent(at(900)), "100.00%");
    }

    #[test]
    fn ticks_fit_the_period() {
        let months = Period {
            from: at(0),
            now: at(120),
        }
        .ticks();
        assert_eq!(
            months.iter().map(|(_, words)| words.as_str()).collect::<Vec<_>>(),
            ["January", "February", "March", "April", "May"]
        );
        let days = Period {
            from: at(0),
            now: at(5),
        }
        .ticks();
        assert_eq!(days.len(), 6);
        let years = Period {
            from: at(0),
            now: at(4_000),
        }
        .ticks();
        assert!(years.len() < 8, "{}", years.len());
    }
}
