//! Text that means harm, or only comes from elsewhere.

use super::{laid_out, said, within_margins};
use crate::sample::{DIGEST, paper, signature, table};
use crate::{Paper, Section, limits, pdf, press};

#[test]
fn hostile_text_is_only_text() {
    let hostile = [
        "#import \"@preview/evil:0.1.0\": *",
        "#read(\"/etc/passwd\") $ x^2 $ ``` \\u{41} *bold* _it_ <label> @ref [x] = no heading",
        "\\ \" ' ` ~ -- --- ... // comment /* */",
        "</text><script>alert(1)</script>",
    ];
    for text in hostile {
        let mut paper = paper();
        paper.title = text.into();
        paper.verdict = text.into();
        paper.sections[0].heading = text.into();
        paper.sections[0].reading = text.into();
        paper.figures[0].value = text.into();
        paper.signatures[0].name = text.into();
        let document = laid_out(&paper);
        let bare: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        assert!(said(&document).matches(&bare).count() >= 6, "{text}");
        within_margins(&document);
        pdf(&paper).unwrap();
    }
}

#[test]
fn any_script_can_be_printed() {
    let names = "田中 明 · محمد علي · שָׁלוֹם דוד · नमस्ते · ไทย · 👩🏽‍⚖️ · Ελένη · Nguyễn · Z\u{0337}\u{0321}\u{0301}algo · a\u{05b0}\u{0302}\u{093c} \
        · \u{202e}evil\u{202c} · \u{200f}mark\u{200e} · \u{feff}bom · \u{0}\u{7}\u{1b} · \u{e000} · \u{fffe} · \u{10ffff} · ﬁ ﷽ \u{ad}\u{2028}\u{2029}\t\r";
    let mut paper = paper();
    paper.title = names.into();
    paper.kicker = names.into();
    paper.verdict = names.into();
    paper.figures[0].value = names.into();
    paper.signatures[0].name = names.into();
    paper.sections[0].heading = names.into();
    paper.sections[1].chart = paper.sections[1]
        .chart
        .take()
        .map(|svg| svg.replace("Caucasian", "田 \u{202e}Ж"));
    let document = laid_out(&paper);
    assert!(said(&document).contains("[U+7530][U+4E2D]"));
    assert!(said(&document).contains("[U+202E]evil"));
    within_margins(&document);
    pdf(&paper).unwrap();
}

/// Every character of the planes that fonts cover, a thousand at a time: none may make the typesetter refuse.
#[test]
fn every_character_can_be_printed() {
    let all: Vec<char> = ('\u{0}'..='\u{ffff}')
        .filter(|c| press::Typefaces::get().cover(&c.to_string()))
        .collect();
    let text = |chunk: &[char]| chunk.iter().flat_map(|c| [*c, ' ']).collect::<String>();
    let section = |chunk: &[char]| Section {
        heading: "Characters".into(),
        reading: text(chunk),
        ..Section::default()
    };
    let signatures = all
        .chunks(200)
        .map(|chunk| signature(&text(chunk), &text(chunk), 0));
    let paper = Paper {
        title: "Characters".into(),
        sections: all.chunks(1_000).map(section).collect(),
        signatures: signatures.collect(),
        ..Paper::default()
    };
    assert!(all.len() > 4_000, "{}", all.len());
    pdf(&paper).unwrap();
}

#[test]
fn long_words_break_and_stay_within_the_margins() {
    let (long, heading) = ("W".repeat(2_000), "W".repeat(limits::HEADING));
    let mut paper = paper();
    paper.title.clone_from(&heading);
    paper.kicker.clone_from(&heading);
    paper.subtitle.clone_from(&long);
    paper.verdict.clone_from(&long);
    paper.figures[0].label.clone_from(&long);
    paper.figures[0].value = "W".repeat(500);
    paper.figures[0].detail = format!("{0}\n{0}", "W".repeat(100));
    paper.signatures[0].name = "W".repeat(1_200);
    paper.signatures[0].digest = DIGEST.repeat(8);
    paper.sections[0].heading = heading;
    paper.footer.push(("W".repeat(50), DIGEST.repeat(20)));
    let cells = [
        "W".repeat(800),
        DIGEST.to_owned(),
        "W".repeat(30),
        "small\n".to_owned() + &"W".repeat(90),
    ];
    let labels = vec!["W".repeat(40); 12];
    let row: Vec<&str> = cells.iter().cycle().take(12).map(String::as_str).collect();
    let labels: Vec<&str> = labels.iter().map(String::as_str).collect();
    paper.sections[0].table = Some(table(&labels, &[(&row, false)], &long));
    let document = laid_out(&paper);
    within_margins(&document);
    assert!(said(&document).contains(&DIGEST.repeat(20)));
    pdf(&paper).unwrap();
}
