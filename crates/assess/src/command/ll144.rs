//! The page that New York City's Local Law 144 asks employers to publish (6 RCNY 5-303): by sex, by race or ethnicity,
//! and by both.

use super::view::{Section, Table, View, number};
use super::{Order, Refused};
use crate::engine::{Format, Limits, Rejected, Watch, assess_with, scoring};
use crate::ll144::{LEAST, Row, selection};
use crate::report::{Columns, Settings, Source, Task};

use crate::words::{count, shortened};
use std::fs::File;
use std::path::Path;

/// A category with its row.
type Category = (String, Row);

/// The categories of one table, and how many people aren't in it.
struct Categories {
    rows: Vec<Category>,
    unknown: u64,
}

/// What is published.
struct Found {
    source: Source,
    rows: u64,
    /// By sex, by race, by both.
    tables: Vec<Categories>,
    /// The heads of those selected, or scored above the median.
    heads: [&'static str; 2],
    rule: String,
}

pub(super) fn page(
    order: &Order,
    file: &Path,
    [sex, race]: [&str; 2],
    progress: &mut Watch<'_>,
) -> Result<View, Refused> {
    if sex == race {
        return Err(Refused::WrongUse(
            "Sex and race or ethnicity are two columns.".to_owned(),
        ));
    }
    let found = match order.request.task {
        Task::Binary => selected(order, file, [sex, race], progress)?,
        _ => scored(order, file, [sex, race], progress)?,
    };
    Ok(view(&found))
}

/// People selected are those predicted the favourable answer.
fn selected(
    order: &Order,
    file: &Path,
    [sex, race]: [&str; 2],
    progress: &mut Watch<'_>,
) -> Result<Found, Rejected> {
    let columns = Columns {
        protected: vec![sex.to_owned(), race.to_owned()],
        references: std::collections::BTreeMap::new(),
        ..order.request.columns.clone()
    };
    let format = Format::of_file(&mut File::open(file)?)?;
    let (settings, limits) = (Settings::default(), Limits::default());
    let report = assess_with(file, format, &columns, &settings, &limits, progress)?;
    let tables = report.attributes.iter().map(|attribute| {
        let known: Vec<_> = attribute.groups.iter().filter(|group| group.is_known()).collect();
        let counts: Vec<_> = known.iter().map(|group| (group.n, group.favourable)).collect();
        let names = known.iter().map(|group| group.name());
        Categories {
            rows: names.zip(selection(&counts, LEAST)).collect(),
            unknown: report.rows - attribute.known,
        }
    });
    Ok(Found {
        tables: tables.collect(),
        rows: report.rows,
        heads: ["selected", "selection rate"],
        rule: format!(
            "Selected is who was predicted “{}” in the column “{}”.",
            shortened(&columns.favourable),
            shortened(
                columns
                    .prediction
                    .as_ref()
                    .or(columns.score.as_ref())
                    .map_or("", String::as_str)
            )
        ),
        source: report.source,
    })
}

/// People count who have a score strictly above the median of all.
fn scored(
    order: &Order,
    file: &Path,
    [sex, race]: [&str; 2],
    progress: &mut Watch<'_>,
) -> Result<Found, Rejected> {
    let columns = &order.request.columns;
    let score = match order.request.task {
        Task::Regression => columns.prediction.as_deref(),
        _ => columns.score.as_deref(),
    };
    let score = score.ok_or(Rejected::Unnamed("column of scores"))?;
    let found = scoring(file, score, [sex, race], &Limits::default(), progress)?;
    let tables = found.tables.into_iter().map(|categories| {
        let counts: Vec<_> = categories.iter().map(|one| (one.n, one.above)).collect();
        let known: u64 = categories.iter().map(|one| one.n).sum();
        let names = categories.into_iter().map(|one| one.name);
        Categories {
            rows: names.zip(selection(&counts, LEAST)).collect(),
            unknown: found.rows - known,
        }
    });
    Ok(Found {
        tables: tables.collect(),
        rows: found.rows,
        heads: ["scored above the median", "scoring rate"],
        rule: format!(
            "The scoring rate is the share with a score strictly above the median of all, {}, in the column “{}”.",
            number(Some(found.median)),
            shortened(score)
        ),
        source: found.source,
    })
}

fn view(found: &Found) -> View {
    let titles = ["Sex", "Race or ethnicity", "Sex and race or ethnicity"];
    let mut sections: Vec<Section> = titles
        .iter()
        .zip(&found.tables)
        .map(|(title, categories)| section(title, categories, found.heads))
        .collect();
    let mut about = Table::new("The data", &["what", "value"]);
    let rows = [
        ("Rows", count(found.rows)),
        ("Format", found.source.format.clone()),
        ("SHA-256 of the file", found.source.digest.clone()),
        (
            "Source and explanation of the data",
            "to be entered by the publisher".to_owned(),
        ),
        (
            "Date of the bias audit",
            "to be entered by the publisher".to_owned(),
        ),
        (
            "Distribution date of the tool",
            "to be entered by the publisher".to_owned(),
        ),
    ];
    about.rows = rows
        .into_iter()
        .map(|(what, value)| vec![what.to_owned(), value])
        .collect();
    sections.push(Section {
        heading: "About the data".to_owned(),
        notes: vec![found.rule.clone()],
        tables: vec![about],
    });
    View {
        title: "Summary of the bias audit of an automated employment decision tool".to_owned(),
        verdict: vec![
            "Tables as New York City Local Law 144 of 2021 and 6 RCNY 5-300 to 5-304 name them. An impact ratio is a category's \
             rate over the highest rate of any category."
                .to_owned(),
        ],
        warnings: Vec::new(),
        sections,
    }
}

fn section(title: &str, categories: &Categories, [counted, rate]: [&'static str; 2]) -> Section {
    let head = ["category", "people", counted, rate, "impact ratio", "note"];
    let mut table = Table::new(format!("Impact ratios: {}", title.to_lowercase()), &head);
    for (name, row) in &categories.rows {
        table.rows.push(vec![
            shortened(name),
            count(row.n),
            count(row.selected),
            number(row.rate),
            number(row.impact_ratio),
            reason(row),
        ]);
    }
    Section {
        heading: title.to_owned(),
        notes: vec![format!(
            "People whose category isn't known, and who are not in the table: {}.",
            count(categories.unknown)
        )],
        tables: vec![table],
    }
}

/// Why a category has no ratio.
fn reason(row: &Row) -> String {
    if row.excluded {
        let share = row.share.map_or_else(String::new, crate::words::percent);
        return format!("left out of the impact ratios: {share} of the data, less than 2 % (6 RCNY 5-301)");
    }
    match row.impact_ratio {
        Some(_) => String::new(),
        None => "no impact ratio: the highest rate is 0".to_owned(),
    }
}
