//! The model card: what its author wrote, as plain text, whole or as what differs.
use crate::ui::{Card, DiffText, Section};
use leptos::prelude::*;

/// A passage of a card: its heading, and the paragraphs below it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Passage {
    heading: String,
    paragraphs: Vec<String>,
}

/// Reads headings (lines that begin with `#`) and paragraphs (blank lines between them); all else stays as written.
fn passages(card: &str) -> Vec<Passage> {
    let mut passages = vec![Passage::default()];
    let mut open = false;
    for line in card.lines().map(str::trim_end) {
        let Some(last) = passages.last_mut() else { continue };
        if let Some(heading) = line.strip_prefix('#') {
            let heading = heading.trim_start_matches('#').trim().to_owned();
            passages.push(Passage {
                heading,
                paragraphs: Vec::new(),
            });
            open = false;
        } else if line.trim().is_empty() {
            open = false;
        } else if let (true, Some(paragraph)) = (open, last.paragraphs.last_mut()) {
            paragraph.push('\n');
            paragraph.push_str(line);
        } else {
            last.paragraphs.push(line.to_owned());
            open = true;
        }
    }
    passages.retain(|passage| *passage != Passage::default());
    passages
}

fn heading(words: String) -> Option<AnyView> {
    (!words.is_empty()).then(|| view! { <h3>{words}</h3> }.into_any())
}

fn paragraph(text: &str) -> AnyView {
    // Lines of a paragraph run on, but those of a list keep their own line.
    let mut lines = Vec::new();
    for (at, line) in text.lines().enumerate() {
        let item = line.trim_start();
        match item.strip_prefix("- ").or_else(|| item.strip_prefix("* ")) {
            Some(item) => {
                let turn = (at > 0).then(|| view! { <br/> });
                lines.push(view! { {turn} {format!("· {item}")} }.into_any());
            }
            None => lines.push(format!("{}{item}", if at > 0 { " " } else { "" }).into_any()),
        }
    }
    view! { <p>{lines}</p> }.into_any()
}

/// The card's passages, for a card of the page.
pub fn text(card: &str) -> AnyView {
    let passages = passages(card).into_iter().map(|passage| {
        let paragraphs = passage
            .paragraphs
            .iter()
            .map(|text| paragraph(text))
            .collect_view();
        view! { <div class="stack" data-gap="tight">{heading(passage.heading)} {paragraphs}</div> }
    });
    passages.collect_view().into_any()
}

/// The whole card.
pub fn section(card: &str) -> AnyView {
    let passages = text(card);
    view! {
        <Section title="Model card" note="As its author wrote it." id="card">
            <Card>{passages}</Card>
        </Section>
    }
    .into_any()
}

/// The passages that differ, with what went and what came.
pub fn difference(before: &str, now: &str) -> AnyView {
    let pairs = pairs(passages(before), passages(now));
    let all = pairs.len();
    let changed: Vec<_> = pairs.into_iter().filter(|(_, was, is)| was != is).collect();
    let note = match (changed.len(), all) {
        (0, _) => "Not a word changed.".to_owned(),
        (1, 1) => "It changed.".to_owned(),
        (changed, all) => format!("{changed} of {all} paragraphs changed."),
    };
    let body = (!changed.is_empty()).then(|| {
        let mut above = String::new();
        let passages = changed
            .into_iter()
            .map(|(title, before, after)| {
                // A heading stands once above all that changed below it.
                let title = if title == above { String::new() } else { title };
                if !title.is_empty() {
                    above.clone_from(&title);
                }
                view! {
                    <div class="stack" data-gap="hair">
                        {heading(title)}
                        <DiffText before after/>
                    </div>
                }
            })
            .collect_view();
        view! { <Card>{passages}</Card> }
    });
    view! {
        <Section title="Model card" note id="card">
            {body}
        </Section>
    }
    .into_any()
}

/// Paragraphs of the same heading side by side, as (heading, before, now); a missing side is empty.
fn pairs(before: Vec<Passage>, now: Vec<Passage>) -> Vec<(String, String, String)> {
    let mut gone = before;
    let mut pairs = Vec::new();
    for passage in now {
        let was = gone
            .iter()
            .position(|was| was.heading == passage.heading)
            .map(|at| gone.remove(at).paragraphs)
            .unwrap_or_default();
        pairs.extend(side_by_side(&passage.heading, was, passage.paragraphs));
    }
    for passage in gone {
        pairs.extend(side_by_side(&passage.heading, passage.paragraphs, Vec::new()));
    }
    pairs
}

/// One paragraph against another where there are as many as before; else the whole passage.
fn side_by_side(heading: &str, was: Vec<String>, is: Vec<String>) -> Vec<(String, String, String)> {
    if was.len() == is.len() {
        let both = was.into_iter().zip(is);
        return both.map(|(was, is)| (heading.to_owned(), was, is)).collect();
    }
    vec![(heading.to_owned(), was.join(" "), is.join(" "))]
}

#[cfg(test)]
mod tests {
    use super::*;

    const BEFORE: &str =
        "For loans.\n\n# Use\nUp to 25 000 euros.\n\n## Limits\n- Young people\n- New customers\n";

    #[test]
    fn a_card_is_read_in_passages() {
        let read = passages(BEFORE);
        let heads: Vec<_> = read.iter().map(|passage| passage.heading.as_str()).collect();
        assert_eq!(heads, ["", "Use", "Limits"]);
        assert_eq!(read[2].paragraphs, ["- Young people\n- New customers"]);
        assert_eq!(passages(" \n\n"), []);
    }

    #[test]
    fn passages_are_compared_under_their_heading() {
        let now = "# Use\nUp to 40 000 euros.\n\nFor loans.";
        let pairs = pairs(passages(BEFORE), passages(now));
        assert_eq!(
            pairs[0],
            (
                "Use".to_owned(),
                "Up to 25 000 euros.".to_owned(),
                "Up to 40 000 euros. For loans.".to_owned()
            )
        );
        assert_eq!(pairs[1].0, "");
        assert_eq!(pairs[2].2, "");
    }

    #[test]
    fn as_many_paragraphs_are_compared_one_by_one() {
        let pairs = pairs(passages("One.\n\nTwo."), passages("One.\n\n2."));
        assert_eq!(pairs.iter().filter(|(_, was, is)| was != is).count(), 1);
        assert_eq!(pairs.len(), 2);
    }

    #[test]
    fn what_looks_like_markup_stays_text() {
        let html = section("<script>alert(1)</script>").to_html();
        assert!(!html.contains("<script>"), "{html}");
    }
}
