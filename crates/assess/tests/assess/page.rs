//! Pages that stand alone: what must hold of any, and of the one that Local Law 144 asks for.

use crate::command::{FILES, everything, order, run, written};
use crate::data;
use crate::golden::golden;
use assess::command::{Order, Output};
use assess::report::Task;

/// What must hold of any page.
pub fn is_sound(page: &str) {
    assert!(page.starts_with("<!doctype html>\n<html lang=\"en\">"));
    let count = |what: &str| page.matches(what).count();
    assert_eq!((count("<h1>"), count("<main>"), count("<title>")), (1, 1, 1));
    assert!(count("<h2 ") > 0 && count("<table>") > 0);
    assert_eq!(count("<table>"), count("<caption>"));
    assert_eq!(count("<table>"), count("<thead>"));
    assert_eq!(
        count("<th "),
        count("<th scope=\"col\"") + count("<th scope=\"row\"")
    );
    assert_eq!(count("<th>"), 0);
    for outside in [
        "http:", "https:", "src=", "href=", "url(", "@import", "<script", "<link",
    ] {
        assert_eq!(count(outside), 0, "{outside}");
    }
    for tag in [
        "section", "table", "tr", "td", "th", "p", "div", "h2", "main", "body", "html",
    ] {
        let opened = count(&format!("<{tag}>")) + count(&format!("<{tag} "));
        assert_eq!(opened, count(&format!("</{tag}>")), "{tag}");
    }
    for labelled in page.split("aria-labelledby=\"").skip(1) {
        let id = labelled.split('"').next().unwrap();
        assert_eq!(count(&format!("id=\"{id}\"")), 1, "{id}");
    }
    // Every row has as many cells as its table has heads.
    for table in page.split("<table>").skip(1) {
        let table = table.split("</table>").next().unwrap();
        let heads = table.matches("scope=\"col\"").count();
        for row in table.split("<tr>").skip(2) {
            let cells = row.matches("<td>").count() + row.matches("scope=\"row\"").count();
            assert_eq!(cells, heads, "{row}");
        }
    }
    assert!(page.contains("@media print"));
}

#[test]
fn every_page_stands_alone_and_has_headings_captions_and_scopes() {
    for (task, file, protected) in FILES {
        let of = everything(task, file, protected, Output::Html);
        let page = run(&of, &data(file)).text;
        is_sound(&page);
        for heading in ["Gates", "Overall", "Drift", "What was read"] {
            assert!(page.contains(&format!(">{heading}</h2>")), "{task:?} {heading}");
        }
        assert!(page.contains("no fairness is judged by it"));
    }
}

#[test]
fn names_from_a_file_are_text_on_a_page_and_on_a_terminal() {
    let rows = "1,1,<script>alert(1)</script>\n0,0,a&b\u{1b}[31m\n".repeat(40);
    let file = written(&format!("y_true,y_pred,g\n{rows}"));
    let mut of = order(Task::Binary, &["g"], Output::Html);
    of.request.columns.score = None;
    let page = run(&of, file.path()).text;
    is_sound(&page);
    assert!(page.contains("&lt;script&gt;") && page.contains("a&amp;b"));
    of.output = Output::Table;
    assert!(!run(&of, file.path()).text.contains('\u{1b}'));
}

pub fn ll144(task: Task, sex: &str, race: &str) -> Order {
    let (sex, race) = (sex.to_owned(), race.to_owned());
    order(task, &[], Output::Ll144 { sex, race })
}

#[test]
fn the_law_144_page_has_three_tables_and_says_who_is_left_out() {
    let page = run(
        &ll144(Task::Binary, "sex", "race"),
        &data("predictions/compas.csv"),
    )
    .text;
    is_sound(&page);
    for heading in ["Sex", "Race or ethnicity", "Sex and race or ethnicity"] {
        assert!(page.contains(&format!(">{heading}</h2>")), "{heading}");
    }
    // Fewer than 2 %: shown with their rate, without a ratio, and not what others are held against.
    let asian = page.split("<tr>").find(|row| row.contains(">Asian<")).unwrap();
    assert!(
        asian.contains("<td>32</td><td>24</td><td>0.7500</td><td>–</td>"),
        "{asian}"
    );
    assert!(asian.contains("less than 2 %"));
    let best = page.split("<tr>").find(|row| row.contains(">Other<")).unwrap();
    assert!(best.contains("<td>1.0000</td>"), "{best}");
    assert!(!page.to_lowercase().contains("complian"));
}

#[test]
fn people_of_unknown_category_are_counted_and_in_no_row() {
    let rows = "1,1,f,a\n1,0,m,a\n1,1,,b\n1,1,m,\n".repeat(10);
    let file = written(&format!("y_true,y_pred,sex,race\n{rows}"));
    let mut of = ll144(Task::Binary, "sex", "race");
    of.request.columns.score = None;
    of.request.columns.favourable = "1".to_owned();
    let page = run(&of, file.path()).text;
    let unknown = |heading: &str| {
        let section = page.split(&format!(">{heading}</h2>")).nth(1).unwrap();
        let note = section.split("not in the table: ").nth(1).unwrap();
        note.split('.').next().unwrap().to_owned()
    };
    assert_eq!(unknown("Sex"), "10");
    assert_eq!(unknown("Race or ethnicity"), "10");
    assert_eq!(unknown("Sex and race or ethnicity"), "20");
    assert!(!page.contains("(missing)"));
}

#[test]
fn scores_are_held_against_the_median_as_the_golden_file_has_it() {
    let golden = golden(&data("golden/law_regression.main.json"));
    let entries = golden["entries"].as_array().unwrap();
    let table = |of: &str| {
        let id = format!("ll144.scoring_rate.{of}.exclude_lt_0.02");
        entries.iter().find(|entry| entry["id"] == *id).unwrap()["value"].clone()
    };
    let page = run(
        &ll144(Task::Regression, "sex", "race"),
        &data("predictions/law_regression.csv"),
    )
    .text;
    is_sound(&page);
    let mut held = 0;
    for (name, row) in table("race").as_object().unwrap() {
        let found = page
            .split("<tr>")
            .find(|row| row.contains(&format!(">{name}<")))
            .unwrap();
        let rate = format!("<td>{:.4}</td>", row["rate"].as_f64().unwrap());
        assert!(found.contains(&rate), "{found} {row}");
        held += 1;
    }
    assert!(held > 3);
}
