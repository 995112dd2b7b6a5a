//! `countersign assess`: a performance and bias report of a file, without a portal. What it does is the crate's; here
//! its arguments are read and its answer printed.
use super::Verdict;
use crate::columns::Named;
use ::assess::{
    Progress, Request,
    command::{Answer, Kept, Merge, Order, Output, Refused, progress_words},
    report::Task,
    tasks::ranking::Top,
};
use anyhow::Result;
use std::{
    io::{IsTerminal, Write},
    path::{Path, PathBuf},
};

#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct Arguments {
    #[command(flatten)]
    one: Option<One>,
    #[command(subcommand)]
    spread: Option<Spread>,
}

#[derive(Debug, clap::Subcommand)]
enum Spread {
    /// Puts together what `--partial` counted of the files of one table, in their order.
    Merge(Parts),
}

#[derive(Debug, clap::Args)]
struct Parts {
    /// What `--partial` answered with.
    #[arg(required = true, value_name = "PART")]
    files: Vec<PathBuf>,
    /// Gates, in TOML or JSON; one that isn't met makes the exit status 1.
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
}

#[derive(Debug, clap::Args)]
struct One {
    /// Predictions, as CSV or Parquet; `-` for standard input.
    file: PathBuf,
    /// Only count, for `assess merge`: the file is a part of a larger table.
    #[arg(long)]
    partial: bool,
    /// binary, multiclass, regression or ranking.
    #[arg(long, default_value = "binary")]
    task: Task,
    /// The column of what really happened.
    #[arg(long)]
    label: String,
    /// The column of what the model decided.
    #[arg(long, default_value = "")]
    prediction: String,
    /// The column of how sure it was; of several classes, what the columns' names begin with.
    #[arg(long, default_value = "")]
    score: String,
    /// Protected attributes, with commas between them.
    #[arg(long, default_value = "")]
    protected: String,
    /// The answer that is good for the person; 1 unless said.
    #[arg(long, default_value = "")]
    favourable: String,
    /// The answer that scores speak for.
    #[arg(long, default_value = "")]
    positive: String,
    /// Reference groups, such as race=Caucasian.
    #[arg(long, default_value = "")]
    reference: String,
    /// Scores at or above it predict the positive answer.
    #[arg(long, default_value = "")]
    threshold: String,
    /// The column of how many people a row stands for.
    #[arg(long, default_value = "")]
    weights: String,
    /// Columns to tell performance apart by, without judging fairness.
    #[arg(long = "slice", value_name = "COLUMN", value_delimiter = ',')]
    slices: Vec<String>,
    /// Tops of a ranking, such as 100 or 5%.
    #[arg(long = "top", value_name = "ROWS", value_delimiter = ',')]
    tops: Vec<Top>,
    /// An earlier file to measure drift from.
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// Columns whose drift is measured too.
    #[arg(long = "feature", value_name = "COLUMN", value_delimiter = ',')]
    features: Vec<String>,
    /// Gates, in TOML or JSON; one that isn't met makes the exit status 1.
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
    /// For the Local Law 144 page: the column of sex.
    #[arg(long, value_name = "COLUMN")]
    sex: Option<String>,
    /// For the Local Law 144 page: the column of race or ethnicity.
    #[arg(long, value_name = "COLUMN")]
    race: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    Json,
    Table,
    Csv,
    /// A page that stands alone.
    Html,
    /// The page that New York City's Local Law 144 asks to publish.
    #[value(name = "ll144")]
    Ll144,
}

pub fn run(arguments: &Arguments) -> Result<Verdict> {
    let (answer, format) = match (&arguments.spread, &arguments.one) {
        (Some(Spread::Merge(parts)), _) => (merged(parts), parts.format),
        (None, Some(one)) => (asked(one), one.format),
        (None, None) => (
            Err(Refused::WrongUse("Name a file of predictions.".to_owned())),
            Format::Table,
        ),
    };
    match answer {
        Ok(answer) => print(&answer, format),
        Err(refused) => {
            eprintln!("countersign: {refused}");
            Ok(match refused {
                Refused::WrongUse(_) => Verdict::WrongUse,
                Refused::Rejected(_) | Refused::Unwritable(_) => Verdict::Bad,
            })
        }
    }
}

fn asked(arguments: &One) -> Result<Answer, Refused> {
    let order = order(arguments).map_err(Refused::WrongUse)?;
    answer(&order, &arguments.file, arguments.partial)
}

fn merged(arguments: &Parts) -> Result<Answer, Refused> {
    let output = match arguments.format {
        Format::Json => Output::Json,
        Format::Table => Output::Table,
        Format::Csv => Output::Csv,
        Format::Html => Output::Html,
        Format::Ll144 => {
            let words = "The Local Law 144 page is made of a whole table, not of its parts.";
            return Err(Refused::WrongUse(words.to_owned()));
        }
    };
    let merge = Merge {
        parts: arguments.files.clone(),
        policy: policy(arguments.policy.as_deref()).map_err(Refused::WrongUse)?,
        output,
    };
    merge.run()
}

fn policy(path: Option<&Path>) -> Result<Option<String>, String> {
    let read = |path: &Path| {
        std::fs::read_to_string(path).map_err(|error| format!("--policy: {}: {error}.", path.display()))
    };
    path.map(read).transpose()
}

/// What is asked for, or a sentence about what can't be.
fn order(arguments: &One) -> Result<Order, String> {
    let asked = named(arguments)
        .asked()
        .map_err(|wrong| format!("--{}: {wrong}", wrong.field))?;
    Ok(Order {
        request: Request {
            tops: arguments.tops.clone(),
            ..asked.of(arguments.baseline.clone())
        },
        policy: policy(arguments.policy.as_deref())?,
        output: output(arguments)?,
    })
}

fn output(arguments: &One) -> Result<Output, String> {
    let page = (arguments.sex.clone(), arguments.race.clone());
    match (arguments.format, page) {
        (Format::Ll144, (Some(sex), Some(race))) => Ok(Output::Ll144 { sex, race }),
        (Format::Ll144, _) => Err("--format ll144: name both columns, --sex and --race.".to_owned()),
        (_, (Some(_), _) | (_, Some(_))) => {
            Err("--sex and --race are for --format ll144; other reports take --protected.".to_owned())
        }
        (Format::Json, _) => Ok(Output::Json),
        (Format::Table, _) => Ok(Output::Table),
        (Format::Csv, _) => Ok(Output::Csv),
        (Format::Html, _) => Ok(Output::Html),
    }
}

fn named(arguments: &One) -> Named {
    Named {
        label: arguments.label.clone(),
        prediction: arguments.prediction.clone(),
        score: arguments.score.clone(),
        protected: arguments.protected.clone(),
        favourable: arguments.favourable.clone(),
        positive: arguments.positive.clone(),
        reference: arguments.reference.clone(),
        threshold: arguments.threshold.clone(),
        task: arguments.task.word().to_owned(),
        weight: arguments.weights.clone(),
        slices: arguments.slices.join(","),
        features: arguments.features.join(","),
    }
}

/// Does what is asked, with how far it has come on a terminal.
fn answer(order: &Order, file: &Path, partial: bool) -> Result<Answer, Refused> {
    let is_shown = std::io::stderr().is_terminal();
    let mut told = None;
    let mut progress = |progress: Progress| {
        let words = progress_words(progress);
        if is_shown && told.as_ref() != Some(&words) {
            eprint!("\r{words}\u{1b}[K");
            told = Some(words);
        }
    };
    let mut run = |file: &Path| {
        if partial {
            order.part(file, &mut progress)
        } else {
            order.run(file, &mut progress)
        }
    };
    let answer = if file == Path::new("-") {
        Kept::from(std::io::stdin().lock())
            .map_err(Refused::from)
            .and_then(|kept| run(kept.path()))
    } else {
        run(file)
    };
    if is_shown {
        eprint!("\r\u{1b}[K");
    }
    answer
}

fn print(answer: &Answer, format: Format) -> Result<Verdict> {
    // A pipe that is closed early is an error to report, not a panic.
    std::io::stdout().write_all(answer.text.as_bytes())?;
    // The table has the gates in it.
    if format != Format::Table {
        for gate in &answer.gates {
            eprintln!("countersign: {gate}");
        }
    }
    Ok(if answer.passed {
        Verdict::Good
    } else {
        Verdict::Bad
    })
}
