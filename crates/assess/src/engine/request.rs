//! What is asked of a predictions file, whatever its task, and the one way to have it answered.

use super::paired::{Matched, paired};
use super::tasks::{multiclass, ranking, regression};
use super::{Format, Limits, Rejected, Watch, assess_with, drift};
use crate::assessment::{Assessment, Slice};
use crate::report::{Columns, Settings, Task};
use crate::tasks::ranking::{TOPS, Top};
use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};

/// What is asked of a file.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    pub task: Task,
    pub columns: Columns,
    pub settings: Settings,
    /// Columns by which performance is told apart, without judging fairness.
    pub slices: Vec<String>,
    /// Tops of a ranking; [`TOPS`] where empty.
    pub tops: Vec<Top>,
    /// An earlier file that drift is measured from.
    pub baseline: Option<PathBuf>,
    /// Columns whose drift is measured besides those named above.
    pub features: Vec<String>,
    /// The column that cases are known by: figures are then compared with the baseline's, case by case.
    pub id: Option<String>,
}

impl Request {
    /// A request for the report alone, by the default settings.
    pub fn new(task: Task, columns: Columns) -> Self {
        Self {
            task,
            columns,
            settings: Settings::default(),
            slices: Vec::new(),
            tops: Vec::new(),
            baseline: None,
            features: Vec::new(),
            id: None,
        }
    }

    /// What can be refused without looking at the file. Nothing that was said is passed over in silence.
    ///
    /// # Errors
    /// [`Rejected::Senseless`] says what makes no sense.
    pub fn check(&self) -> Result<(), Rejected> {
        let columns = &self.columns;
        let is_binary = self.task == Task::Binary;
        let has_answers = matches!(self.task, Task::Binary | Task::Ranking);
        let senseless = [
            (
                !has_answers && (!columns.favourable.is_empty() || columns.positive.is_some()),
                "A favourable or positive answer is for two answers only: binary predictions and rankings.",
            ),
            (
                !is_binary && !columns.references.is_empty(),
                "Reference groups are for binary predictions only.",
            ),
            (
                !is_binary && !columns.declared.is_empty(),
                "Groups are declared for binary predictions only.",
            ),
            (
                !is_binary && columns.together.is_some(),
                "How many attributes are taken together is asked of binary predictions only.",
            ),
            (
                !is_binary && columns.threshold.is_some(),
                "A threshold is for binary predictions only.",
            ),
            (
                self.task == Task::Ranking && columns.prediction.is_some(),
                "A ranking goes by the score alone: leave the prediction out, or assess it as binary.",
            ),
            (
                self.task == Task::Regression && columns.score.is_some(),
                "Predicted numbers have no score: name them as the prediction.",
            ),
            (
                self.task != Task::Ranking && !self.tops.is_empty(),
                "A top is for rankings only.",
            ),
            (
                self.baseline.is_none() && !self.features.is_empty(),
                "Features are watched for drift: name a baseline to hold them against.",
            ),
            (
                self.id.is_some() && (!is_binary || columns.weight.is_some()),
                "Cases are compared of two answers only, and without weights: leave the case id out.",
            ),
            (
                self.id.is_some() && self.baseline.is_none(),
                "A case id is for comparing cases: name a baseline that has it too.",
            ),
        ];
        match senseless.into_iter().find(|(is_so, _)| *is_so) {
            Some((_, words)) => Err(Rejected::Senseless(words)),
            None => Ok(()),
        }
    }
}

/// Assesses a predictions file, CSV or Parquet by its first bytes: the report of its task, its slices, and drift from
/// the baseline. The file is read once for the report and once for each slice; memory stays below 512 MB whatever the
/// size of the file, but where cases are compared: those are held.
///
/// # Errors
/// [`Rejected`] names what is wrong with the request, the file or the baseline, and where.
pub fn assess(
    file: &Path,
    request: &Request,
    limits: &Limits,
    progress: &mut Watch<'_>,
) -> Result<Assessment, Rejected> {
    request.check()?;
    let tops = if request.tops.is_empty() {
        &TOPS
    } else {
        request.tops.as_slice()
    };
    let mut assessment = report(file, request, tops, limits, progress)?;
    for column in &request.slices {
        let sliced = Request {
            columns: Columns {
                protected: vec![column.clone()],
                references: BTreeMap::new(),
                declared: BTreeMap::new(),
                ..request.columns.clone()
            },
            ..request.clone()
        };
        let groups = report(file, &sliced, &[], limits, progress)?.groups();
        assessment.beside_mut().slices.push(Slice {
            column: column.clone(),
            groups,
        });
    }
    if let Some(baseline) = &request.baseline {
        let drift = drift::report(baseline, file, request, limits, progress);
        let drift = drift.map_err(|rejected| rejected.of(Rejected::Baseline))?;
        assessment.beside_mut().drift = Some(drift);
        if let Some(id) = &request.id {
            let matched = Matched {
                columns: &request.columns,
                id,
            };
            let compared = paired(baseline, file, matched, &request.settings, limits, progress)?;
            assessment.beside_mut().comparison = Some(Box::new(compared));
        }
    }
    Ok(assessment)
}

/// The report alone.
fn report(
    file: &Path,
    request: &Request,
    tops: &[Top],
    limits: &Limits,
    progress: &mut Watch<'_>,
) -> Result<Assessment, Rejected> {
    Ok(match request.task {
        Task::Binary => {
            let format = Format::of_file(&mut File::open(file)?)?;
            assess_with(
                file,
                format,
                &request.columns,
                &request.settings,
                limits,
                progress,
            )?
            .into()
        }
        Task::Multiclass => multiclass::assess(file, request, limits, progress)?.into(),
        Task::Regression => regression::assess(file, request, limits, progress)?.into(),
        Task::Ranking => ranking::assess(file, request, tops, limits, progress)?.into(),
    })
}
