//! A view as one page that stands alone: no scripts, nothing fetched, fit for print and for screen readers.

use super::view::{Section, Table, View};

const STYLE: &str = "
:root { color-scheme: light dark; font-family: system-ui, sans-serif; line-height: 1.5; }
body { margin: 2rem auto; max-width: 72rem; padding: 0 1rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; margin-block: 1rem; }
caption { font-weight: 600; padding-block: .25rem; text-align: start; }
th, td { border-block-end: 1px solid; padding: .25rem .75rem; text-align: start; vertical-align: top; }
tbody th { font-weight: 400; }
@media print {
  body { margin: 0; max-width: none; }
  .scroll { overflow: visible; }
  table { font-size: 8pt; }
  thead { display: table-header-group; }
  tr, h2 { break-inside: avoid; }
  h2 { break-after: avoid; }
}
";

pub(super) fn page(view: &View) -> String {
    let title = escaped(&view.title);
    let verdict = joined(view.verdict.iter().map(|sentence| paragraph(sentence)));
    let sections = joined((1..).zip(&view.sections).map(|(at, part)| section(part, at)));
    let warnings = warnings(&view.warnings);
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{title}</h1>\n\
         {verdict}{warnings}{sections}</main>\n</body>\n</html>\n"
    )
}

fn warnings(warnings: &[String]) -> String {
    if warnings.is_empty() {
        return String::new();
    }
    let items = warnings
        .iter()
        .map(|warning| format!("<li>{}</li>\n", escaped(warning)));
    format!(
        "<section aria-labelledby=\"warnings\">\n<h2 id=\"warnings\">Warnings</h2>\n<ul>\n{}</ul>\n</section>\n",
        joined(items)
    )
}

fn section(section: &Section, at: usize) -> String {
    let heading = escaped(&section.heading);
    let notes = joined(section.notes.iter().map(|note| paragraph(note)));
    let tables = section.tables.iter().filter(|table| !table.rows.is_empty());
    let tables = joined(tables.map(table));
    format!(
        "<section aria-labelledby=\"s{at}\">\n<h2 id=\"s{at}\">{heading}</h2>\n{notes}{tables}</section>\n"
    )
}

fn table(table: &Table) -> String {
    let caption = escaped(&table.caption);
    let heads = table
        .heads()
        .map(|head| format!("<th scope=\"col\">{}</th>", escaped(head)));
    let heads = joined(heads);
    let rows = joined(table.rows.iter().map(|cells| row(cells)));
    // What scrolls can be reached from the keyboard, and says what it is.
    format!(
        "<div class=\"scroll\" role=\"region\" aria-label=\"{caption}\" tabindex=\"0\">\n<table>\n\
         <caption>{caption}</caption>\n<thead>\n<tr>{heads}</tr>\n</thead>\n<tbody>\n{rows}</tbody>\n</table>\n</div>\n"
    )
}

fn row(cells: &[String]) -> String {
    let cell = |(column, cell): (usize, &String)| match column {
        0 => format!("<th scope=\"row\">{}</th>", escaped(cell)),
        _ => format!("<td>{}</td>", escaped(cell)),
    };
    format!("<tr>{}</tr>\n", joined(cells.iter().enumerate().map(cell)))
}

fn joined(parts: impl Iterator<Item = String>) -> String {
    parts.fold(String::new(), |text, part| text + &part)
}

fn paragraph(text: &str) -> String {
    format!("<p>{}</p>\n", escaped(text))
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            letter if letter.is_control() && letter != '\n' => out.extend(letter.escape_debug()),
            letter => out.push(letter),
        }
    }
    out
}
