//! What the log proves now: how far it was recomputed, under which signed checkpoint, and how to check that elsewhere.
use crate::ui::{
    CodeBlock, Disclosure, Fact, Facts, FullDigest, Notice, Proof, Slot, Stamp, Tone, When,
    number::{counted, thousands},
};
use chrono::{DateTime, Utc};
use domain::view::audit::{Log, Verified, Witness};
use leptos::prelude::*;

/// A checkpoint's lines (C2SP tlog-checkpoint): whose log, how many entries, their root, and who signed.
#[derive(Debug, PartialEq, Eq)]
struct Checkpoint {
    origin: String,
    size: u64,
    root: String,
    signers: Vec<String>,
}

impl Checkpoint {
    /// Reads it for showing; whether it is genuine, only the verifier can say.
    fn read(note: &str) -> Option<Self> {
        let (text, signatures) = note.split_once("\n\n")?;
        let mut lines = text.lines();
        let signers = signatures
            .lines()
            .filter_map(|line| line.strip_prefix("— ")?.split(' ').next().map(str::to_owned));
        Some(Self {
            origin: lines.next()?.to_owned(),
            size: lines.next()?.parse().ok()?,
            root: lines.next()?.to_owned(),
            signers: signers.collect(),
        })
    }
}

/// A danger that nobody may overlook, where the log doesn't hold.
pub fn alarm(log: &Log) -> Option<AnyView> {
    let problem = log.verified.as_ref()?.problem.clone()?;
    Some(
        view! {
            <Notice tone=Tone::Danger title="The log was changed behind the portal's back." role="alert">
                {crate::problem::sentence(&problem)}
                " Keep the database as it is, tell whoever runs the portal, and compare with a checkpoint that was kept elsewhere."
            </Notice>
        }
        .into_any(),
    )
}

/// "Verified to entry 48 213, 2 minutes ago", and behind it the proof.
pub fn proof(log: &Log, now: DateTime<Utc>) -> AnyView {
    let holds = log
        .verified
        .as_ref()
        .is_none_or(|verified| verified.problem.is_none());
    let sentence = sentence(log.verified.as_ref(), now);
    let facts = facts(log, now);
    let note = log.checkpoint.clone().map(|note| {
        view! {
            <Disclosure summary="The checkpoint as it was signed">
                <CodeBlock label="Checkpoint as a signed note" code=note/>
            </Disclosure>
        }
    });
    view! {
        <Proof sentence holds>
            <p class="small muted">
                "The portal recomputed the tree from the stored entries and compared it with every root it has signed. To check it yourself, keep the checkpoint below on another machine, and later run "
                <code>"countersign verify --checkpoint FILE"</code>
                ": it finds any entry that was changed, and a log that was cut back together with its own checkpoints."
            </p>
            {facts}
            {note}
        </Proof>
    }
    .into_any()
}

fn sentence(verified: Option<&Verified>, now: DateTime<Utc>) -> Slot {
    match verified.cloned() {
        Some(Verified {
            size,
            at,
            problem: None,
        }) => {
            let size = thousands(u64::try_from(size).unwrap_or_default());
            view! { <b>"Verified to entry " {size}</b> ", " <When at now/> "." }.into()
        }
        Some(Verified {
            at, problem: Some(_), ..
        }) => view! { <b>"The log does not hold"</b> ", found " <When at now/> "." }.into(),
        None => view! { <b>"Not verified yet"</b> ": the first checkpoint is to come." }.into(),
    }
}

fn facts(log: &Log, now: DateTime<Utc>) -> AnyView {
    let waiting = u64::try_from(log.unsealed).unwrap_or_default();
    let waiting = match waiting {
        0 => "None".to_owned(),
        count => format!(
            "{}, until the next checkpoint",
            counted(count, "entry", "entries")
        ),
    };
    let checkpoint = log
        .checkpoint
        .as_deref()
        .and_then(Checkpoint::read)
        .map(|checkpoint| {
            view! {
                <Fact name="Log">{checkpoint.origin}</Fact>
                <Fact name="Tree size">{counted(checkpoint.size, "entry", "entries")}</Fact>
                <Fact name="Root, in Base64"><FullDigest value=checkpoint.root/></Fact>
                <Fact name="Signed by">{checkpoint.signers.join(", ")}</Fact>
            }
        });
    let recomputed = log.verified.as_ref().map(|verified| {
        let at = verified.at;
        view! { <Fact name="Recomputed"><Stamp at/></Fact> }
    });
    let witnesses = log
        .witnesses
        .iter()
        .map(|witness| {
            let said = testimony(witness, now);
            view! { <Fact name="Witness">{said}</Fact> }
        })
        .collect_view();
    view! { <Facts>{checkpoint} {witnesses} {recomputed} <Fact name="Not yet sealed">{waiting}</Fact></Facts> }
        .into_any()
}

/// "witness.example cosigned 48 213 entries, 2 minutes ago".
fn testimony(witness: &Witness, now: DateTime<Utc>) -> AnyView {
    let name = witness.name.clone();
    match witness.said {
        Some((size, at)) => {
            let size = counted(u64::try_from(size).unwrap_or_default(), "entry", "entries");
            view! { {name} " cosigned " {size} ", " <When at now/> }.into_any()
        }
        None => view! { {name} " has cosigned nothing yet" }.into_any(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_checkpoint_is_read_for_showing() {
        let note = "portal.example/audit\n42\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n— portal.example/audit abc=\n";
        let checkpoint = Checkpoint::read(note).unwrap();
        assert_eq!(
            (checkpoint.origin.as_str(), checkpoint.size),
            ("portal.example/audit", 42)
        );
        assert_eq!(checkpoint.signers, ["portal.example/audit"]);
        for bad in ["", "a\nb\nc\n\n", "a\n1\n"] {
            assert_eq!(Checkpoint::read(bad), None, "{bad}");
        }
    }
}
