//! What the audit log costs, on the database at a URL: `ledger URL writers SECONDS`, `ledger URL seal`, `ledger URL verify`.
//! Run by bench/ledger.sh.
use backend::{Portal, Settings, model, person, seal, session};
use domain::{
    Actor,
    actor::Role,
    model::Description,
    person::{Duties, Newcomer},
};
use ledger::{SigningKey, cosignature::Quorum};
use sqlx::{PgPool, query, query_scalar};
use std::{
    error::Error,
    future::Future,
    time::{Duration, Instant},
};
use tokio::task::JoinSet;

type Outcome<T = ()> = Result<T, Box<dyn Error + Send + Sync>>;

const ORIGIN: &str = "bench.example/log";
const WRITERS: u32 = 32;
/// How often the two kinds of writing take turns, so that neither has the machine's better moments.
const TURNS: u32 = 4;

#[tokio::main]
async fn main() -> Outcome {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        [url, "writers", seconds] => writers(url, Duration::from_secs(seconds.parse()?)).await,
        [url, "seal"] => sealing(url).await,
        [url, "verify"] => verifying(url).await,
        _ => Err("which database, and writers SECONDS, seal or verify?".into()),
    }
}

async fn open(url: &str) -> Outcome<(Portal, PgPool)> {
    let pool = Portal::connect(url.parse()?, WRITERS + 2).await?;
    let folder = tempfile::tempdir()?;
    let settings = Settings {
        origin: ORIGIN.into(),
        key: SigningKey::from_seed(ORIGIN, &[7; 32])?,
        quorum: Quorum::default(),
        files: folder.path().join("files"),
        bucket: None,
        artifacts: Vec::new(),
        host: targets::Host {
            mlserver: "mlserver".into(),
            work_dir: folder.path().join("deployments"),
            fronts: targets::Fronts::default(),
        },
    };
    Ok((Portal::new(pool.clone(), settings)?, pool))
}

/// New models: through the use case with its entry, and by the same statements without one.
async fn writers(url: &str, each: Duration) -> Outcome {
    let (portal, pool) = open(url).await?;
    let duties = Duties::new(vec![Role::Engineer], Vec::new())?;
    let newcomer = Newcomer::new("bench@portal.example", "Bench", duties)?;
    let engineer = person::add_by_operator(&portal, newcomer, "correct horse battery".into()).await?;
    let engineer = session::actor(&portal, engineer).await?.ok_or("nobody")?;
    let mut sealing = JoinSet::new();
    sealing.spawn(seal::run(portal.clone()));
    let (mut with, mut without) = (0, 0);
    for turn in 0..TURNS {
        let (portal, pool, one, other) = (portal.clone(), pool.clone(), engineer.clone(), engineer.clone());
        let name = move |kind, place| format!("{kind}-{turn}-{place}");
        let audited = move |place| audited(portal.clone(), one.clone(), name("with", place));
        let bare = move |place| bare(pool.clone(), other.clone(), name("without", place));
        with += together(each / TURNS, audited).await?;
        without += together(each / TURNS, bare).await?;
    }
    let rate = |count: u32| f64::from(count) / each.as_secs_f64();
    println!(
        "{WRITERS} writers: {:.0} changes/s with their entries, {:.0} without: ratio {:.2}",
        rate(with),
        rate(without),
        rate(with) / rate(without)
    );
    Ok(())
}

/// How often all writers together did it. Each time has a place of its own.
async fn together<F>(each: Duration, write: impl Fn(String) -> F + Clone + Send + 'static) -> Outcome<u32>
where
    F: Future<Output = Outcome> + Send + 'static,
{
    let until = Instant::now() + each;
    let mut writers = JoinSet::new();
    for writer in 0..WRITERS {
        let write = write.clone();
        writers.spawn(async move {
            let mut count = 0;
            while Instant::now() < until {
                write(format!("{writer}-{count}")).await?;
                count += 1;
            }
            Outcome::Ok(count)
        });
    }
    let mut sum = 0;
    while let Some(count) = writers.join_next().await {
        sum += count??;
    }
    Ok(sum)
}

async fn audited(portal: Portal, engineer: Actor, name: String) -> Outcome {
    let description = Description::new(&name, "Shows what an entry costs.", "minimal")?;
    model::create(&portal, &engineer, description).await?;
    Ok(())
}

#[expect(
    clippy::disallowed_methods,
    reason = "a change without an entry is what is measured here"
)]
async fn bare(pool: PgPool, engineer: Actor, name: String) -> Outcome {
    let mut tx = pool.begin().await?;
    let person = uuid::Uuid::from(engineer.id);
    query("select active and roles = $2 and disciplines = $3 from people where id = $1 for share")
        .bind(person)
        .bind(vec!["engineer"])
        .bind(Vec::<String>::new())
        .fetch_one(&mut *tx)
        .await?;
    let id: i64 = query_scalar("select nextval(pg_get_serial_sequence('models', 'id'))")
        .fetch_one(&mut *tx)
        .await?;
    query(
        "insert into models (id, name, purpose, tier, owner, created_at) values ($1, $2, $3, $4, $5, now())",
    )
    .bind(id)
    .bind(name)
    .bind("Shows what an entry costs.")
    .bind("minimal")
    .bind(person)
    .execute(&mut *tx)
    .await?;
    Ok(tx.commit().await?)
}

async fn sealing(url: &str) -> Outcome {
    let (portal, pool) = open(url).await?;
    let waiting: i64 = query_scalar("select count(*) from unsealed_entries")
        .fetch_one(&pool)
        .await?;
    let from = Instant::now();
    seal::seal_now(&portal).await?;
    report("integrated", waiting.unsigned_abs(), from.elapsed());
    Ok(())
}

async fn verifying(url: &str) -> Outcome {
    let (portal, _) = open(url).await?;
    let from = Instant::now();
    let whole = seal::check(&portal).await??;
    report("verified", whole.size, from.elapsed());
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "a rate for people to read")]
fn report(what: &str, entries: u64, took: Duration) {
    let seconds = took.as_secs_f64();
    println!(
        "{what} {entries} entries in {seconds:.2} s: {:.0}/s",
        entries as f64 / seconds
    );
}
