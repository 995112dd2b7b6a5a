//! The parts of a table of another task give the figures of the whole, and are believed in nothing.

use super::divided;
use crate::command::{order, written};
use crate::data;
use assess::command::Output;
use assess::report::Task;
use assess::{Assessment, Limits, Part, Rejected, Request};
use serde_json::Value;
use std::path::Path;
use tempfile::NamedTempFile;

fn request(task: Task, protected: &[&str]) -> Request {
    let mut of = order(task, protected, Output::Json).request;
    if task == Task::Ranking {
        of.columns.favourable = "1".into();
    }
    of
}

/// Every task with a file of the test data, without weights and with the row's number as its weight.
fn all() -> Vec<(Request, &'static str)> {
    let files = [
        (Task::Multiclass, "predictions/compas_multiclass"),
        (Task::Regression, "predictions/law_regression"),
        (Task::Ranking, "predictions/compas"),
        (Task::Ranking, "predictions/german_lr"),
    ];
    let both = files.iter().flat_map(|(task, file)| {
        let protected: &[&str] = match *file {
            "predictions/german_lr" => &["sex", "age_band"],
            _ => &["race", "sex"],
        };
        [None, Some("id".to_owned())].map(|weight| {
            let mut of = request(*task, protected);
            of.columns.weight = weight;
            (of, *file)
        })
    });
    both.collect()
}

fn read(file: &Path, of: &Request, limits: &Limits) -> Result<Part, Rejected> {
    Part::read(file, of, limits, &mut assess::unwatched)
}

/// A part as it comes back from its JSON.
fn travelled(file: &Path, of: &Request, limits: &Limits) -> Result<Part, Rejected> {
    Part::from_json(&read(file, of, limits)?.to_json().unwrap(), limits)
}

/// The report of files as one table.
fn merged(files: &[NamedTempFile], of: &Request, limits: &Limits) -> Result<Assessment, Rejected> {
    let part = |file: &NamedTempFile| travelled(file.path(), of, limits);
    let whole = files.iter().try_fold(None, |whole: Option<Part>, file| {
        Ok::<_, Rejected>(Some(match whole {
            None => part(file)?,
            Some(whole) => whole.merge(part(file)?)?,
        }))
    });
    whole?.unwrap().report(&of.settings, &mut files.iter().map(part))
}

fn whole(path: &Path, of: &Request, limits: &Limits) -> Assessment {
    assess::assess(path, of, limits, &mut assess::unwatched).unwrap()
}

/// Holds numbers to so many parts of their size, and everything else to be the same.
fn hold(ours: &Value, theirs: &Value, most: f64, at: &str) {
    match (ours, theirs) {
        (Value::Object(ours), Value::Object(theirs)) => {
            assert!(ours.keys().eq(theirs.keys()), "{at}");
            for (name, ours) in ours.iter().filter(|(name, _)| *name != "source") {
                hold(ours, &theirs[name], most, &format!("{at}.{name}"));
            }
        }
        (Value::Array(ours), Value::Array(theirs)) => {
            assert_eq!(ours.len(), theirs.len(), "{at}");
            for (place, (ours, theirs)) in ours.iter().zip(theirs).enumerate() {
                hold(ours, theirs, most, &format!("{at}[{place}]"));
            }
        }
        (Value::Number(one), Value::Number(other)) if one.is_f64() && other.is_f64() => {
            let (one, other) = (one.as_f64().unwrap(), other.as_f64().unwrap());
            let apart = (one - other).abs();
            // Of a gap, the size of what lies apart counts.
            assert!(apart <= most * other.abs().max(1.0), "{at}: {one}, {other}");
        }
        _ => assert_eq!(ours, theirs, "{at}"),
    }
}

/// Sums of predicted numbers are rounded; all else is exact.
fn most(task: Task) -> f64 {
    if task == Task::Regression { 1e-12 } else { 0.0 }
}

#[test]
fn parts_of_whatever_task_make_the_figures_of_the_whole() {
    for (of, file) in all() {
        for extension in ["csv", "parquet"] {
            let path = data(&format!("{file}.{extension}"));
            let limits = Limits::default();
            let whole = serde_json::to_value(whole(&path, &of, &limits)).unwrap();
            for parts in [2, 16] {
                let merged = merged(&divided(&path, parts), &of, &limits).unwrap();
                let merged = serde_json::to_value(merged).unwrap();
                assert_ne!(merged["source"], whole["source"]);
                let at = format!("{file}.{extension} in {parts}");
                hold(&merged, &whole, most(of.task), &at);
            }
        }
    }
}

/// What is rounded, withheld or cut by the order of the file is so in parts as well.
#[test]
fn parts_of_too_many_numbers_are_rounded_like_the_whole() {
    for (of, file) in all() {
        let path = data(&format!("{file}.csv"));
        let limits = Limits {
            max_scores: 2000,
            ..Limits::default()
        };
        let whole = serde_json::to_value(whole(&path, &of, &limits)).unwrap();
        let merged = merged(&divided(&path, 8), &of, &limits).unwrap();
        hold(
            &serde_json::to_value(merged).unwrap(),
            &whole,
            most(of.task),
            file,
        );
    }
}

#[test]
fn who_is_taken_of_those_tied_goes_by_the_order_of_the_parts() {
    let head = "y_true,y_score,g\n";
    let rows = [
        "1,0.9,a", "0,0.5,a", "1,0.5,b", "0,0.5,b", "0,0.5,b", "1,0.5,a", "0,0.1,b",
    ];
    let mut of = request(Task::Ranking, &["g"]);
    of.settings = crate::unguarded(0);
    of.tops = (1..=7).map(assess::tasks::ranking::Top::Rows).collect();
    let file = written(&(head.to_owned() + &rows.join("\n") + "\n"));
    let limits = Limits::default();
    let whole = serde_json::to_value(whole(file.path(), &of, &limits)).unwrap();
    for size in 1..7 {
        let files = rows
            .chunks(size)
            .map(|rows| written(&(head.to_owned() + &rows.join("\n") + "\n")));
        let files: Vec<_> = files.collect();
        // Merging has its own settings, those of the request here.
        let merged = merged(&files, &of, &limits).unwrap();
        hold(
            &serde_json::to_value(merged).unwrap(),
            &whole,
            0.0,
            &format!("by {size}"),
        );
    }
    // Where a part can't keep the order, nothing is said of who is taken, and why.
    let few = Limits {
        max_scores: 4,
        ..limits
    };
    of.tops.truncate(3);
    let merged = merged(&[file], &of, &few).unwrap();
    let Assessment::Ranking(with) = merged else {
        panic!()
    };
    let cut = &with.report.detail.cuts[2];
    assert_eq!((cut.taken, cut.tied, cut.tied_taken), (3, 5, 2));
    let precision = &cut.figures[1].figure;
    assert!(precision.value.is_none() && precision.reason.as_ref().unwrap().contains("comes first"));
    assert!(with.report.detail.cuts[0].figures[1].figure.value.is_some());
}

#[test]
fn parts_of_tasks_that_do_not_belong_together_are_refused() {
    let file = written("y_true,y_pred,y_score,g\n1,1,0.5,a\n0,1,0.25,b\n");
    let limits = Limits::default();
    let part = |of: &Request| read(file.path(), of, &limits).unwrap();
    let unlike = |one: &Request, other: &Request, what: &str| {
        let refused = part(one).merge(part(other)).err().unwrap().to_string();
        assert!(refused.ends_with(&format!("with different {what}.")), "{refused}");
    };
    let ranking = request(Task::Ranking, &["g"]);
    unlike(&ranking, &request(Task::Ranking, &[]), "columns");
    let tops = Request {
        tops: vec!["5%".parse().unwrap()],
        ..ranking.clone()
    };
    unlike(&ranking, &tops, "tops");
    let mut binary = request(Task::Binary, &["g"]);
    binary.columns.favourable = "1".into();
    unlike(&ranking, &binary, "tasks");
    let third = written("y_true,y_score,g\n2,0.5,a\n");
    let third = read(third.path(), &ranking, &limits).unwrap();
    let refused = part(&ranking).merge(third).err().unwrap();
    assert!(refused.to_string().contains("more than two values"), "{refused}");
}

/// Shares are shares of all columns of scores, so each must be of a class that some row has.
#[test]
fn scores_of_a_class_that_no_part_has_are_left_out_and_say_so() {
    let head = "y_true,y_pred,s_a,s_b,s_c\n";
    let files = [
        written(&format!("{head}a,a,0.5,0.25,0.25\na,b,0.25,0.5,0.25\n")),
        written(&format!("{head}b,b,0.25,0.5,0.25\n")),
    ];
    let mut of = request(Task::Multiclass, &[]);
    of.columns.score = Some("s".into());
    let figure = |files: &[NamedTempFile]| {
        let Assessment::Multiclass(with) = merged(files, &of, &Limits::default()).unwrap() else {
            panic!()
        };
        assess::report::find(&with.report.overall, "log_loss")
            .unwrap()
            .clone()
    };
    let without = figure(&files);
    assert!(without.value.is_none() && without.reason.unwrap().contains("no row has"));
    let [first, second] = files;
    let third = written(&format!("{head}c,b,0.25,0.25,0.5\n"));
    assert!(figure(&[first, second, third]).value.is_some());
}

#[test]
fn what_is_no_part_of_a_task_is_refused() {
    let limits = Limits::default();
    let parts = all().into_iter().map(|(of, file)| {
        let mut part = read(&data(&format!("{file}.csv")), &of, &limits).unwrap();
        String::from_utf8(part.to_json().unwrap()).unwrap()
    });
    let parts: Vec<String> = parts.collect();
    let [
        classes,
        weighty_classes,
        numbers,
        weighty_numbers,
        ranked,
        weighty_ranked,
        ..,
    ] = parts.as_slice()
    else {
        panic!()
    };
    let read = |json: &str| Part::from_json(json.as_bytes(), &limits);
    assert!(parts.iter().all(|part| read(part).is_ok()));
    for (json, from, to) in [
        (
            classes,
            "countersign.partial-of-task/1",
            "countersign.partial-of-task/2",
        ),
        (
            classes,
            "\"classes\":[\"none\",\"violent\"",
            "\"classes\":[\"none\",\"none\"",
        ),
        (classes, "\"counts\":[[0,0,0,", "\"counts\":[[0,0,0,1"),
        (classes, "\"counts\":[[0,", "\"counts\":[[99999,"),
        (classes, "\"counts\":[[0,0,", "\"counts\":[[0,77,"),
        (classes, "\"support\":[", "\"support\":[9"),
        (classes, "\"loss\":[[", "\"loss\":[[99,1],["),
        (classes, "\"places\":52", "\"places\":51"),
        (classes, "\"places\":52", "\"places\":12"),
        (classes, "\"rows\":[", "\"rows\":[1"),
        (weighty_classes, "\"weighted\":", "\"heavy\":"),
        (weighty_classes, "\"sums\":[[[[", "\"sums\":[[[[99"),
        (weighty_classes, "\"pairs\":[[0,", "\"pairs\":[[0,-"),
        (numbers, "\"moments\":[[", "\"moments\":[[1"),
        (
            numbers,
            "\"moments\":[[",
            "\"moments\":[[7,[1,1,1,1,1,1,1,1,1,1,1,1,1]],[",
        ),
        (numbers, "\"ranked\":[[", "\"ranked\":[[1,1,1,0],["),
        (numbers, ",1.0,0],[", ",2.0,0],["),
        (numbers, "\"entries\":[[", "\"entries\":[[-9.5,0,[1,0]],["),
        (weighty_numbers, "\"weighted\":[", "\"weighted\":[[],"),
        (ranked, "\"answers\":[\"0\",\"1\"]", "\"answers\":[\"0\"]"),
        (ranked, "\"answers\":[\"0\",\"1\"]", "\"answers\":[\"0\",\"0.0\"]"),
        (ranked, "\"order\":[[0.1,[", "\"order\":[[0.1,[8888,"),
        (ranked, "\"order\":[[0.1,", "\"order\":[[0.15,"),
        (ranked, "\"of\":{\"ranking\"", "\"of\":{\"multiclass\""),
        (
            ranked,
            "\"sources\":[{",
            "\"tops\":[{\"percent\":0.0}],\"sources\":[{",
        ),
        (weighty_ranked, "\"weighed\":", "\"heavy\":"),
        (weighty_ranked, "\"weight\":\"id\",", ""),
    ] {
        assert!(json.contains(from), "{from} in {}", &json[..2000.min(json.len())]);
        let refused = read(&json.replacen(from, to, 1)).err();
        let refused = refused.unwrap_or_else(|| panic!("{from} → {to} was believed"));
        println!("{from} → {to}: {refused}");
    }
    for part in &parts {
        for cut in (0..part.len()).step_by(part.len() / 40 + 1) {
            assert!(read(part.get(..cut).unwrap_or_default()).is_err(), "cut at {cut}");
        }
    }
}
