//! `countersign assess`: a performance and bias report of a file, without a portal. What it does is the crate's; here
//! its arguments are read and its answer printed.
use super::Verdict;
use crate::columns::Named;
use ::assess::{
    Request, Watch,
    command::{Answer, Kept, Merge, Order, Output, Refused, progress_words},
    report::Task,
    tasks::ranking::Top,
};
use anyhow::Result;
use std::{
    io::{IsTerminal, Write},
    ops::ControlFlow,
    path::{Path, PathBuf},
};

#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Arguments {
    #[command(flatten)]
    one: One,
    #[command(subcommand)]
    several: Option<Several>,
}

#[derive(Debug, clap::Subcommand)]
enum Several {
    /// Puts together what `--partial` counted of the files of one table, in their order.
    Merge(Parts),
    /// How each figure moved from one file of predictions to another, worst first, and whether that is more than noise.
    Compare(Box<Two>),
}

#[derive(Debug, clap::Args)]
struct Two {
    /// Predictions of the earlier version, as CSV or Parquet.
    before: PathBuf,
    /// Predictions of the later version.
    after: PathBuf,
    /// The column that cases are known by in both files; without it the files are taken to be of different people.
    #[arg(long, value_name = "COLUMN")]
    id: Option<String>,
    #[command(flatten)]
    columns: Meant,
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
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
    file: Option<PathBuf>,
    /// Only count, for `assess merge`: the file is a part of a larger table.
    #[arg(long)]
    partial: bool,
    /// binary, multiclass, regression or ranking.
    #[arg(long, default_value = "binary")]
    task: Task,
    #[command(flatten)]
    columns: Meant,
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

// Which column is what. Not a doc comment: clap would take it for the command's own words.
#[derive(Debug, clap::Args)]
struct Meant {
    /// The column of what really happened.
    #[arg(long, default_value = "")]
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
    /// How many protected attributes are taken together at most, 1 to 3; 2 unless said.
    #[arg(long, value_name = "ATTRIBUTES", default_value = "")]
    together: String,
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
    let (answer, format) = match &arguments.several {
        Some(Several::Merge(parts)) => (merged(parts), parts.format),
        Some(Several::Compare(two)) => (compared(two), two.format),
        None => (asked(&arguments.one), arguments.one.format),
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
    let file = arguments.file.as_deref();
    let file = file.ok_or_else(|| Refused::WrongUse("Name a file of predictions.".to_owned()))?;
    let order = order(arguments).map_err(Refused::WrongUse)?;
    answer(&order, file, arguments.partial)
}

fn merged(arguments: &Parts) -> Result<Answer, Refused> {
    let merge = Merge {
        parts: arguments.files.clone(),
        policy: policy(arguments.policy.as_deref()).map_err(Refused::WrongUse)?,
        output: written(arguments.format).ok_or_else(not_of_one_table)?,
    };
    merge.run()
}

fn compared(arguments: &Two) -> Result<Answer, Refused> {
    let order = Order {
        request: request(&arguments.columns.named()).map_err(Refused::WrongUse)?,
        policy: None,
        output: written(arguments.format).ok_or_else(not_of_one_table)?,
    };
    let id = arguments.id.as_deref();
    told(|progress| order.compare(&arguments.before, &arguments.after, id, progress))
}

fn not_of_one_table() -> Refused {
    Refused::WrongUse("The Local Law 144 page is made of one whole table.".to_owned())
}

/// How an answer is written; none for the Local Law 144 page, which needs more than a format.
fn written(format: Format) -> Option<Output> {
    match format {
        Format::Json => Some(Output::Json),
        Format::Table => Some(Output::Table),
        Format::Csv => Some(Output::Csv),
        Format::Html => Some(Output::Html),
        Format::Ll144 => None,
    }
}

fn policy(path: Option<&Path>) -> Result<Option<String>, String> {
    let read = |path: &Path| {
        std::fs::read_to_string(path).map_err(|error| format!("--policy: {}: {error}.", path.display()))
    };
    path.map(read).transpose()
}

/// What is asked for, or a sentence about what can't be.
fn order(arguments: &One) -> Result<Order, String> {
    let named = Named {
        task: arguments.task.word().to_owned(),
        weight: arguments.weights.clone(),
        slices: arguments.slices.join(","),
        features: arguments.features.join(","),
        id: String::new(),
        ..arguments.columns.named()
    };
    Ok(Order {
        request: Request {
            tops: arguments.tops.clone(),
            baseline: arguments.baseline.clone(),
            ..request(&named)?
        },
        policy: policy(arguments.policy.as_deref())?,
        output: output(arguments)?,
    })
}

fn request(named: &Named) -> Result<Request, String> {
    let asked = named.asked();
    let asked = asked.map_err(|wrong| format!("--{}: {wrong}", wrong.field))?;
    Ok(asked.of(None))
}

fn output(arguments: &One) -> Result<Output, String> {
    let page = (arguments.sex.clone(), arguments.race.clone());
    match (written(arguments.format), page) {
        (None, (Some(sex), Some(race))) => Ok(Output::Ll144 { sex, race }),
        (None, _) => Err("--format ll144: name both columns, --sex and --race.".to_owned()),
        (Some(_), (Some(_), _) | (_, Some(_))) => {
            Err("--sex and --race are for --format ll144; other reports take --protected.".to_owned())
        }
        (Some(output), _) => Ok(output),
    }
}

impl Meant {
    fn named(&self) -> Named {
        Named {
            label: self.label.clone(),
            prediction: self.prediction.clone(),
            score: self.score.clone(),
            protected: self.protected.clone(),
            favourable: self.favourable.clone(),
            positive: self.positive.clone(),
            reference: self.reference.clone(),
            threshold: self.threshold.clone(),
            together: self.together.clone(),
            ..Named::default()
        }
    }
}

/// Does what is asked of a file, or of standard input.
fn answer(order: &Order, file: &Path, partial: bool) -> Result<Answer, Refused> {
    let run = |file: &Path| {
        told(|progress| {
            if partial {
                order.part(file, progress)
            } else {
                order.run(file, progress)
            }
        })
    };
    if file == Path::new("-") {
        run(Kept::from(std::io::stdin().lock())?.path())
    } else {
        run(file)
    }
}

/// Does work, and shows on a terminal how far it has come.
fn told<T>(work: impl FnOnce(&mut Watch<'_>) -> T) -> T {
    let is_shown = std::io::stderr().is_terminal();
    let mut last = None;
    let done = work(&mut |progress| {
        let words = progress_words(progress);
        if is_shown && last.as_ref() != Some(&words) {
            eprint!("\r{words}\u{1b}[K");
            last = Some(words);
        }
        ControlFlow::Continue(())
    });
    if is_shown {
        eprint!("\r\u{1b}[K");
    }
    done
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
