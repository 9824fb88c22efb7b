//! The house rules (who may name whom, and how files and folders look), enforced on `src/` instead of
//! hoped for.
//!
//! A new room gets its line in [`ROOMS`]. How a rule is enforced is in [`crate::house_rules`].

use std::path::Path;

use crate::house_rules::{Breach, Room, files, judge, room};

/// The rooms of `src/` and what each may name beside itself; first those that others stand on, so that
/// there are no cycles.
pub(crate) const ROOMS: [Room; 26] = [
    // The pure core, in its own order. `canonical` could be a crate of its own.
    room("openbadges::json", &[]),
    room("openbadges::canonical", &["openbadges::json"]),
    room("openbadges::model", &["openbadges::json"]),
    room(
        "openbadges::keys",
        &["openbadges::json", "openbadges::model"],
    ),
    room(
        "openbadges::did",
        &["openbadges::json", "openbadges::model", "openbadges::keys"],
    ),
    room(
        "openbadges::proof",
        &[
            "openbadges::json",
            "openbadges::canonical",
            "openbadges::model",
            "openbadges::keys",
            "openbadges::did",
        ],
    ),
    room(
        "openbadges::status",
        &["openbadges::json", "openbadges::model"],
    ),
    room(
        "openbadges::baking",
        &["openbadges::json", "openbadges::model"],
    ),
    room("openbadges::verify", &["openbadges"]),
    room("openbadges", &[]),
    room("recognition", &["openbadges::model"]),
    // It sets texts and pictures, whatever they say and show.
    room("printing", &[]),
    // Sentences by their English text: it knows nobody who says them.
    room("texts", &[]),
    // The world, one door each.
    room("clock", &[]),
    room("entropy", &[]),
    room("ids", &["entropy"]),
    room("config", &[]),
    room("spreadsheet", &["openbadges::model", "recognition", "ids"]),
    // The seed of a status list is drawn inside the transaction that begins it.
    room(
        "store",
        &["openbadges", "recognition", "ids", "config", "entropy"],
    ),
    // A sealed key is bound to its identifiers, with a nonce of its own.
    room(
        "keystore",
        &["openbadges::keys", "ids", "config", "entropy"],
    ),
    room("fetch", &["openbadges::did", "config", "clock"]),
    // What the product does, and the two ways to ask for it.
    room(
        "services",
        &[
            "openbadges",
            "recognition",
            "printing",
            "clock",
            "entropy",
            "ids",
            "config",
            "spreadsheet",
            "store",
            "keystore",
            "fetch",
            // Organisers get their own sheet back, with what became of each row in their language.
            "texts",
        ],
    ),
    // A badge asked for by a program is the row of a roster, whose fields `recognition` knows; how a
    // roster's columns were understood is told as `spreadsheet` understood them.
    room(
        "web",
        &[
            "services",
            "openbadges",
            "recognition",
            "spreadsheet",
            "printing",
            "texts",
            "ids",
            "config",
        ],
    ),
    room(
        "cli::serve",
        &["services", "openbadges", "ids", "config", "web", "cli"],
    ),
    room(
        "cli",
        &[
            "services",
            "openbadges",
            "recognition",
            "spreadsheet",
            "texts",
            "ids",
            "config",
            "cli::serve",
        ],
    ),
    room("main", &["cli"]),
];

/// What of the world may be named, and in which rooms only.
pub(crate) const DOORS: [(&str, &[&str]); 19] = [
    ("std::env", &["config"]),
    ("std::net", &["config", "fetch", "web", "cli::serve"]),
    ("getrandom", &["entropy"]),
    ("sqlx", &["store"]),
    // Other people's URLs go through the guarded door, `fetch`. The command line speaks to one server
    // alone: the operator's own, which the guard would refuse where it is on this machine.
    ("reqwest", &["fetch", "cli::remote"]),
    ("rustls", &["fetch", "cli::remote"]),
    ("axum", &["web"]),
    ("tower_http", &["web"]),
    ("tracing_subscriber", &["cli::serve"]),
    ("clap", &["cli", "main"]),
    ("anyhow", &["cli", "main"]),
    ("indicatif", &["cli"]),
    ("anstream", &["cli"]),
    ("anstyle", &["cli"]),
    ("calamine", &["spreadsheet"]),
    ("krilla", &["printing"]),
    ("harfrust", &["printing"]),
    ("skrifa", &["printing"]),
    ("qrcode", &["printing"]),
];

/// The rooms without a world: values in, values out.
pub(crate) const PURE: [&str; 4] = ["openbadges", "recognition", "printing", "texts"];

/// What the pure rooms never name (of `std::time`, a duration is a value like any other).
pub(crate) const WORLD: [&str; 17] = [
    "std::fs",
    "std::env",
    "std::net",
    "std::time::Instant",
    "std::time::SystemTime",
    "std::thread",
    "std::process",
    "tokio",
    "sqlx",
    "axum",
    "reqwest",
    "rustls",
    "getrandom",
    "rand",
    "clap",
    "anyhow",
    "indicatif",
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

#[track_caller]
fn assert_kept(breaches: &[Breach]) {
    let list: Vec<String> = breaches.iter().map(Breach::to_string).collect();
    assert!(
        list.is_empty(),
        "the house rules are broken:\n{}\n",
        list.join("\n")
    );
}

#[test]
fn every_module_names_only_what_its_room_may_name() {
    let files = files::rust_files(root(), "src");
    assert!(files.len() > 10, "src/ was not found");
    assert_kept(&judge::breaches(&files));
}

#[test]
fn the_rooms_stand_in_one_order() {
    judge::assert_ordered();
}

#[test]
fn files_are_short_and_folders_have_doors() {
    let mut files = files::rust_files(root(), "src");
    let doors = files::doors(&files);
    files.extend(files::rust_files(root(), "tests"));
    let breaches: Vec<Breach> = files.iter().filter_map(files::long).chain(doors).collect();
    assert_kept(&breaches);
}

#[test]
fn no_file_has_a_name_that_says_nothing() {
    let files = files::paths(root(), "src")
        .into_iter()
        .chain(files::paths(root(), "tests"));
    assert_kept(
        &files
            .filter_map(|path| files::vague(&path))
            .collect::<Vec<_>>(),
    );
}

#[test]
fn every_dependency_says_what_it_is_for() {
    let manifest = std::fs::read_to_string(root().join("Cargo.toml")).unwrap();
    assert_kept(&files::uncommented_dependencies(&manifest));
}

#[test]
fn the_root_holds_what_the_customer_wants_to_see_there() {
    let ignored = std::fs::read_to_string(root().join(".gitignore")).unwrap();
    let names = std::fs::read_dir(root()).unwrap();
    let names = names.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    assert_kept(&files::strangers(names, &ignored));
}
