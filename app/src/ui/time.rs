//! When something happened: relative within four weeks, a date after that, the full UTC always at hand.
use chrono::{DateTime, Datelike, SecondsFormat, TimeDelta, Utc};
use leptos::prelude::*;

/// How far a relative time reaches, both ways.
const RELATIVE_DAYS: i64 = 28;

/// "2 minutes ago", "yesterday", "in 3 days", "5 May 2026".
pub fn relative(at: DateTime<Utc>, now: DateTime<Utc>) -> String {
    let days = (at.date_naive() - now.date_naive()).num_days();
    let past = at <= now;
    let away = (at - now).abs();
    let amount = match () {
        () if away < TimeDelta::seconds(10) => return "just now".to_owned(),
        () if away < TimeDelta::minutes(1) => counted(away.num_seconds(), "second"),
        () if away < TimeDelta::hours(1) => counted(away.num_minutes(), "minute"),
        () if days == 0 || away < TimeDelta::hours(12) => counted(away.num_hours(), "hour"),
        () if days == -1 => return "yesterday".to_owned(),
        () if days == 1 => return "tomorrow".to_owned(),
        () if days.abs() > RELATIVE_DAYS => return date(at),
        () if days.abs() >= 14 && days % 7 == 0 => counted(days.abs() / 7, "week"),
        () => counted(days.abs(), "day"),
    };
    if past {
        format!("{amount} ago")
    } else {
        format!("in {amount}")
    }
}

/// How long something took or has waited, largest part only: "3 hours", "45 seconds".
pub fn span(length: TimeDelta) -> String {
    let length = length.abs();
    match () {
        () if length < TimeDelta::minutes(1) => counted(length.num_seconds(), "second"),
        () if length < TimeDelta::hours(1) => counted(length.num_minutes(), "minute"),
        () if length < TimeDelta::days(1) => counted(length.num_hours(), "hour"),
        () => counted(length.num_days(), "day"),
    }
}

fn counted(count: i64, word: &str) -> String {
    if count == 1 {
        format!("1 {word}")
    } else {
        format!("{count} {word}s")
    }
}

/// "23 November 2026".
pub fn date(at: DateTime<Utc>) -> String {
    at.format("%-d %B %Y").to_string()
}

/// "Today, 23 November", "Friday, 20 November", with the year where it is another.
pub fn day_of(at: DateTime<Utc>, now: DateTime<Utc>) -> String {
    let days = (now.date_naive() - at.date_naive()).num_days();
    let year = if at.year() == now.year() { "" } else { " %Y" };
    match days {
        0 => at.format(&format!("Today, %-d %B{year}")).to_string(),
        1 => at.format(&format!("Yesterday, %-d %B{year}")).to_string(),
        _ => at.format(&format!("%A, %-d %B{year}")).to_string(),
    }
}

/// "09:12".
pub fn clock(at: DateTime<Utc>) -> String {
    at.format("%H:%M").to_string()
}

/// "23 November 2026, 08:31:40 UTC": for records and signatures.
pub fn stamp(at: DateTime<Utc>) -> String {
    at.format("%-d %B %Y, %H:%M:%S UTC").to_string()
}

/// For `datetime` attributes: "2026-11-23T08:31:40Z".
pub fn machine(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// For `title` attributes: "2026-11-23 08:31:40 UTC".
pub fn title(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%d %H:%M:%S UTC").to_string()
}

/// A time as the reader thinks of it; hovering gives the full UTC.
#[component]
pub fn When(at: DateTime<Utc>, now: DateTime<Utc>) -> impl IntoView {
    view! { <time datetime=machine(at) title=title(at)>{relative(at, now)}</time> }
}

/// A calendar day: "5 December 2026".
#[component]
pub fn Day(at: DateTime<Utc>) -> impl IntoView {
    view! { <time datetime=machine(at) title=title(at)>{date(at)}</time> }
}

/// The full time, to the second: for records, signatures and footers.
#[component]
pub fn Stamp(at: DateTime<Utc>) -> impl IntoView {
    view! { <time datetime=machine(at)>{stamp(at)}</time> }
}

/// Hour and minute, under a head that names the day.
#[component]
pub fn Clock(at: DateTime<Utc>) -> impl IntoView {
    view! { <time datetime=machine(at) title=title(at)>{clock(at)}</time> }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn times_are_relative_within_four_weeks() {
        let now = at("2026-11-23T09:40:00Z");
        for (then, words) in [
            ("2026-11-23T09:39:55Z", "just now"),
            ("2026-11-23T09:39:20Z", "40 seconds ago"),
            ("2026-11-23T09:38:04Z", "1 minute ago"),
            ("2026-11-23T06:31:00Z", "3 hours ago"),
            ("2026-11-22T23:31:00Z", "10 hours ago"),
            ("2026-11-22T11:05:00Z", "yesterday"),
            ("2026-11-21T08:50:00Z", "2 days ago"),
            ("2026-11-12T09:20:00Z", "11 days ago"),
            ("2026-11-09T07:10:00Z", "2 weeks ago"),
            ("2026-10-26T08:15:00Z", "4 weeks ago"),
            ("2026-10-24T13:48:00Z", "24 October 2026"),
            ("2026-11-23T17:00:00Z", "in 7 hours"),
            ("2026-11-24T23:00:00Z", "tomorrow"),
            ("2026-12-05T00:00:00Z", "in 12 days"),
            ("2027-02-12T00:00:00Z", "12 February 2027"),
        ] {
            assert_eq!(relative(at(then), now), words, "{then}");
        }
    }

    #[test]
    fn days_are_named_under_their_head() {
        let now = at("2026-11-23T09:40:00Z");
        assert_eq!(day_of(at("2026-11-23T01:00:00Z"), now), "Today, 23 November");
        assert_eq!(day_of(at("2026-11-22T01:00:00Z"), now), "Yesterday, 22 November");
        assert_eq!(day_of(at("2026-11-20T01:00:00Z"), now), "Friday, 20 November");
        assert_eq!(
            day_of(at("2025-11-20T01:00:00Z"), now),
            "Thursday, 20 November 2025"
        );
    }

    #[test]
    fn the_full_time_is_never_lost() {
        let then = at("2026-11-23T08:31:40.123Z");
        assert_eq!(stamp(then), "23 November 2026, 08:31:40 UTC");
        assert_eq!(machine(then), "2026-11-23T08:31:40Z");
        assert_eq!(title(then), "2026-11-23 08:31:40 UTC");
        assert_eq!(span(TimeDelta::minutes(185)), "3 hours");
    }
}
