//! Badges from a spreadsheet on the command line, here and on a server: what is printed, what scripts read,
//! and that it goes on where it was stopped.

use std::net::TcpListener;
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::harness::binary::{Badgeons, Ran};

/// The badge that is issued, and another.
const BADGE: &str = "participant-fresque-climat";
const OTHER: &str = "participant-fresque-oceane";

/// A spreadsheet of `rows` people; the address of every `faulty`-th has no @.
fn roster(rows: usize, faulty: usize) -> String {
    let row = |number: usize| {
        let at = if faulty > 0 && number.is_multiple_of(faulty) {
            "(at)"
        } else {
            "@"
        };
        format!("Prénom{number};Nom{number};personne{number}{at}example.org\n")
    };
    let rows: String = (0..rows).map(row).collect();
    format!("Prénom;Nom;Adresse\n{rows}")
}

/// What issues from `roster.csv`.
fn issue<'a>(badge: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    let mut command = vec![
        "issue",
        "--achievement",
        badge,
        "--spreadsheet",
        "roster.csv",
    ];
    command.extend(["--map", "Adresse=email", "--activity", "Fresquathon"]);
    command.extend(more);
    command
}

/// The same, on a server.
fn on<'a>(remote: &[&'a str], arguments: &[&'a str]) -> Vec<&'a str> {
    [arguments, remote].concat()
}

fn with_roster(rows: usize, faulty: usize) -> Badgeons {
    let badgeons = Badgeons::initialised();
    write(&badgeons, rows, faulty);
    badgeons
}

fn write(badgeons: &Badgeons, rows: usize, faulty: usize) {
    std::fs::write(badgeons.path("roster.csv"), roster(rows, faulty)).unwrap();
}

fn printed(ran: &Ran) -> String {
    String::from_utf8(ran.stdout.clone()).unwrap()
}

/// The identifier of the latest batch.
fn latest(badgeons: &Badgeons) -> String {
    let listed = badgeons
        .run(&["batches", "list", "--limit", "1", "--json"])
        .succeeded();
    listed.json()[0]["id"].as_str().unwrap().to_owned()
}

/// Without what is another one each time.
fn but_for_names(mut report: Value) -> Value {
    report["batch"] = Value::Null;
    for award in report["awards"].as_array_mut().unwrap() {
        award["id"] = Value::Null;
    }
    report
}

/// A server of an installation, until it is dropped.
struct Served {
    child: Child,
    address: String,
}

impl Served {
    fn of(badgeons: &Badgeons) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let listen = listener.local_addr().unwrap().to_string();
        drop(listener);
        let child = badgeons.start(&["serve", "--listen", &listen, "--rate-limit", "0"]);
        let start = Instant::now();
        while !badgeons.said().contains("Serving") {
            assert!(
                start.elapsed() < Duration::from_mins(1),
                "{}",
                badgeons.said()
            );
            std::thread::sleep(Duration::from_millis(50));
        }
        Self {
            child,
            address: format!("http://{listen}"),
        }
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn good_rows_are_issued_and_a_corrected_file_issues_the_rest() {
    let badgeons = with_roster(10, 5);
    let tried = badgeons
        .run(&issue(BADGE, &["--dry-run", "--json"]))
        .exits(3)
        .json();
    assert_eq!(tried["counts"]["issued"], 8);
    let issued = badgeons.run(&issue(BADGE, &["--json"])).exits(3).json();
    assert_eq!(issued["counts"]["issued"], 8);
    assert_eq!(issued["counts"]["rows_to_correct"], 2);
    assert_eq!(issued["complete"], true);
    write(&badgeons, 10, 0);
    let corrected = badgeons.run(&issue(BADGE, &["--json"])).succeeded().json();
    assert_eq!(corrected["counts"]["issued"], 2);
    assert_eq!(corrected["counts"]["already_issued"], 8);
}

#[test]
fn a_terminal_shows_fifty_cells_and_the_result_file_all() {
    let badgeons = with_roster(53, 1);
    let shown = printed(&badgeons.run(&issue(BADGE, &[])).exits(3));
    assert_eq!(shown.matches("There is no @").count(), 50, "{shown}");
    assert!(
        shown.contains("and 3 more: --result FILE writes them all"),
        "{shown}"
    );
    for (result, language, said) in [
        ("result.csv", "fr", "and 3 more: they are all in result.csv"),
        (
            "result.xlsx",
            "br",
            "and 3 more: they are all in result.xlsx",
        ),
    ] {
        let arguments = issue(BADGE, &["--result", result, "--language", language]);
        let shown = printed(&badgeons.run(&arguments).exits(3));
        assert!(shown.contains(said), "{shown}");
        assert!(!shown.contains("There is no @"), "{shown}");
    }
    let result = std::fs::read_to_string(badgeons.path("result.csv")).unwrap();
    assert_eq!(result.lines().count(), 54);
    assert_eq!(result.matches("À corriger").count(), 53);
}

#[test]
fn rows_are_told_of_in_the_language_of_whoever_types_and_json_in_english() {
    let badgeons = with_roster(1, 1)
        .with("LANG", "br_FR.UTF-8")
        .with("LC_ALL", "");
    let shown = printed(&badgeons.run(&issue(BADGE, &[])).exits(3));
    assert!(shown.contains("N’eus @ ebet"), "{shown}");
    let shown = printed(&badgeons.run(&issue(BADGE, &["--language", "en"])).exits(3));
    assert!(shown.contains("There is no @"), "{shown}");
    let report = badgeons.run(&issue(BADGE, &["--json"])).exits(3).json();
    assert_eq!(
        report["corrections"][0]["what"],
        "There is no @ in this address."
    );
}

#[test]
fn a_column_that_is_missing_is_told_of_in_that_language_too() {
    let badgeons = with_roster(1, 0).with("LC_ALL", "fr_FR.UTF-8");
    let mapped = issue(BADGE, &[]);
    let unmapped: Vec<_> = mapped[..5].to_vec();
    let refused = badgeons.run(&unmapped).exits(2).stderr;
    assert!(
        refused.contains("La feuille n’a pas de colonne") && refused.contains("--map"),
        "{refused}"
    );
    badgeons.run(&mapped).exits(0);
}

#[test]
fn the_organisers_own_file_is_not_written_over() {
    let badgeons = with_roster(2, 0);
    let refused = badgeons
        .run(&issue(BADGE, &["--result", "./roster.csv"]))
        .exits(2);
    assert!(
        refused.stderr.contains("name another file"),
        "{}",
        refused.stderr
    );
    badgeons
        .run(&issue(BADGE, &["--result", "result.pdf"]))
        .exits(2);
    assert_eq!(
        std::fs::read_to_string(badgeons.path("roster.csv")).unwrap(),
        roster(2, 0)
    );
}

#[test]
fn a_server_does_the_same_and_says_the_same() {
    let badgeons = with_roster(12, 4);
    let scopes = ["batches:write", "credentials:read", "credentials:revoke"];
    let mut create = vec!["tokens", "create", "--name", "Trial", "--json"];
    create.extend(scopes.iter().flat_map(|scope| ["--scope", scope]));
    let made = badgeons.run(&create).succeeded().json();
    let token = made["token"].as_str().unwrap().to_owned();
    let served = Served::of(&badgeons);
    let remote = ["--server", &served.address, "--token", &token];

    for dry_run in [&["--dry-run", "--json"][..], &["--json"]] {
        let here = badgeons.run(&issue(BADGE, dry_run)).exits(3).json();
        let there = badgeons
            .run(&on(&remote, &issue(OTHER, dry_run)))
            .exits(3)
            .json();
        let there = there.to_string().replace(OTHER, BADGE);
        let there = serde_json::from_str(&there).unwrap();
        assert_eq!(but_for_names(here), but_for_names(there));
    }
    let id = latest(&badgeons);
    for what in [
        &["batches", "list", "--json"][..],
        &["batches", "show", &id, "--json"],
        &["batches", "show", &id, "--report"],
        &[
            "batches",
            "rows",
            &id,
            "--outcome",
            "to_correct",
            "--limit",
            "2",
        ],
        &["batches", "rows", &id, "--limit", "3", "--json"],
    ] {
        let here = badgeons.run(what).succeeded();
        let there = badgeons.run(&on(&remote, what)).succeeded();
        assert_eq!(printed(&here), printed(&there), "{what:?}");
    }
    for (what, code) in [
        (&["batches", "pause", &id][..], 2),
        (&["batches", "show", "nothing"], 2),
        (&["batches", "rows", &id, "--limit", "0"], 2),
    ] {
        let there = badgeons.run(&on(&remote, what)).exits(code);
        assert!(!there.stderr.contains(&token));
    }
    badgeons
        .run(&on(
            &remote,
            &["batches", "badges", &id, "--out", "badges.zip"],
        ))
        .succeeded();
    let archive = std::fs::read(badgeons.path("badges.zip")).unwrap();
    assert!(archive.starts_with(b"PK"));
    let revoke = [
        "batches",
        "revoke",
        &id,
        "--reason",
        "The wrong sheet",
        "--json",
    ];
    let revoked = badgeons.run(&on(&remote, &revoke)).succeeded().json();
    assert_eq!(revoked, json!({ "changed": 9, "were_so_already": 0 }));
    let wrong = [
        "batches",
        "list",
        "--server",
        &served.address,
        "--token",
        "bdg_wrong",
    ];
    badgeons.run(&wrong).exits(2);
}

#[test]
fn a_server_that_is_not_ours_to_trust_is_told_nothing() {
    let badgeons = with_roster(1, 0);
    for server in [
        "http://badges.example.org",
        "badges.example.org",
        "ftp://localhost",
    ] {
        let arguments = issue(BADGE, &["--server", server, "--token", "bdg_x"]);
        badgeons.run(&arguments).exits(2);
    }
    let arguments = issue(BADGE, &["--server", "http://127.0.0.1:1"]);
    let refused = badgeons.run(&arguments).exits(2);
    assert!(
        refused.stderr.contains("BADGEONS_TOKEN"),
        "{}",
        refused.stderr
    );
    let arguments = issue(
        BADGE,
        &["--server", "http://127.0.0.1:1", "--token", "bdg_x"],
    );
    badgeons.run(&arguments).exits(1);
    let badgeons = badgeons.with("BADGEONS_TOKEN", "bdg_secret");
    let help = printed(&badgeons.run(&["issue", "--help"]).succeeded());
    assert!(help.contains("BADGEONS_TOKEN") && !help.contains("bdg_secret"));
}

#[test]
fn stopped_with_ctrl_c_the_same_command_goes_on_where_it_was() {
    const ROWS: usize = 9_000;
    let badgeons = with_roster(ROWS, 0);
    let mut child = badgeons.start(&issue(BADGE, &[]));
    let start = Instant::now();
    loop {
        let batches = badgeons
            .run(&["batches", "list", "--json"])
            .succeeded()
            .json();
        if batches[0]["state"] == "running" {
            break;
        }
        assert!(
            start.elapsed() < Duration::from_mins(2),
            "{}",
            badgeons.said()
        );
        std::thread::sleep(Duration::from_millis(20));
    }
    let interrupt = ["-INT", &child.id().to_string()];
    assert!(
        Command::new("kill")
            .args(interrupt)
            .status()
            .unwrap()
            .success()
    );
    assert_eq!(
        child.wait().unwrap().code(),
        Some(130),
        "{}",
        badgeons.said()
    );
    assert!(
        badgeons
            .said()
            .contains("the same command goes on from there"),
        "{}",
        badgeons.said()
    );
    let id = latest(&badgeons);
    let show = ["batches", "show", &id, "--json"];
    let stopped = badgeons.run(&show).succeeded().json();
    assert_eq!(stopped["state"], "paused");
    assert!(stopped["rows_done"].as_u64().unwrap() < 9_000, "{stopped}");
    let report = badgeons.run(&issue(BADGE, &["--json"])).succeeded().json();
    assert_eq!(report["batch"], json!(id));
    assert_eq!(report["counts"]["issued"], ROWS);
}

#[test]
fn a_batch_is_erased_with_its_rows() {
    let badgeons = with_roster(3, 0);
    badgeons.run(&issue(BADGE, &[])).succeeded();
    let id = latest(&badgeons);
    let done = badgeons.run(&["batches", "erase", &id]).succeeded();
    assert!(printed(&done).contains("3 badges erased"));
    badgeons.run(&["batches", "rows", &id]).exits(2);
    badgeons
        .run(&["batches", "result", &id, "--out", "result.csv"])
        .exits(2);
    let none = badgeons.run(&["batches", "run"]).succeeded();
    assert!(printed(&none).contains("No batch waits."));
}

#[test]
fn a_badge_class_says_what_becomes_of_what_was_issued_before() {
    let badgeons = with_roster(2, 0);
    badgeons.run(&issue(BADGE, &[])).succeeded();
    for (decided, code, count) in [
        ("skip", 0, "already_issued"),
        ("refuse", 3, "refused"),
        ("allow", 0, "issued"),
    ] {
        let decide = ["achievements", "duplicates", BADGE, decided, "--json"];
        let told = badgeons.run(&decide).succeeded().json();
        assert_eq!(told["duplicates"], decided);
        let report = badgeons.run(&issue(BADGE, &["--json"])).exits(code).json();
        assert_eq!(report["counts"][count], 2, "{decided}");
    }
    badgeons
        .run(&["achievements", "duplicates", "nothing", "skip"])
        .exits(2);
    badgeons
        .run(&["achievements", "duplicates", BADGE, "perhaps"])
        .exits(2);
}
