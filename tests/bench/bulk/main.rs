//! Bulk issuing, from a file to durable and verifiable credentials, beside what bounds it: signatures,
//! inserts and fsyncs a second, measured in the same run.
//!
//! `cargo bench --bench bulk -- --rows 100000`, on SQLite; `--postgres URL` on an empty PostgreSQL database
//! instead. Flat means that the last tenth of the rows goes as fast as the first.

#![allow(
    clippy::cast_precision_loss,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::unwrap_used,
    missing_docs,
    reason = "a benchmark prints, and fails by panicking"
)]

mod limits;

use std::cell::RefCell;
use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::Path;
use std::time::Instant;

use badgeons::config::{Database, Settings};
use badgeons::services::batches::Roster;
use badgeons::services::issuers::NewIssuer;
use badgeons::services::presenting::{Format, Pictures};
use badgeons::services::{Services, World};
use badgeons::spreadsheet::Mapping;

#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

const BADGE: &str = "participant-fresque-climat";

fn main() {
    let mut rows = 100_000_usize;
    let mut postgres = None;
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--rows" => rows = arguments.next().unwrap().parse().unwrap(),
            "--postgres" => postgres = arguments.next(),
            // What cargo gives every benchmark.
            _ => {}
        }
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(run(rows, postgres));
}

async fn run(rows: usize, postgres: Option<String>) {
    let folder = tempfile::tempdir_in(std::env::current_dir().unwrap().join("target")).unwrap();
    println!("raw limits, this machine, this run");
    let signs = limits::signatures();
    println!("  {signs:>9.0} Ed25519 signatures/s on all cores (64 bytes each)");
    println!("  {:>9.0} fsyncs/s of 4 KiB", limits::fsyncs(folder.path()));
    let inserts = match &postgres {
        None => limits::sqlite_inserts(folder.path()).await,
        Some(url) => limits::postgres_inserts(url).await,
    };
    println!(
        "  {inserts:>9.0} inserts/s of 600 bytes with a key, 100 in a statement, 1,000 in a commit"
    );

    let file = folder.path().join("roster.csv");
    write_roster(&file, rows);
    let services = installation(folder.path(), postgres.as_deref()).await;
    let before = limits::memory();
    let begun = Instant::now();
    let received = RefCell::new(begun);
    let marks = RefCell::new(vec![(begun, 0)]);
    let roster = Roster {
        name: "roster.csv".into(),
        file: Box::new(File::open(&file).unwrap()),
        achievement: BADGE.into(),
        activity: None,
        mapping: Mapping::default(),
        dry_run: false,
    };
    let report = services
        .import_roster(
            None,
            roster,
            |_| *received.borrow_mut() = Instant::now(),
            |done| marks.borrow_mut().push((Instant::now(), done)),
        )
        .await
        .unwrap();
    let ended = Instant::now();
    assert_eq!(report.dealt.counts.issued, rows);
    let (received, marks) = (received.into_inner(), marks.into_inner());
    let rate = |from: usize, to: usize| {
        let at = |rows: usize| {
            let mark = marks
                .iter()
                .rev()
                .find(|(at, done)| *done <= rows && *at >= received);
            mark.copied().unwrap_or((received, 0))
        };
        let ((start, from), (end, to)) = (at(from), at(to));
        (to - from) as f64 / (end - start).as_secs_f64()
    };
    let all = rows as f64 / (ended - begun).as_secs_f64();
    let tenth = rows / 10;
    let (first, last) = (rate(1_000.min(tenth), tenth), rate(rows - tenth, rows));
    println!(
        "bulk issuing of {rows} rows, eddsa-rdfc-2022, on {}",
        database(postgres.as_deref())
    );
    println!("  {all:>9.0} credentials/s, from the file to durable");
    println!(
        "  {:>9.2} s to read the file and lay it out",
        (received - begun).as_secs_f64()
    );
    println!(
        "  {first:>9.0} credentials/s in the first tenth, {last:.0} in the last ({:.2})",
        last / first
    );
    println!("  {:>9.2} of the signatures/s", all / signs);
    println!("  {:>9.2} of the inserts/s", all / inserts);
    println!(
        "  {:>9} MiB of memory at most, {before} before",
        limits::memory()
    );
    let id = report
        .dealt
        .awards
        .last()
        .and_then(|award| award.fate.id())
        .unwrap();
    let document = services
        .present(id, Format::Json, &mut Pictures::default())
        .await
        .unwrap();
    println!("  {:>9} bytes in a credential", document.len());
    let size = match &postgres {
        None => limits::size(folder.path()),
        Some(url) => limits::postgres_size(url).await,
    };
    println!("  {:>9} bytes of database for each", size / rows as u64);
    services.close().await;
}

fn database(postgres: Option<&str>) -> &'static str {
    if postgres.is_some() {
        "PostgreSQL"
    } else {
        "SQLite, synchronous=FULL"
    }
}

/// People nobody is, each with an address of their own.
fn write_roster(file: &Path, rows: usize) {
    let mut file = BufWriter::new(File::create(file).unwrap());
    writeln!(file, "Prénom;Nom;Courriel;Structure").unwrap();
    for row in 0..rows {
        writeln!(
            file,
            "Enora{row};Le Coz;personne{row}@example.org;Lycée Modèle {}",
            row % 50
        )
        .unwrap();
    }
    file.flush().unwrap();
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
    let world = World::real(false);
    Services::initialise(settings, world, issuer)
        .await
        .unwrap()
        .0
}
