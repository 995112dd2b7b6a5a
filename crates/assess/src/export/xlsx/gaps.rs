//! The sheet of gaps between groups, whatever the task.

use super::sheet::Cell::{Blank, Count, Number, Text};
use super::{FIGURE, Sheet, of};
use crate::report::{Dependence, Gap};
use rust_xlsxwriter::XlsxError;

/// The gaps of one attribute.
pub struct Gaps<'g> {
    pub id: String,
    pub known: u64,
    pub each: &'g [Gap],
    /// Those between weighted rates.
    pub weighted: &'g [Gap],
    pub dependence: Option<&'g Dependence>,
}

pub fn filled<'g>(attributes: impl Iterator<Item = Gaps<'g>>, sheet: &mut Sheet) -> Result<(), XlsxError> {
    let before = ["attribute", "gap", "title", "rate", "highest", "lowest"];
    let after = ["judged", "skipped"];
    sheet.head(before.into_iter().chain(FIGURE).chain(after), 2)?;
    for attribute in attributes {
        for gap in attribute.each {
            row(&attribute.id, &gap.id, gap, sheet)?;
        }
        for gap in attribute.weighted {
            row(&attribute.id, &format!("weighted.{}", gap.id), gap, sheet)?;
        }
        dependence(&attribute, sheet)?;
    }
    Ok(())
}

fn row(attribute: &str, id: &str, gap: &Gap, sheet: &mut Sheet) -> Result<(), XlsxError> {
    let (high, low) = gap.between.as_ref().map_or((Blank, Blank), |(high, low)| {
        (Text(high.as_str()), Text(low.as_str()))
    });
    let rate = gap.rate.map_or(Blank, |rate| Text(rate.id()));
    let before = [Text(attribute), Text(id), Text(&gap.title), rate, high, low];
    let after = [Count(gap.judged), Count(gap.skipped)];
    sheet.row(&[&before[..], &of(&gap.figure), &after].concat())
}

/// The test over all judged groups, in lines of its own.
fn dependence(attribute: &Gaps, sheet: &mut Sheet) -> Result<(), XlsxError> {
    let Some(dependence) = attribute.dependence else {
        return Ok(());
    };
    for (name, value) in [
        ("dependence.chi_square", Number(dependence.chi_square)),
        ("dependence.degrees", Count(dependence.degrees)),
        ("dependence.p", Number(dependence.p)),
    ] {
        let title = Text("Dependence of the outcome on the group");
        let before = [Text(&attribute.id), Text(name), title, Blank, Blank, Blank];
        sheet.row(&[&before[..], &[value, Blank, Blank, Count(attribute.known)]].concat())?;
    }
    Ok(())
}
