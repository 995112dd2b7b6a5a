//! The steps of a deployment as they happen, for the page that shows them live and for the record.
use crate::TargetError;
use serde::{Deserialize, Serialize};
use std::future::Future;
use tokio::sync::mpsc::UnboundedSender;

/// The longest log line that is passed on, in characters.
const LINE: usize = 2_000;

/// One thing that happened during a deployment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// The step's name in words, such as "Check the artifact".
    pub name: String,
    #[serde(flatten)]
    pub state: State,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", content = "text", rename_all = "snake_case")]
pub enum State {
    Started,
    Done,
    /// The step failed; the text is a sentence.
    Failed(String),
    /// A line of what the target's software said meanwhile.
    Log(String),
}

/// Where steps go. Must not block: adapters call it between awaits. The number and length of log lines are bounded
/// by the adapter, so an unbounded channel is a fine sink.
pub trait Steps: Send + Sync {
    fn record(&self, step: Step);
}

/// Whoever listened may have left; the deployment goes on.
impl Steps for UnboundedSender<Step> {
    fn record(&self, step: Step) {
        let _ = self.send(step);
    }
}

impl dyn Steps + '_ {
    /// Does the work between a `Started` and a `Done` or `Failed`.
    pub(crate) async fn during<T>(
        &self,
        name: &str,
        work: impl Future<Output = Result<T, TargetError>> + Send,
    ) -> Result<T, TargetError> {
        self.put(name, State::Started);
        let result = work.await;
        self.put(
            name,
            result
                .as_ref()
                .map_or_else(|error| State::Failed(error.to_string()), |_| State::Done),
        );
        result
    }

    pub(crate) fn log(&self, name: &str, line: &str) {
        self.put(
            name,
            State::Log(line.chars().filter(|c| !c.is_control()).take(LINE).collect()),
        );
    }

    fn put(&self, name: &str, state: State) {
        self.record(Step {
            name: name.to_owned(),
            state,
        });
    }
}
