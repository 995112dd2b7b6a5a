//! Figures by weight of the other tasks, held against what `data/weighted/tasks.py` says.

use crate::command::{order, run, written};
use crate::golden::golden;
use crate::{data, unguarded};
use assess::command::Output;
use assess::report::{Figure, Settings, Task, find};
use assess::tasks::{Attribute, Entry, Weighted};
use assess::{Assessment, Limits, Request};
use tempfile::NamedTempFile;

/// A file of the test data with a column more: (7919 id mod 13) / 4.
fn weighty(name: &str) -> NamedTempFile {
    let text = std::fs::read_to_string(data(&format!("predictions/{name}.csv"))).unwrap();
    let (head, rows) = text.split_once('\n').unwrap();
    let row = |row: &str| {
        let id: u32 = row.split(',').next().unwrap().parse().unwrap();
        format!("{row},{}\n", f64::from(id * 7919 % 13) / 4.0)
    };
    written(&(format!("{head},w\n") + &rows.lines().map(row).collect::<String>()))
}

fn request(task: Task, settings: Settings) -> Request {
    let mut of = Request {
        settings,
        ..order(task, &["race", "sex"], Output::Json).request
    };
    of.columns.weight = Some("w".to_owned());
    if task == Task::Ranking {
        of.columns.favourable = "1".into();
        of.tops = vec!["5%".parse().unwrap(), "20%".parse().unwrap()];
    }
    of
}

fn assessed(task: Task, name: &str, settings: Settings) -> Assessment {
    let file = weighty(name);
    assess::assess(
        file.path(),
        &request(task, settings),
        &Limits::default(),
        &mut assess::unwatched,
    )
    .unwrap()
}

/// All rows, those by weight, and the groups.
fn parts(assessment: &Assessment) -> (&[Entry], &Weighted, &[Attribute]) {
    let (overall, weighted, attributes) = assessment.of_other_task().unwrap();
    (overall, weighted.unwrap(), attributes)
}

/// A figure by the name that the golden file has behind the task: `overall.mae`, `race=White.mae`, `race.mae_difference`.
fn figure<'a>(weighted: &'a Weighted, attributes: &'a [Attribute], name: &str) -> &'a Figure {
    let (of, id) = name.split_once('.').unwrap();
    if of == "overall" {
        return find(&weighted.figures, id).unwrap_or_else(|| panic!("no {name}"));
    }
    let (column, group) = of.split_once('=').unwrap_or((of, ""));
    let attribute = attributes.iter().find(|other| other.id() == column).unwrap();
    if group.is_empty() {
        let mut gaps = attribute.weighted_gaps.iter();
        return &gaps.find(|gap| gap.id == id).unwrap().figure;
    }
    let group = attribute
        .groups
        .iter()
        .find(|other| other.name() == group)
        .unwrap();
    find(&group.weighted.as_ref().unwrap().figures, id).unwrap()
}

/// How many figures of a task the golden file has, all of which are ours to twelve digits.
fn held(task: &str, weighted: &Weighted, attributes: &[Attribute]) -> usize {
    let golden = golden(&data("weighted/tasks.json"));
    let entries = golden["entries"].as_object().unwrap().iter();
    let entries = entries.filter_map(|(id, value)| Some((id.strip_prefix(task)?.strip_prefix('.')?, value)));
    let hold = |(name, value): (&str, &serde_json::Value)| {
        let found = figure(weighted, attributes, name).value;
        let (found, expected) = (found.unwrap_or(f64::NAN), value.as_f64().unwrap());
        let most = 1e-12 * expected.abs().max(1e-3);
        assert!(
            (found - expected).abs() <= most,
            "{task}.{name}: {found}, not {expected}"
        );
    };
    entries.map(hold).count()
}

#[test]
fn several_classes_by_weight_equal_the_libraries() {
    let assessment = assessed(Task::Multiclass, "compas_multiclass", unguarded(0));
    let (_, weighted, attributes) = parts(&assessment);
    assert!(held("multiclass", weighted, attributes) > 220);
    let Assessment::Multiclass(with) = &assessment else {
        panic!()
    };
    let confusion = with.report.detail.weighted_confusion.as_ref().unwrap();
    let all: f64 = confusion.iter().flatten().sum();
    assert!((all - weighted.weight).abs() < 1e-9);
}

#[test]
fn numbers_by_weight_equal_the_libraries() {
    let assessment = assessed(Task::Regression, "law_regression", unguarded(0));
    let (_, weighted, attributes) = parts(&assessment);
    assert!(held("regression", weighted, attributes) > 70);
}

#[test]
fn a_ranking_and_its_tops_by_weight_equal_the_libraries() {
    let assessment = assessed(Task::Ranking, "compas", unguarded(0));
    let (_, weighted, attributes) = parts(&assessment);
    assert!(held("ranking", weighted, attributes) > 50);
    let Assessment::Ranking(with) = &assessment else {
        panic!()
    };
    for cut in &with.report.detail.cuts {
        let weighted = cut.weighted.as_ref().unwrap();
        assert!(held(&cut.id, weighted, &cut.attributes) > 20, "{}", cut.id);
    }
}

#[test]
fn the_other_tasks_scores_are_the_binary_ones() {
    let assessment = assessed(Task::Ranking, "compas", Settings::default());
    let (_, ours, attributes) = parts(&assessment);
    let mut of = request(Task::Ranking, Settings::default());
    of.task = Task::Binary;
    (of.columns.prediction, of.tops) = (Some("y_pred".to_owned()), Vec::new());
    let file = weighty("compas");
    let binary = assess::assess(file.path(), &of, &Limits::default(), &mut assess::unwatched).unwrap();
    let binary = binary.as_binary().unwrap();
    let theirs = binary.overall.weighted.as_ref().unwrap();
    assert_eq!(
        (ours.weight, ours.effective_n),
        (theirs.weight, theirs.effective_n)
    );
    let same = |ours: &Weighted, theirs: &assess::report::Weighted| {
        let scores = theirs.scores.as_ref().unwrap().named();
        for Entry { id, figure } in &ours.figures {
            let (_, theirs) = scores.iter().find(|(name, _)| name == id).unwrap();
            assert_eq!((figure.value, figure.n), (theirs.value, theirs.n), "{id}");
            assert_eq!((figure.low, figure.high), (theirs.low, theirs.high), "{id}");
        }
    };
    same(ours, theirs);
    for (ours, theirs) in attributes[0].groups.iter().zip(&binary.attributes[0].groups) {
        same(ours.weighted.as_ref().unwrap(), theirs.weighted.as_ref().unwrap());
    }
}

/// Weights of one change no figure and no interval, whatever the task.
#[test]
fn weights_of_one_say_what_rows_say() {
    for (task, name) in [
        (Task::Multiclass, "compas_multiclass"),
        (Task::Regression, "law_regression"),
        (Task::Ranking, "compas"),
    ] {
        let text = std::fs::read_to_string(data(&format!("predictions/{name}.csv"))).unwrap();
        let rows: String = text.lines().skip(1).map(|row| format!("{row},1\n")).collect();
        let file = written(&format!("{},w\n{rows}", text.lines().next().unwrap()));
        let of = request(task, Settings::default());
        let assessment =
            assess::assess(file.path(), &of, &Limits::default(), &mut assess::unwatched).unwrap();
        let (overall, weighted, attributes) = parts(&assessment);
        same_figures(overall, weighted, assessment.rows());
        for attribute in attributes {
            for group in &attribute.groups {
                same_figures(&group.figures, group.weighted.as_ref().unwrap(), group.n);
            }
            assert_eq!(attribute.gaps.len(), attribute.weighted_gaps.len());
            for (ours, theirs) in attribute.weighted_gaps.iter().zip(&attribute.gaps) {
                near(&ours.id, &ours.figure, &theirs.figure);
                assert_eq!((ours.judged, ours.skipped), (theirs.judged, theirs.skipped));
            }
        }
    }
}

fn same_figures(rows: &[Entry], weighted: &Weighted, n: u64) {
    let n = assess::stats::real(n);
    assert_eq!((weighted.weight, weighted.effective_n), (n, n));
    for Entry { id, figure } in &weighted.figures {
        near(id, figure, find(rows, id).unwrap());
    }
}

fn near(id: &str, ours: &Figure, theirs: &Figure) {
    assert_eq!(
        (ours.n, ours.judged().is_some()),
        (theirs.n, theirs.judged().is_some()),
        "{id}"
    );
    let parts = [
        (ours.value, theirs.value),
        (ours.low, theirs.low),
        (ours.high, theirs.high),
    ];
    for (ours, theirs) in parts {
        assert_eq!(ours.is_some(), theirs.is_some(), "{id}");
        let apart = ours.zip(theirs).map_or(0.0, |(a, b)| (a - b).abs());
        assert!(apart < 1e-10, "{id}: {apart}");
    }
}

#[test]
fn gates_and_slices_find_figures_by_weight() {
    let file = weighty("law_regression");
    let mut of = request(Task::Regression, Settings::default());
    of.slices = vec!["sex".to_owned()];
    let assessment = assess::assess(file.path(), &of, &Limits::default(), &mut assess::unwatched).unwrap();
    let (_, weighted, attributes) = parts(&assessment);
    let fact = |id: &str| assessment.fact(id).unwrap_or_else(|| panic!("no {id}"));
    let mae = find(&weighted.figures, "mae").unwrap().value;
    assert_eq!(fact("weighted.performance.mae").value, mae);
    let error = find(&weighted.figures, "mean_error_pred_minus_true")
        .unwrap()
        .value;
    assert_eq!(
        fact("weighted.performance.mean_error_size").value,
        error.map(f64::abs)
    );
    let gap = attributes[0]
        .weighted_gaps
        .iter()
        .find(|gap| gap.id == "mae_difference")
        .unwrap();
    assert_eq!(
        fact("weighted.fairness.mae_difference.race").value,
        gap.figure.value
    );
    assert!(fact("weighted.fairness.mae_difference").value >= gap.figure.value);
    let slices = &assessment.beside().slices[0];
    assert!(slices.groups[0].weighted.is_none());
    let male = attributes[1]
        .groups
        .iter()
        .find(|group| group.name() == "male")
        .unwrap();
    let sliced = fact("slice.weighted.mae.sex=male").value.unwrap();
    let of_group = find(&male.weighted.as_ref().unwrap().figures, "mae").unwrap();
    assert!((sliced - of_group.value.unwrap()).abs() < 1e-12);
    let titled = |fact: &assess::Fact| fact.id.starts_with("weighted.") == fact.title.ends_with("by weight");
    assert!(
        assessment
            .facts()
            .iter()
            .filter(|fact| !fact.id.starts_with("slice."))
            .all(titled)
    );
}

#[test]
fn a_group_that_weighs_nothing_says_so_and_few_rows_stay_few() {
    let row = |group: &str, weight: &str, rows| {
        format!("1.5,1,{group},{weight}\n2,2.5,{group},{weight}\n").repeat(rows)
    };
    let text = row("a", "2", 30) + &row("light", "0", 30) + &row("few", "1000", 3);
    let file = written(&format!("y_true,y_pred,race,w\n{text}"));
    let mut of = request(Task::Regression, Settings::default());
    of.columns.protected = vec!["race".to_owned()];
    let assessment = assess::assess(file.path(), &of, &Limits::default(), &mut assess::unwatched).unwrap();
    let (_, _, attributes) = parts(&assessment);
    let group = |name: &str| {
        let mut groups = attributes[0].groups.iter();
        groups
            .find(|group| group.name() == name)
            .unwrap()
            .weighted
            .as_ref()
            .unwrap()
    };
    let light = group("light");
    assert_eq!((light.weight, light.effective_n), (0.0, 0.0));
    for Entry { id, figure } in &light.figures {
        let reason = figure.reason.as_deref();
        assert_eq!(
            (figure.value, reason, figure.n),
            (None, Some("the weights sum to 0"), 60),
            "{id}"
        );
    }
    assert!(
        group("few")
            .figures
            .iter()
            .all(|entry| entry.figure.value.is_none())
    );
    assert_eq!(find(&group("a").figures, "mae").unwrap().value, Some(0.5));
    let refused = written("y_true,y_pred,race,w\n1,2,a,-1\n");
    let refused = assess::assess(refused.path(), &of, &Limits::default(), &mut assess::unwatched);
    assert!(
        refused
            .unwrap_err()
            .to_string()
            .contains("column “w”, the weight is -1")
    );
}

#[test]
fn too_many_weights_leave_figures_by_rows() {
    let file = weighty("compas_multiclass");
    let limits = Limits {
        max_scores: 2000,
        ..Limits::default()
    };
    let of = request(Task::Multiclass, unguarded(0));
    let assessment = assess::assess(file.path(), &of, &limits, &mut assess::unwatched).unwrap();
    let (overall, weighted, _) = parts(&assessment);
    let auc = find(&weighted.figures, "roc_auc_ovr_macro").unwrap();
    assert!(auc.value.is_none() && auc.reason.as_ref().unwrap().contains("round them"));
    assert!(find(overall, "roc_auc_ovr_macro").unwrap().value.is_some());
    assert!(find(&weighted.figures, "accuracy").unwrap().value.is_some());
    let of = request(Task::Regression, unguarded(0));
    let file = weighty("law_regression");
    let assessment = assess::assess(file.path(), &of, &limits, &mut assess::unwatched).unwrap();
    let (_, weighted, _) = parts(&assessment);
    for id in ["medae", "spearman"] {
        let figure = find(&weighted.figures, id).unwrap();
        assert!(
            figure.value.is_none() && figure.reason.as_ref().unwrap().contains("ranked"),
            "{id}"
        );
    }
    assert!(find(&weighted.figures, "mae").unwrap().value.is_some());
}

#[test]
fn every_answer_of_the_other_tasks_shows_them() {
    for (task, name) in [
        (Task::Multiclass, "compas_multiclass"),
        (Task::Regression, "law_regression"),
        (Task::Ranking, "compas"),
    ] {
        let file = weighty(name);
        let answer = |output| {
            let mut of = order(task, &["sex"], output);
            of.request = Request {
                slices: vec!["sex".to_owned()],
                ..request(task, Settings::default())
            };
            run(&of, file.path()).text
        };
        let text = answer(Output::Table);
        for words in ["\nWeighted\n", "\nWeighted, by sex\n", "effective_n", "“w”"] {
            assert!(text.contains(words), "{words}");
        }
        let page = answer(Output::Html);
        assert!(page.contains("<caption>All rows, weighted</caption>"));
        crate::page::is_sound(&page);
        let csv = answer(Output::Csv);
        let figure = if task == Task::Regression {
            "mae"
        } else {
            "roc_auc"
        };
        let figure = if task == Task::Multiclass {
            "accuracy"
        } else {
            figure
        };
        for line in [
            "source,,,weight column,w,".to_owned(),
            "performance,,,weighted.effective_n,".to_owned(),
            format!("performance,,,weighted.{figure},"),
            format!(",weighted.{figure}_difference,"),
        ] {
            assert!(csv.lines().any(|other| other.contains(&line)), "{line}");
        }
        let json: serde_json::Value = serde_json::from_str(&answer(Output::Json)).unwrap();
        crate::schema::keeps_to_the_schema(&json).unwrap();
        assert!(json["weighted"]["effective_n"].as_f64().unwrap() > 1000.0);
        let back = Assessment::from_json(answer(Output::Json).as_bytes()).unwrap();
        assert_eq!(
            back.of_other_task().unwrap().1.unwrap().figures.len(),
            json["weighted"]["figures"].as_array().unwrap().len()
        );
        let book = assess::export::to_xlsx(&back);
        assert!(!book.unwrap().is_empty());
    }
}
