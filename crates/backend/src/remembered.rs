//! What was worked out from the record, kept for as long as the record says the same.
//!
//! Every change of what the pages count and weigh adds an entry to the log in its own transaction. A record with as many
//! entries as before therefore says what it said, in this process and in every other.
use chrono::{DateTime, TimeDelta, Utc};
use std::{collections::HashMap, hash::Hash, sync::Mutex};

/// Approvals lapse and evidence expires without an entry: what the day has a part in is worked out anew after this.
const GOOD_FOR: TimeDelta = TimeDelta::seconds(30);
/// Answers kept of one kind; more are not worth their memory.
const MOST: usize = 5_000;

/// How far the record had got at a time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AsOf {
    pub entries: i64,
    pub at: DateTime<Utc>,
}

impl AsOf {
    /// For what follows from frozen things alone.
    pub const ALWAYS: Self = Self {
        entries: 0,
        at: DateTime::UNIX_EPOCH,
    };

    fn still_holds(self, now: Self) -> bool {
        self.entries == now.entries && (now.at - self.at).abs() < GOOD_FOR
    }
}

/// Answers to one question, by what it was asked about.
pub(crate) struct Remembered<K, V>(Mutex<HashMap<K, (AsOf, V)>>);

impl<K, V> Default for Remembered<K, V> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Eq + Hash, V: Clone> Remembered<K, V> {
    /// The answer as of `now`, worked out only where none is known. `now` was read before, so that an answer may be
    /// newer than it says, never older.
    pub async fn answer<E>(
        &self,
        key: K,
        now: AsOf,
        work_out: impl Future<Output = Result<V, E>>,
    ) -> Result<V, E> {
        if let Some(known) = self.known(&key, now) {
            return Ok(known);
        }
        let answer = work_out.await?;
        self.keep(key, now, answer.clone());
        Ok(answer)
    }

    fn known(&self, key: &K, now: AsOf) -> Option<V> {
        let answers = self.0.lock().ok()?;
        let (as_of, answer) = answers.get(key)?;
        as_of.still_holds(now).then(|| answer.clone())
    }

    fn keep(&self, key: K, now: AsOf, answer: V) {
        if let Ok(mut answers) = self.0.lock() {
            if answers.len() >= MOST {
                answers.clear();
            }
            answers.insert(key, (now, answer));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::convert::Infallible;

    fn as_of(entries: i64, seconds: i64) -> AsOf {
        let at = DateTime::UNIX_EPOCH + TimeDelta::seconds(seconds);
        AsOf { entries, at }
    }

    async fn ask(remembered: &Remembered<&str, u32>, key: &'static str, now: AsOf, truth: u32) -> u32 {
        let work_out = async { Ok::<_, Infallible>(truth) };
        let Ok(answer) = remembered.answer(key, now, work_out).await;
        answer
    }

    #[tokio::test]
    async fn an_answer_holds_until_the_record_grows_or_time_has_passed() {
        let remembered = Remembered::default();
        assert_eq!(ask(&remembered, "ada", as_of(7, 0), 1).await, 1);
        assert_eq!(ask(&remembered, "ada", as_of(7, 29), 2).await, 1);
        assert_eq!(ask(&remembered, "grace", as_of(7, 29), 3).await, 3);
        assert_eq!(ask(&remembered, "ada", as_of(8, 29), 4).await, 4);
        assert_eq!(ask(&remembered, "ada", as_of(8, 60), 5).await, 5);
        // The demonstration's clock is set back.
        assert_eq!(ask(&remembered, "ada", as_of(8, 0), 6).await, 6);
    }
}
