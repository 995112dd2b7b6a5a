//! A paper as one HTML file that needs nothing beside it: the same words for a screen.
use crate::{Align, Paper, Row, Section, Signature, Table, Tone};
use chrono::DateTime;
use std::fmt::Write;

const STYLE: &str = "\
:root{color-scheme:light dark;--ink:#1c2230;--faint:#5a6478;--line:#d5dae4;--page:#fff}\
@media(prefers-color-scheme:dark){:root{--ink:#e8ebf2;--faint:#a3adc0;--line:#3a4356;--page:#141922}}\
body{margin:0 auto;padding:2rem 1rem 4rem;max-width:52rem;background:var(--page);color:var(--ink);\
font:1rem/1.55 system-ui,sans-serif}\
h1{margin:0;font-size:1.6rem}h2{margin:2.5rem 0 .5rem;font-size:1.15rem}\
.faint,small,caption{color:var(--faint)}.verdict{font-size:1.15rem}\
.wide{overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:.9rem}\
caption{caption-side:bottom;text-align:start;padding-top:.5rem}\
th,td{padding:.4rem .75rem .4rem 0;border-bottom:1px solid var(--line);text-align:start;vertical-align:top}\
.end{text-align:end}.muted{color:var(--faint)}small{display:block}\
dl{display:grid;grid-template-columns:minmax(8rem,max-content) 1fr;gap:.25rem 1rem;font-size:.9rem}\
dt{color:var(--faint)}dd{margin:0;overflow-wrap:anywhere}td{overflow-wrap:anywhere}\
@media(max-width:34rem){dl{grid-template-columns:1fr}dd{margin-bottom:.5rem}}";

/// Sets a paper as HTML. Text is data throughout, but for charts, which are pictures already.
pub fn html(paper: &Paper) -> String {
    let mut out = Html::default();
    out.raw("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>");
    out.text(&paper.title);
    out.raw("</title>\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<style>");
    out.raw(STYLE);
    out.raw("</style>\n</head>\n<body>\n<main>\n");
    out.lines("<p class=\"faint\">", &paper.kicker, "</p>\n");
    out.lines("<h1>", &paper.title, "</h1>\n");
    out.lines("<p class=\"faint\">", &paper.subtitle, "</p>\n");
    out.lines("<p class=\"verdict\">", &paper.verdict, "</p>\n");
    out.lines("<p class=\"faint\">", &time(paper.date), "</p>\n");
    let figures: Vec<_> = paper
        .figures
        .iter()
        .map(|figure| {
            (
                figure.label.clone(),
                format!("{}{}\n{}", sign(figure.tone), figure.value, figure.detail),
            )
        })
        .collect();
    out.facts(&figures);
    for section in &paper.sections {
        out.section(section);
    }
    out.signatures(&paper.signatures);
    let awaited: Vec<_> = paper
        .awaited
        .iter()
        .map(|awaited| (awaited.chair.clone(), awaited.waits.clone()))
        .collect();
    out.facts(&awaited);
    if !paper.footer.is_empty() {
        out.raw("<h2>What this stands on</h2>\n");
        out.facts(&paper.footer);
    }
    out.raw("</main>\n</body>\n</html>\n");
    out.0
}

/// The page so far.
#[derive(Default)]
struct Html(String);

impl Html {
    fn raw(&mut self, markup: &str) {
        self.0.push_str(markup);
    }

    fn text(&mut self, text: &str) {
        for c in text.chars() {
            match c {
                '&' => self.raw("&amp;"),
                '<' => self.raw("&lt;"),
                '>' => self.raw("&gt;"),
                '"' => self.raw("&quot;"),
                // What is not seen could disguise what is: reordering marks above all.
                c if is_unseen(c) => {
                    let _ = write!(self.0, "[U+{:04X}]", u32::from(c)); // to a text that can't fail
                }
                c => self.0.push(c),
            }
        }
    }

    /// A text in an element, if there is any; its lines stand below each other.
    fn lines(&mut self, open: &str, text: &str, close: &str) {
        if text.trim().is_empty() {
            return;
        }
        self.raw(open);
        for (at, line) in text.lines().enumerate() {
            if at > 0 {
                self.raw("<br>");
            }
            self.text(line);
        }
        self.raw(close);
    }

    fn section(&mut self, section: &Section) {
        self.lines("<h2>", &section.heading, "</h2>\n");
        for paragraph in section.reading.lines() {
            self.lines("<p>", paragraph, "</p>\n");
        }
        if let Some(chart) = &section.chart {
            self.raw("<figure aria-hidden=\"true\">");
            self.raw(chart);
            self.raw("</figure>\n");
        }
        if let Some(table) = &section.table {
            self.table(table);
        }
        self.facts(&section.facts);
    }

    fn table(&mut self, table: &Table) {
        self.raw("<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"Table\">\n<table>\n");
        self.lines("<caption>", &table.caption, "</caption>\n");
        self.raw("<thead><tr>");
        for column in &table.columns {
            self.raw(match column.align {
                Align::Start => "<th scope=\"col\">",
                Align::End => "<th scope=\"col\" class=\"end\">",
            });
            self.text(&column.label);
            self.raw("</th>");
        }
        self.raw("</tr></thead>\n<tbody>\n");
        for row in &table.rows {
            self.row(table, row);
        }
        self.raw("</tbody>\n</table>\n</div>\n");
    }

    fn row(&mut self, table: &Table, row: &Row) {
        self.raw(if row.muted { "<tr class=\"muted\">" } else { "<tr>" });
        for (cell, column) in row.cells.iter().zip(&table.columns) {
            self.raw(match column.align {
                Align::Start => "<td>",
                Align::End => "<td class=\"end\">",
            });
            let mut lines = cell.lines();
            self.text(lines.next().unwrap_or_default());
            for line in lines {
                self.lines("<small>", line, "</small>");
            }
            self.raw("</td>");
        }
        self.raw("</tr>\n");
    }

    fn facts(&mut self, facts: &[(String, String)]) {
        if facts.is_empty() {
            return;
        }
        self.raw("<dl>\n");
        for (name, value) in facts {
            self.raw("<dt>");
            self.text(name);
            self.raw("</dt>");
            self.lines("<dd>", value, "</dd>");
            self.raw("\n");
        }
        self.raw("</dl>\n");
    }

    fn signatures(&mut self, signatures: &[Signature]) {
        if signatures.is_empty() {
            return;
        }
        self.raw("<h2>Signatures</h2>\n");
        let facts: Vec<_> = signatures
            .iter()
            .map(|signature| {
                let Signature {
                    name,
                    meaning,
                    at,
                    digest,
                } = signature;
                (name.clone(), format!("{meaning}\n{}\n{digest}", time(*at)))
            })
            .collect();
        self.facts(&facts);
    }
}

fn is_unseen(c: char) -> bool {
    (c.is_control() && c != '\t')
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

fn time(seconds: i64) -> String {
    DateTime::from_timestamp(seconds, 0)
        .map(|time| time.format("%-d %B %Y, %H:%M:%S UTC").to_string())
        .unwrap_or_default()
}

/// Told by a sign, not only by words further on.
fn sign(tone: Tone) -> &'static str {
    match tone {
        Tone::Ok => "✓ ",
        Tone::Warn => "! ",
        Tone::Danger => "✗ ",
        Tone::Neutral => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_typed_is_text_and_nothing_is_disguised() {
        let paper = Paper {
            title: "<script>alert(1)</script> & \u{202e}co".into(),
            ..crate::sample::paper()
        };
        let page = html(&paper);
        assert!(!page.contains("<script"), "{page}");
        assert!(
            page.contains("&lt;script&gt;alert(1)&lt;/script&gt; &amp; [U+202E]co"),
            "{page}"
        );
    }

    #[test]
    fn every_part_of_a_paper_is_there() {
        let paper = crate::sample::paper();
        let page = html(&paper);
        let mut words: Vec<&str> = vec![&paper.verdict, &paper.kicker];
        words.extend(paper.sections.iter().map(|section| section.heading.as_str()));
        words.extend(paper.signatures.iter().map(|signature| signature.digest.as_str()));
        words.extend(paper.figures.iter().map(|figure| figure.value.as_str()));
        for word in words {
            let mut escaped = Html::default();
            escaped.lines("", word, "");
            assert!(page.contains(&escaped.0), "{word} in {page}");
        }
    }
}
