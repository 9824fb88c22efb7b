//! Whether what people wait for takes longer in a database of ten million credentials than in one of ten
//! thousand: issuing one, reading, revoking, listing, publishing a status list.
//!
//! `cargo bench --bench scale -- --rows 10000000`, on SQLite; `--postgres URL` on an empty PostgreSQL database
//! instead (two are needed: `--small URL` is the other). Most rows are copies of real ones, made by the
//! database itself; each has an identifier, keys and a place of its own.

#![allow(
    clippy::cast_precision_loss,
    clippy::expect_used,
    clippy::large_futures,
    clippy::semicolon_if_nothing_returned,
    clippy::panic,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::unwrap_used,
    missing_docs,
    reason = "a benchmark prints, and fails by panicking"
)]

mod filling;

use std::path::Path;
use std::time::{Duration, Instant};

use badgeons::config::{Database, Settings};
use badgeons::ids::{CredentialId, StatusListId};
use badgeons::openbadges::model::Timestamp;
use badgeons::recognition::entry::{Entry, Field, Place};
use badgeons::services::batches::How;
use badgeons::services::credentials::Wanted;
use badgeons::services::issuers::NewIssuer;
use badgeons::services::presenting::{Format, Pictures};
use badgeons::services::standing::StatusChange;
use badgeons::services::{Services, World};

#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

const BADGE: &str = "participant-fresque-climat";
const RARE: &str = "animateur-fresque";

/// How often each thing is done.
const TIMES: usize = 200;

fn main() {
    let (mut rows, mut postgres, mut small) = (1_000_000_u64, None, None);
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--rows" => rows = arguments.next().unwrap().parse().unwrap(),
            "--postgres" => postgres = arguments.next(),
            "--small" => small = arguments.next(),
            // What cargo gives every benchmark.
            _ => {}
        }
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let few = measured(10_000, small).await;
        let many = measured(rows, postgres).await;
        println!(
            "{:<44} {:>12} {:>12} {:>7}",
            "median of 200, in microseconds", "10,000", rows, "ratio"
        );
        for ((what, few), (_, many)) in few.iter().zip(&many) {
            let (few, many) = (few.as_secs_f64() * 1e6, many.as_secs_f64() * 1e6);
            println!("{what:<44} {few:>12.0} {many:>12.0} {:>7.2}", many / few);
        }
    });
}

/// How long each thing takes in a database of that many credentials.
async fn measured(rows: u64, postgres: Option<String>) -> Vec<(&'static str, Duration)> {
    let folder = tempfile::tempdir_in(std::env::current_dir().unwrap().join("target")).unwrap();
    let services = installation(folder.path(), postgres.as_deref()).await;
    for number in 0..TIMES {
        issue(&services, BADGE, &format!("seed{number}")).await;
    }
    issue(&services, RARE, "rare").await;
    let begun = Instant::now();
    let sqlite = folder.path().join("badgeons.db");
    let sample = filling::fill(postgres.as_deref(), &sqlite, rows).await;
    eprintln!(
        "{rows} credentials are there after {:.0} s",
        begun.elapsed().as_secs_f64()
    );

    let mut times = Vec::new();
    let mut told = |what, time: Duration| {
        eprintln!("{what}: {} µs", time.as_micros());
        times.push((what, time));
    };
    let mut number = 0;
    let (time, ids) = timed(|| {
        number += 1;
        let services = &services;
        async move { issue(services, BADGE, &format!("late{number}")).await }
    })
    .await;
    told("issue one", time);
    let mut next = sample.ids.iter().cycle();
    told(
        "read one, as it was signed",
        median(|| {
            let (services, id) = (&services, *next.next().unwrap());
            async move {
                drop(
                    services
                        .present(id, Format::Json, &mut Pictures::default())
                        .await
                        .unwrap(),
                )
            }
        })
        .await,
    );
    let mut next = sample.ids.iter();
    told(
        "revoke one",
        median(|| {
            let (services, id) = (&services, next.next().unwrap().to_string());
            async move {
                drop(
                    services
                        .change_status(&id, StatusChange::Revoke, "x")
                        .await
                        .unwrap(),
                )
            }
        })
        .await,
    );
    for (what, wanted) in lists(&sample, rows, services.now()) {
        told(
            what,
            median(|| {
                let (services, wanted) = (&services, wanted.clone());
                async move { drop(services.credentials(None, &wanted).await.unwrap()) }
            })
            .await,
        );
    }
    let mut next = ids.iter();
    told(
        "publish a status list that has changed",
        median(|| {
            let (services, id, list) = (&services, next.next().unwrap().to_string(), sample.list);
            async move {
                services
                    .change_status(&id, StatusChange::Revoke, "x")
                    .await
                    .unwrap();
                drop(services.status_list(list).await.unwrap());
            }
        })
        .await,
    );
    services.close().await;
    times
}

fn lists(sample: &filling::Sample, rows: u64, now: Timestamp) -> Vec<(&'static str, Wanted)> {
    // The day on which the badge in the middle was issued, as the filling counts days.
    let days = i64::try_from(rows / 2 / filling::A_DAY).unwrap();
    let at = |hours| Timestamp::from(now.instant() + time::Duration::hours(hours - 24 * days));
    let all = Wanted {
        limit: 50,
        ..Wanted::default()
    };
    vec![
        ("list the latest 50", all.clone()),
        (
            "list 50 in the middle",
            Wanted {
                cursor: Some(sample.middle),
                ..all.clone()
            },
        ),
        (
            "list 50 of one badge class",
            Wanted {
                achievement: Some(BADGE.into()),
                ..all.clone()
            },
        ),
        (
            "list those of a rare badge class",
            Wanted {
                achievement: Some(RARE.into()),
                ..all.clone()
            },
        ),
        (
            "list those of an address",
            Wanted {
                email: Some("late7@example.org".into()),
                ..all.clone()
            },
        ),
        (
            "list 50 that are revoked",
            Wanted {
                standing: Some("revoked".into()),
                ..all.clone()
            },
        ),
        (
            "list 50 of a day in the middle",
            Wanted {
                issued_from: Some(at(-12)),
                issued_before: Some(at(12)),
                ..all
            },
        ),
    ]
}

/// The median time of doing a thing, and what came of it each time.
async fn timed<T, F: Future<Output = T>>(mut work: impl FnMut() -> F) -> (Duration, Vec<T>) {
    let (mut times, mut results) = (Vec::with_capacity(TIMES), Vec::with_capacity(TIMES));
    for _ in 0..TIMES {
        let begun = Instant::now();
        results.push(work().await);
        times.push(begun.elapsed());
    }
    times.sort_unstable();
    (times[TIMES / 2], results)
}

async fn median<T, F: Future<Output = T>>(work: impl FnMut() -> F) -> Duration {
    timed(work).await.0
}

async fn issue(services: &Services, badge: &str, who: &str) -> CredentialId {
    let field = |text: &str| {
        let place = Place {
            column: "".into(),
            heading: "".into(),
        };
        Some(Field {
            value: text.to_owned(),
            text: text.to_owned(),
            place,
        })
    };
    let entry = Entry {
        row: 1,
        full_name: field(who),
        email: field(&format!("{who}@example.org")),
        ..Entry::default()
    };
    let dealt = services
        .issue_entry(None, badge, entry, None, How::Once)
        .await
        .unwrap();
    dealt.awards[0].fate.id().unwrap()
}

async fn installation(folder: &Path, postgres: Option<&str>) -> Services {
    let database = match postgres {
        Some(url) => Database::parse(url.into()).unwrap(),
        None => Database::Sqlite(folder.join("badgeons.db")),
    };
    let settings = Settings {
        data_dir: folder.to_owned(),
        keys_dir: folder.join("keys"),
        database,
        public_url: Some("https://badges.example.org".parse().unwrap()),
        allow_loopback: false,
    };
    let issuer = NewIssuer {
        name: "Pays de Vannes".into(),
        slug: None,
        url: None,
        email: None,
        country: None,
        region: None,
        siret: None,
    };
    Services::initialise(settings, World::real(false), issuer)
        .await
        .unwrap()
        .0
}

/// What a list is published by.
pub(crate) type List = StatusListId;
