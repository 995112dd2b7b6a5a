//! Threads that work on numbered pieces, whose answers come back in the order of the pieces.

use std::collections::BTreeMap;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Mutex, PoisonError};
use std::thread;

/// The end of the pool that hands out work. How much is under way at a time is up to who drives it.
pub(super) struct Pool<J, R> {
    jobs: Sender<(u64, J)>,
    answers: Receiver<(u64, Option<R>)>,
    given: u64,
    taken: u64,
    early: BTreeMap<u64, Option<R>>,
}

impl<J, R> Pool<J, R> {
    /// Hands out a piece of work.
    pub fn give(&mut self, job: J) {
        // Threads end only after this end of the channel is dropped.
        let _ = self.jobs.send((self.given, job));
        self.given += 1;
    }

    /// The answer to the oldest piece not yet taken back; none where the work panicked, or nothing is under way.
    pub fn take(&mut self) -> Option<R> {
        if self.taken == self.given {
            return None;
        }
        let at = self.taken;
        self.taken += 1;
        loop {
            if let Some(answer) = self.early.remove(&at) {
                return answer;
            }
            let (other, answer) = self.answers.recv().ok()?;
            self.early.insert(other, answer);
        }
    }
}

/// Threads beyond which memory would be spent for little: one alone reads the rows in order.
const MOST: usize = 16;

/// How many threads to use where `wanted` is 0: one for each processor that may be used.
pub(super) fn threads(wanted: usize) -> usize {
    match wanted {
        0 => thread::available_parallelism().map_or(1, usize::from).min(MOST),
        some => some.min(256),
    }
}

/// Starts threads that do `work`, and lets `drive` hand it out.
pub(super) fn with<J: Send, R: Send, T>(
    threads: usize,
    work: impl Fn(J) -> R + Sync,
    drive: impl FnOnce(&mut Pool<J, R>) -> T,
) -> io::Result<T> {
    let (jobs, queue) = channel::<(u64, J)>();
    let (done, answers) = channel();
    let queue = Mutex::new(queue);
    thread::scope(|scope| {
        for n in 0..threads.max(1) {
            let (queue, work, done) = (&queue, &work, done.clone());
            let started = thread::Builder::new().spawn_scoped(scope, move || {
                loop {
                    let next = queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
                    let Ok((at, job)) = next else { break };
                    let answer = catch_unwind(AssertUnwindSafe(|| work(job))).ok();
                    if done.send((at, answer)).is_err() {
                        break;
                    }
                }
            });
            match started {
                // Fewer threads do as well, as long as there is one.
                Err(_) if n > 0 => break,
                started => started?,
            };
        }
        drop(done);
        let mut pool = Pool {
            jobs,
            answers,
            given: 0,
            taken: 0,
            early: BTreeMap::new(),
        };
        Ok(drive(&mut pool))
    })
}

#[cfg(test)]
mod tests {
    use super::with;

    #[test]
    fn answers_come_in_order_and_a_panic_costs_one_piece() {
        let answers = with(
            3,
            |n: u64| {
                assert_ne!(n, 7, "this one is meant to fail");
                n * n
            },
            |pool| {
                (0..20).for_each(|n| pool.give(n));
                (0..20).map(|_| pool.take()).collect::<Vec<_>>()
            },
        );
        let expected: Vec<_> = (0..20).map(|n| (n != 7).then_some(n * n)).collect();
        assert_eq!(answers.unwrap(), expected);
    }
}
