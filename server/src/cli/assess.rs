//! `countersign assess`: a performance and bias report of a file, without a portal.
use super::Verdict;
use crate::columns::Named;
use ::assess::{Format, Limits, Report, assess_file, export, words};
use anyhow::{Context, Result};
use std::{fs::File, io::Read, path::PathBuf};

#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Predictions, as CSV or Parquet.
    file: PathBuf,
    /// The column of what really happened.
    #[arg(long)]
    label: String,
    /// The column of what the model decided.
    #[arg(long, default_value = "")]
    prediction: String,
    /// The column of how sure it was.
    #[arg(long, default_value = "")]
    score: String,
    /// Protected attributes, with commas between them.
    #[arg(long, default_value = "")]
    protected: String,
    /// The answer that is good for the person.
    #[arg(long, default_value = "1")]
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
    #[arg(long, value_enum, default_value_t = Output::Table)]
    format: Output,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Output {
    Json,
    Table,
    Csv,
}

pub fn run(arguments: &Arguments) -> Result<Verdict> {
    let columns = match named(arguments).columns() {
        Ok(columns) => columns,
        Err(wrong) => {
            eprintln!("countersign: --{}: {wrong}", wrong.field);
            return Ok(Verdict::WrongUse);
        }
    };
    let mut first = Vec::new();
    let file =
        File::open(&arguments.file).with_context(|| format!("reading {}", arguments.file.display()))?;
    file.take(4).read_to_end(&mut first)?;
    let outcome = assess_file(
        &arguments.file,
        Format::of(&first),
        &columns,
        &Limits::default(),
        &mut |_| {},
    );
    match outcome {
        Ok(report) => print(&report, arguments.format)?,
        Err(rejected) => {
            eprintln!("countersign: {rejected}");
            return Ok(Verdict::Bad);
        }
    }
    Ok(Verdict::Good)
}

fn named(arguments: &Arguments) -> Named {
    Named {
        label: arguments.label.clone(),
        prediction: arguments.prediction.clone(),
        score: arguments.score.clone(),
        protected: arguments.protected.clone(),
        favourable: arguments.favourable.clone(),
        positive: arguments.positive.clone(),
        reference: arguments.reference.clone(),
        threshold: arguments.threshold.clone(),
    }
}

fn print(report: &Report, format: Output) -> Result<()> {
    match format {
        Output::Json => println!("{}", String::from_utf8(report.to_json()?)?),
        Output::Csv => print!("{}", export::to_csv(report)),
        Output::Table => table(report),
    }
    Ok(())
}

fn table(report: &Report) {
    println!("{}\n", report.verdict());
    println!("{:<22} {:>9}  {:<18} {:>10}", "", "value", "95 % interval", "n");
    for (id, figure) in report
        .overall
        .rates
        .named()
        .into_iter()
        .chain(report.overall.scores.named())
    {
        let value = figure
            .value
            .map_or_else(|| "–".into(), |value| format!("{value:.4}"));
        let interval = figure
            .interval()
            .map(|(low, high)| format!("{low:.4} to {high:.4}"))
            .unwrap_or_default();
        println!(
            "{id:<22} {value:>9}  {interval:<18} {:>10}",
            words::count(figure.n)
        );
    }
    for attribute in &report.attributes {
        println!("\nBy {}", attribute.title());
        println!(
            "{:<32} {:>9} {:>12} {:>14}",
            "group", "n", "favourable", "impact ratio"
        );
        for group in &attribute.groups {
            let share = |value: Option<f64>| value.map_or_else(|| "–".into(), |value| format!("{value:.3}"));
            let rates: std::collections::BTreeMap<_, _> = group.rates.named().into_iter().collect();
            let favourable = rates.get("favourable_rate").and_then(|figure| figure.value);
            let mark = if group.is_judged() {
                ""
            } else {
                "  too few to judge, or not known"
            };
            let (name, n) = (group.name(), words::count(group.n));
            println!(
                "{name:<32} {n:>9} {:>12} {:>14}{mark}",
                share(favourable),
                share(group.impact.ratio.value)
            );
        }
    }
}
