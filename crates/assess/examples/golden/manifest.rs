//! What MANIFEST.json says of each predictions file, and what golden files say once for all of a file's entries.

use super::Failure;
use super::table::Table;
use serde_json::Value;
use std::path::Path;

/// A predictions file.
#[derive(Debug, Clone, Default)]
pub struct Dataset {
    /// As the manifest names it: the path without its ending.
    pub name: String,
    /// `binary`, `multiclass` or `regression`.
    pub task: String,
    pub columns: Vec<String>,
    /// Protected attributes.
    pub attributes: Vec<String>,
    /// Attributes that aren't protected, but looked at by their values all the same.
    pub slices: Vec<String>,
    /// The answers of a multiclass file.
    pub classes: Vec<String>,
    /// What the label means, in words: `two_year_recid=1 (UNFAVOURABLE)`.
    pub label: String,
    /// The columns to sort by before the rows are halved, from the calls of the file's main golden file; none to keep
    /// the file's order.
    pub order: Vec<String>,
}

/// Every file of the manifest.
pub fn read(directory: &Path) -> Result<Vec<Dataset>, Failure> {
    let manifest: Value = serde_json::from_slice(&std::fs::read(directory.join("MANIFEST.json"))?)?;
    let files = manifest.as_object().ok_or("MANIFEST.json isn't an object")?;
    let dataset = |(name, file): (&String, &Value)| {
        Ok(Dataset {
            order: order(directory, name)?,
            ..Dataset::new(name, file)
        })
    };
    files.iter().map(dataset).collect()
}

/// From a call such as `…; reference=first n//2 rows, current=rest after stable sort by a,b`.
fn order(directory: &Path, name: &str) -> Result<Vec<String>, Failure> {
    let stem = name.rsplit('/').next().unwrap_or(name);
    let path = directory.join("golden").join(format!("{stem}.main.json"));
    if !path.exists() {
        return Ok(Vec::new());
    }
    let golden: Value = serde_json::from_slice(&std::fs::read(path)?)?;
    let entries = golden["entries"].as_array().into_iter().flatten();
    let mut orders = entries.filter_map(|entry| {
        let (_, halves) = entry["call"].as_str()?.split_once("reference=first")?;
        Some(sorted_by(halves))
    });
    Ok(orders.next().unwrap_or_default())
}

fn sorted_by(halves: &str) -> Vec<String> {
    let columns = halves
        .split_once("sort by ")
        .into_iter()
        .flat_map(|(_, columns)| columns.split(','));
    columns.map(|column| column.trim().to_owned()).collect()
}

impl Dataset {
    fn new(name: &str, file: &Value) -> Self {
        let text = |key: &str| file[key].as_str().unwrap_or_default().to_owned();
        let texts = |key: &str| {
            let values = file[key].as_array().into_iter().flatten();
            values
                .filter_map(|value| value.as_str().map(str::to_owned))
                .collect()
        };
        Self {
            name: name.to_owned(),
            task: text("task"),
            columns: texts("cols"),
            attributes: texts("attrs"),
            slices: texts("slices"),
            classes: texts("classes"),
            label: text("label"),
            order: Vec::new(),
        }
    }

    /// The columns that a name such as `race` or `racexsex` speaks of; an attribute is thought of before other columns.
    pub fn columns_of(&self, name: &str, table: &Table) -> Option<Vec<String>> {
        let has = |name: &str| table.header.iter().any(|known| known == name);
        if has(name) {
            return Some(vec![name.to_owned()]);
        }
        let known = self.attributes.iter().chain(&self.slices).chain(&table.header);
        known.filter(|first| has(first)).find_map(|first| {
            let rest = name.strip_prefix(first.as_str())?.strip_prefix('x')?;
            let mut columns = vec![first.clone()];
            columns.extend(self.columns_of(rest, table)?);
            Some(columns)
        })
    }

    /// The answer that is good for the person, from the words on the label and the answers in its column. Without a
    /// word on it, it is the answer the label speaks of, and without that `1`.
    pub fn favourable(&self, table: &Table, label: &str) -> String {
        let answers = table.values(label);
        let words = self.label.to_uppercase();
        let spoken = self.spoken_of(&answers).unwrap_or_else(|| "1".to_owned());
        if words.contains("UNFAVOURABLE") || words.contains("UNFAVORABLE") {
            let other = answers.iter().find(|answer| **answer != spoken);
            let implied = if spoken == "1" { "0" } else { "1" };
            return other.map_or_else(|| implied.to_owned(), Clone::clone);
        }
        spoken
    }

    /// The answer a label's words speak of: a side of `=`, else any word.
    fn spoken_of(&self, answers: &[String]) -> Option<String> {
        let words = self.label.split('(').next().unwrap_or_default();
        let sides = words.split('=').rev().map(str::trim);
        let tokens = words.split(|one: char| !one.is_alphanumeric());
        sides
            .chain(tokens)
            .find(|word| answers.iter().any(|answer| answer == word))
            .map(str::to_owned)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn favourable(label: &str, csv: &str) -> String {
        let dataset = Dataset {
            label: label.to_owned(),
            ..Dataset::default()
        };
        dataset.favourable(&Table::parse(csv), "y")
    }

    #[test]
    fn crossed_columns_are_told_apart() {
        let table = Table::parse("sex,race,xrace\n");
        let columns = |name| Dataset::default().columns_of(name, &table);
        assert_eq!(columns("racexsex").unwrap(), ["race", "sex"]);
        assert_eq!(columns("sexxxrace").unwrap(), ["sex", "xrace"]);
        assert_eq!(columns("sexxracexsex").unwrap(), ["sex", "race", "sex"]);
        assert_eq!(columns("sexxage"), None);
    }

    #[test]
    fn the_order_before_halving_is_read_from_a_call() {
        assert_eq!(
            sorted_by(" n//2 rows, current=rest after stable sort by a, b"),
            ["a", "b"]
        );
        assert!(sorted_by(" n//2 rows, current=rest in file order").is_empty());
    }

    #[test]
    fn the_favourable_answer_is_read_from_the_words() {
        let numbers = "y\n0\n1\n";
        assert_eq!(favourable("reoffended=1 (UNFAVOURABLE)", numbers), "0");
        assert_eq!(favourable("1 = good credit (FAVOURABLE)", numbers), "1");
        assert_eq!(favourable("0 = no default (FAVOURABLE)", numbers), "0");
        assert_eq!(favourable("", numbers), "1");
        assert_eq!(favourable("hired = yes (FAVOURABLE)", "y\nno\nyes\n"), "yes");
        assert_eq!(favourable("y: deny (UNFAVORABLE)", "y\ndeny\ngrant\n"), "grant");
    }
}
