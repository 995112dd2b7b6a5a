//! What differs: words within a passage, one number against another, before and after.
use super::Icon;
use leptos::prelude::*;

/// A run of words of a compared passage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// In both.
    Same(String),
    /// Only before.
    Gone(String),
    /// Only after.
    New(String),
}

/// Passages longer than this many words each are shown as replaced whole: the comparison grows with the square.
const LONGEST: usize = 1_500;

/// The runs that lead from `before` to `after`, word by word, by their longest common part.
pub fn pieces(before: &str, after: &str) -> Vec<Piece> {
    let (old, new): (Vec<_>, Vec<_>) = (
        before.split_whitespace().collect(),
        after.split_whitespace().collect(),
    );
    if old == new {
        return if new.is_empty() {
            Vec::new()
        } else {
            vec![Piece::Same(new.join(" "))]
        };
    }
    let mut runs = Runs::default();
    if old.len().max(new.len()) > LONGEST {
        runs.gone = old;
        runs.new = new;
        return runs.finish();
    }
    let common = common_lengths(&old, &new);
    let (mut at, mut to) = (0, 0);
    while at < old.len() || to < new.len() {
        match (old.get(at), new.get(to)) {
            (Some(gone), Some(came)) if gone == came => {
                runs.same(gone);
                (at, to) = (at + 1, to + 1);
            }
            (Some(gone), came) if came.is_none() || common[at + 1][to] >= common[at][to + 1] => {
                runs.gone.push(gone);
                at += 1;
            }
            (_, Some(came)) => {
                runs.new.push(came);
                to += 1;
            }
            (_, None) => break,
        }
    }
    runs.finish()
}

/// For each pair of positions, the length of the longest common part of what follows.
fn common_lengths(old: &[&str], new: &[&str]) -> Vec<Vec<u16>> {
    let mut lengths = vec![vec![0u16; new.len() + 1]; old.len() + 1];
    for at in (0..old.len()).rev() {
        for to in (0..new.len()).rev() {
            lengths[at][to] = if old[at] == new[to] {
                lengths[at + 1][to + 1] + 1
            } else {
                lengths[at + 1][to].max(lengths[at][to + 1])
            };
        }
    }
    lengths
}

/// Words gathered into runs, so that a changed phrase is one piece.
#[derive(Default)]
struct Runs<'a> {
    done: Vec<Piece>,
    same: Vec<&'a str>,
    gone: Vec<&'a str>,
    new: Vec<&'a str>,
}

impl<'a> Runs<'a> {
    fn same(&mut self, word: &'a str) {
        self.flush_changed();
        self.same.push(word);
    }

    fn flush_changed(&mut self) {
        if self.gone.is_empty() && self.new.is_empty() {
            return;
        }
        self.flush_same();
        for (words, piece) in [
            (std::mem::take(&mut self.gone), Piece::Gone as fn(String) -> Piece),
            (std::mem::take(&mut self.new), Piece::New),
        ] {
            if !words.is_empty() {
                self.done.push(piece(words.join(" ")));
            }
        }
    }

    fn flush_same(&mut self) {
        if !self.same.is_empty() {
            self.done
                .push(Piece::Same(std::mem::take(&mut self.same).join(" ")));
        }
    }

    fn finish(mut self) -> Vec<Piece> {
        self.flush_changed();
        self.flush_same();
        self.done
    }
}

/// A passage with what went struck out and what came underlined.
#[component]
pub fn DiffText(#[prop(into)] before: String, #[prop(into)] after: String) -> impl IntoView {
    let runs = pieces(&before, &after)
        .into_iter()
        .map(|piece| match piece {
            Piece::Same(words) => view! { {words} " " }.into_any(),
            Piece::Gone(words) => view! { <del>{words}</del> " " }.into_any(),
            Piece::New(words) => view! { <ins>{words}</ins> " " }.into_any(),
        })
        .collect_view();
    view! { <p class="diff-text">{runs}</p> }
}

/// Which way a measure went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Went {
    /// For the worse.
    Worse,
    /// For the better.
    Better,
    /// Nowhere that the interval can tell.
    Unclear,
}

/// A difference: "0.05 worse", "0.022 better", "no clear change".
#[component]
pub fn Delta(
    went: Went,
    /// How far, as written by [`super::Unit::write`]; not used where there is no clear change.
    #[prop(into)]
    by: String,
) -> impl IntoView {
    let (tone, icon, words) = match went {
        Went::Worse => ("worse", Icon::Lower, format!("{by} worse")),
        Went::Better => ("better", Icon::Up, format!("{by} better")),
        Went::Unclear => ("same", Icon::Same, "no clear change".to_owned()),
    };
    view! { <span class="delta" data-tone=tone>{icon.view()} {words}</span> }
}

/// One value, expression or setting before and after; a missing side says so.
#[component]
pub fn BeforeAfter(#[prop(into)] before: super::Words, #[prop(into)] after: super::Words) -> impl IntoView {
    let side = |name: &'static str, label: &'static str, value: super::Words| {
        let value = value.0.unwrap_or_else(|| "(nothing)".to_owned());
        view! {
            <div data-side=name>
                <dt>{label}</dt>
                <dd>{value}</dd>
            </div>
        }
    };
    view! {
        <dl class="before-after">
            {side("before", "Before", before)}
            {side("after", "After", after)}
        </dl>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn same(words: &str) -> Piece {
        Piece::Same(words.to_owned())
    }
    fn gone(words: &str) -> Piece {
        Piece::Gone(words.to_owned())
    }
    fn new(words: &str) -> Piece {
        Piece::New(words.to_owned())
    }

    #[test]
    fn a_changed_phrase_is_one_piece() {
        assert_eq!(
            pieces(
                "loans up to 25 000 euros. Officers decide.",
                "loans up to 40 000 euros. Officers decide."
            ),
            [
                same("loans up to"),
                gone("25"),
                new("40"),
                same("000 euros. Officers decide.")
            ]
        );
    }

    #[test]
    fn ends_may_be_missing() {
        assert_eq!(pieces("", "all new"), [new("all new")]);
        assert_eq!(pieces("all gone", ""), [gone("all gone")]);
        assert_eq!(pieces("kept", "kept and more"), [same("kept"), new("and more")]);
        assert_eq!(pieces("  the   same ", "the same"), [same("the same")]);
        assert_eq!(pieces("", ""), []);
    }

    #[test]
    fn very_long_passages_are_replaced_whole() {
        let before = "old ".repeat(2_000);
        assert_eq!(pieces(&before, "new"), [gone(before.trim()), new("new")]);
    }
}
