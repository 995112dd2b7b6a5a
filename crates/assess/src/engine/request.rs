//! What is asked of a predictions file, whatever its task, and the one way to have it answered.

use super::paired::{Matched, paired};
use super::table::Input;
use super::tasks::{multiclass, ranking, regression};
use super::{Format, Limits, Progress, Rejected, assess_with};
use crate::assessment::{Assessment, Slice, With};
use crate::drift::{self, AnswersAre, Drift, Watched};
use crate::report::{Columns, Report, Settings, Task};
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

    /// The tops to look at.
    pub(super) fn cuts(&self) -> &[Top] {
        if self.tops.is_empty() { &TOPS } else { &self.tops }
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
                !is_binary && columns.weight.is_some(),
                "Weights are for binary predictions only: elsewhere every row stands for one person.",
            ),
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
/// the baseline.
///
/// # Errors
/// [`Rejected`] names what is wrong with the request, the file or the baseline, and where.
pub fn assess(
    file: &Path,
    request: &Request,
    limits: &Limits,
    progress: &mut dyn FnMut(Progress),
) -> Result<Assessment, Rejected> {
    request.check()?;
    let (input, held) = (Input::Path(file), limits.held());
    let mut assessment = match request.task {
        Task::Binary => Assessment::Binary(Box::new(binary(file, request, limits, progress)?)),
        Task::Multiclass => {
            Assessment::Multiclass(Box::new(multiclass::assess(input, request, &held, progress)?))
        }
        Task::Regression => {
            Assessment::Regression(Box::new(regression::assess(input, request, &held, progress)?))
        }
        Task::Ranking => Assessment::Ranking(Box::new(ranking::assess(input, request, &held, progress)?)),
    };
    if let Some(baseline) = &request.baseline {
        let drift = drifted(baseline, file, request, &held, progress);
        let drift = drift.map_err(|rejected| Rejected::Baseline(Box::new(rejected)))?;
        assessment.beside_mut().drift = Some(drift);
        if let Some(id) = &request.id {
            let matched = Matched {
                columns: &request.columns,
                id,
            };
            let compared = paired(baseline, file, matched, &request.settings, &held, progress)?;
            assessment.beside_mut().comparison = Some(Box::new(compared));
        }
    }
    Ok(assessment)
}

/// The binary report, and of each slice the groups of a report that protects only it.
fn binary(
    file: &Path,
    request: &Request,
    limits: &Limits,
    progress: &mut dyn FnMut(Progress),
) -> Result<With<Report>, Rejected> {
    let format = Format::of_file(&mut File::open(file)?)?;
    let mut report =
        |columns: &Columns| assess_with(file, format, columns, &request.settings, limits, progress);
    let mut with = With::new(report(&request.columns)?);
    for column in &request.slices {
        let columns = Columns {
            protected: vec![column.clone()],
            references: BTreeMap::new(),
            declared: BTreeMap::new(),
            ..request.columns.clone()
        };
        let sliced = report(&columns)?;
        let groups = sliced.attributes.iter().flat_map(|attribute| &attribute.groups);
        with.beside.slices.push(Slice {
            column: column.clone(),
            groups: groups.map(Into::into).collect(),
        });
    }
    Ok(with)
}

fn drifted(
    baseline: &Path,
    file: &Path,
    request: &Request,
    limits: &Limits,
    progress: &mut dyn FnMut(Progress),
) -> Result<Drift, Rejected> {
    let answers = match request.task {
        Task::Regression => AnswersAre::Numbers,
        _ => AnswersAre::Categories,
    };
    let mut columns = request.columns.clone();
    if request.task == Task::Multiclass {
        // It is a prefix there, not a column.
        columns.score = None;
    }
    let watched = Watched::of(&columns, answers, &request.features);
    let (before, after) = (Input::Path(baseline), Input::Path(file));
    drift::report(before, after, &watched, &request.settings, limits, progress)
}
