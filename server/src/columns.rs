//! What is asked of a file, as people name it in a form, in an address or on the command line.
use assess::{Asked, Columns, report::Task};
use domain::refusal::Invalid;
use serde::Deserialize;
use std::collections::BTreeMap;

/// The names as they were typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Named {
    pub label: String,
    pub prediction: String,
    pub score: String,
    /// With commas between them.
    pub protected: String,
    /// The answer that is good for the person; `1` unless said.
    pub favourable: String,
    /// The answer that scores speak for.
    pub positive: String,
    /// Reference groups: `race=Caucasian, sex=Male`, or only `Caucasian` where one attribute is protected.
    pub reference: String,
    pub threshold: String,
    /// `binary` unless said.
    pub task: String,
    /// The column of how many people a row stands for.
    pub weight: String,
    /// Columns to tell performance apart by, with commas between them.
    pub slices: String,
    /// Columns whose drift is measured besides those named above, with commas between them.
    pub features: String,
    /// The column that cases are known by.
    pub id: String,
    /// How many protected attributes are taken together at most, 1 to 3; 2 unless said.
    pub together: String,
}

impl Named {
    /// What is asked, or the first field that makes no sense.
    pub fn asked(&self) -> Result<Asked, Invalid> {
        let task = match given(&self.task) {
            Some(word) => word
                .parse()
                .map_err(|words: String| Invalid::new("task", words))?,
            None => Task::Binary,
        };
        Ok(Asked {
            slices: list(&self.slices),
            features: list(&self.features),
            id: given(&self.id),
            ..Asked::new(task, self.columns(task)?)
        })
    }

    fn columns(&self, task: Task) -> Result<Columns, Invalid> {
        let protected = list(&self.protected);
        // Where there are two answers one is favourable; elsewhere 1 would be made up.
        let usual = match task {
            Task::Binary | Task::Ranking => "1",
            Task::Multiclass | Task::Regression => "",
        };
        let columns = Columns {
            label: given(&self.label)
                .ok_or_else(|| Invalid::new("label", "Name the column that holds what really happened."))?,
            prediction: given(&self.prediction),
            score: given(&self.score),
            weight: given(&self.weight),
            favourable: given(&self.favourable).unwrap_or_else(|| usual.into()),
            positive: given(&self.positive),
            threshold: given(&self.threshold).map(|text| threshold(&text)).transpose()?,
            references: self.references(&protected)?,
            together: given(&self.together).map(|text| together(&text)).transpose()?,
            protected,
            ..Columns::default()
        };
        if columns.prediction.is_none() && columns.score.is_none() {
            return Err(Invalid::new(
                "prediction",
                "Name the column of predictions, of scores, or both.",
            ));
        }
        Ok(columns)
    }

    fn references(&self, protected: &[String]) -> Result<BTreeMap<String, String>, Invalid> {
        let one = |part: String| match (part.split_once('='), protected) {
            (Some((attribute, group)), _) => Ok((attribute.trim().to_owned(), group.trim().to_owned())),
            (None, [attribute]) => Ok((attribute.clone(), part)),
            _ => Err(Invalid::new(
                "reference",
                format!("Say which attribute “{part}” is a group of, such as race={part}."),
            )),
        };
        let references: BTreeMap<_, _> = list(&self.reference)
            .into_iter()
            .map(one)
            .collect::<Result<_, _>>()?;
        match references.keys().find(|attribute| !protected.contains(attribute)) {
            Some(other) => Err(Invalid::new(
                "reference",
                format!("“{other}” is not among the protected attributes."),
            )),
            None => Ok(references),
        }
    }
}

fn given(text: &str) -> Option<String> {
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

fn threshold(text: &str) -> Result<f64, Invalid> {
    let number = text
        .replace(',', ".")
        .parse::<f64>()
        .ok()
        .filter(|number| number.is_finite());
    number.ok_or_else(|| Invalid::new("threshold", "Give the threshold as a number, such as 0.5."))
}

fn together(text: &str) -> Result<u8, Invalid> {
    let number = text.parse().ok().filter(|number| (1..=3).contains(number));
    number.ok_or_else(|| Invalid::new("together", "One, two or three attributes can be taken together."))
}

fn list(text: &str) -> Vec<String> {
    text.split(',')
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named() -> Named {
        Named {
            label: "y".into(),
            score: "p".into(),
            protected: "race, sex".into(),
            ..Named::default()
        }
    }

    #[test]
    fn what_is_typed_becomes_columns() {
        let named = Named {
            reference: "race=Caucasian".into(),
            threshold: "0,4".into(),
            ..named()
        };
        let columns = named.asked().unwrap().columns;
        assert_eq!(columns.protected, ["race", "sex"]);
        assert_eq!(columns.favourable, "1");
        assert_eq!(columns.references["race"], "Caucasian");
        assert_eq!(columns.threshold, Some(0.4));
    }

    #[test]
    fn other_tasks_have_no_favourable_answer_unless_one_is_named() {
        let asked = Named {
            task: "regression".into(),
            prediction: "p".into(),
            slices: "region, product".into(),
            ..named()
        };
        let asked = asked.asked().unwrap();
        assert_eq!(
            (asked.task, asked.columns.favourable.as_str()),
            (Task::Regression, "")
        );
        assert_eq!(asked.slices, ["region", "product"]);
        let odd = Named {
            task: "clustering".into(),
            ..named()
        };
        assert_eq!(odd.asked().unwrap_err().field, "task");
    }

    #[test]
    fn the_field_that_is_wrong_is_named() {
        let field = |named: Named| named.asked().unwrap_err().field;
        assert_eq!(field(Named::default()), "label");
        assert_eq!(
            field(Named {
                score: String::new(),
                ..named()
            }),
            "prediction"
        );
        assert_eq!(
            field(Named {
                reference: "Caucasian".into(),
                ..named()
            }),
            "reference"
        );
        assert_eq!(
            field(Named {
                reference: "age=old".into(),
                ..named()
            }),
            "reference"
        );
        assert_eq!(
            field(Named {
                threshold: "half".into(),
                ..named()
            }),
            "threshold"
        );
        assert_eq!(
            field(Named {
                together: "4".into(),
                ..named()
            }),
            "together"
        );
    }

    #[test]
    fn one_protected_attribute_needs_no_name_for_its_reference() {
        let named = Named {
            protected: "race".into(),
            reference: "Caucasian".into(),
            ..named()
        };
        assert_eq!(named.asked().unwrap().columns.references["race"], "Caucasian");
    }
}
