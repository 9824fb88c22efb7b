//! Each rule with a file that breaks it and nothing else.

use super::files;
use super::{Source, judge};

/// The rules broken by a file of that path and text.
fn rules(path: &str, text: &str) -> Vec<String> {
    let file = Source {
        path: path.into(),
        text: text.into(),
    };
    judge::breaches(&[file])
        .into_iter()
        .map(|breach| breach.rule)
        .collect()
}

#[track_caller]
fn refused(path: &str, text: &str, because: &str) {
    let rules = rules(path, text);
    assert!(
        rules.len() == 1 && rules[0].contains(because),
        "{path}: {text}: {rules:?}"
    );
}

#[track_caller]
fn allowed(path: &str, text: &str) {
    assert_eq!(rules(path, text), Vec::<String>::new(), "{path}: {text}");
}

#[test]
fn a_room_may_name_what_its_line_says_and_no_more() {
    for (path, good, bad) in [
        (
            "src/recognition/levels.rs",
            "openbadges::model::X",
            "openbadges::verify::X",
        ),
        ("src/spreadsheet/csv.rs", "recognition::X", "services::X"),
        ("src/store/audit.rs", "ids::AuditId", "keystore::X"),
        ("src/store/audit.rs", "entropy::Entropy", "clock::Clock"),
        (
            "src/keystore/mod.rs",
            "openbadges::keys::SecretKey",
            "store::Store",
        ),
        ("src/fetch/http.rs", "clock::Clock", "services::Services"),
        (
            "src/services/issuing.rs",
            "store::Store",
            "cli::print::Printer",
        ),
        ("src/services/issuing.rs", "keystore::X", "web::X"),
        (
            "src/web/api/credentials.rs",
            "services::Services",
            "store::Store",
        ),
        ("src/cli/issue.rs", "services::Services", "store::Store"),
        (
            "src/cli/issue.rs",
            "openbadges::baking::png::bake",
            "store::Store",
        ),
        ("src/main.rs", "cli::run", "store::Store"),
        ("src/ids.rs", "entropy::Entropy", "openbadges::X"),
        ("src/clock.rs", "clock::Clock", "entropy::X"),
    ] {
        allowed(path, &format!("use crate::{good};"));
        refused(path, &format!("use crate::{bad};"), "may not name");
    }
}

#[test]
fn the_core_is_built_in_one_order() {
    for (part, good, bad) in [
        ("canonical", "json::is_same", "model::X"),
        ("model", "json::parse", "proof::X"),
        ("keys", "model::Timestamp", "did::Did"),
        ("did", "keys::PublicKey", "proof::X"),
        ("proof", "canonical::jcs", "verify::X"),
        ("status", "model::checked::Unsigned", "proof::X"),
        ("baking", "json", "canonical::X"),
        ("verify", "proof::vc_jwt", "nowhere::X"),
    ] {
        let path = format!("src/openbadges/{part}/x.rs");
        allowed(&path, &format!("use crate::openbadges::{good};"));
        refused(
            &path,
            &format!("use crate::openbadges::{bad};"),
            "may not name",
        );
    }
    refused(
        "src/openbadges/verify/mod.rs",
        "use crate::recognition::X;",
        "may not name",
    );
}

#[test]
fn only_serve_may_name_the_web() {
    allowed("src/cli/serve.rs", "use crate::web;");
    refused("src/cli/issue.rs", "use crate::web;", "may not name");
}

#[test]
fn the_pure_rooms_have_no_world() {
    for path in [
        "src/openbadges/proof/vc_jwt.rs",
        "src/recognition/levels.rs",
    ] {
        for import in [
            "std::fs",
            "std::env::var",
            "std::net::IpAddr",
            "std::time::SystemTime",
            "std::thread",
            "std::process::exit",
            "tokio::task",
            "sqlx::Row",
            "reqwest::Client",
            "axum::Router",
            "rand::rng",
        ] {
            let rules = rules(path, &format!("use {import};"));
            assert!(
                rules.iter().any(|rule| rule.contains("is pure")),
                "{import}: {rules:?}"
            );
        }
        refused(
            path,
            "fn f() { let _ = time::OffsetDateTime::now_utc(); }",
            "is pure",
        );
        refused(path, "use crate::clock::Clock;", "may not name");
        allowed(
            path,
            "use std::io::Read; use std::time::Duration; use time::OffsetDateTime;",
        );
    }
}

#[test]
fn each_door_to_the_world_is_in_one_room() {
    for (door, import) in [
        ("src/store/mod.rs", "sqlx::Row"),
        ("src/fetch/http.rs", "reqwest::Client"),
        ("src/config/mod.rs", "std::env::var"),
        ("src/entropy.rs", "getrandom::fill"),
        ("src/cli/mod.rs", "clap::Parser"),
        ("src/cli/print.rs", "anyhow::Error"),
        ("src/web/mod.rs", "axum::Router"),
    ] {
        allowed(door, &format!("use {import};"));
        refused(
            "src/services/issuing.rs",
            &format!("use {import};"),
            "is named in",
        );
    }
}

#[test]
fn a_name_is_found_however_it_is_written() {
    let path = "src/web/api/credentials.rs";
    for text in [
        "use crate::store::Store;",
        "pub(crate) use crate::{services::Services, store::{self, Store as _}};",
        "use super::super::super::store;",
        "use badgeons::store::Store;",
        "use ::badgeons::store::Store;",
        "fn f() { crate::store::open(); }",
        "fn f(store: &crate::store::Store) {}",
        "impl crate::store::X for Y {}",
        "fn f() { use crate::store; }",
        "mod inner { use super::super::super::super::store; }",
        "fn f() -> Vec<Option<crate::store::Store>> { todo() }",
        "fn f() { assert_eq!(1, crate::store::open()); }",
        "macro_rules! m { () => { $crate::store::open() } }",
        "m! { use crate::{services::Services, store::{Store}}; }",
        "m!(a: crate::store::X, b);",
        "#[serde(with = \"crate::store::format\")] struct X;",
        "#[derive(crate::store::Row)] struct X;",
        "fn f() { if let crate::store::X(_) = y {} }",
    ] {
        let rules = rules(path, text);
        assert!(!rules.is_empty(), "{text}");
        assert!(
            rules.iter().all(|rule| rule.contains("`store")),
            "{text}: {rules:?}"
        );
    }
}

#[test]
fn the_whole_crate_is_no_name() {
    for text in [
        "use crate::*;",
        "use crate as all;",
        "use super::super::super::*;",
    ] {
        refused("src/web/api/credentials.rs", text, "name the module");
    }
    for text in [
        "use std::*;",
        "use std as s;",
        "use std::time;",
        "use std::time::*;",
    ] {
        refused("src/openbadges/did/web.rs", text, "is pure");
    }
    refused("src/services/issuing.rs", "use std::*;", "is named in");
    allowed("src/services/issuing.rs", "use std::time;");
}

#[test]
fn tests_may_name_anything() {
    let path = "src/openbadges/did/web.rs";
    for text in [
        "#[cfg(test)] mod tests { use crate::store::Store; use std::fs; }",
        "#[cfg(test)] use crate::fetch::FixedFetch;",
        "#[cfg(all(test, unix))] fn f() { crate::store::open(); }",
        "impl X { #[cfg(test)] fn f() { crate::store::open(); } }",
        "/// See [`crate::store`].\nstruct X;",
    ] {
        allowed(path, text);
    }
    for text in [
        "#[cfg(not(test))] use crate::store::Store;",
        "#[cfg(any(test, unix))] use crate::store::Store;",
    ] {
        refused(path, text, "may not name");
    }
}

#[test]
fn a_test_module_in_its_own_file_is_a_test() {
    let file = |path: &str, text: &str| Source {
        path: path.into(),
        text: text.into(),
    };
    let tests = file("src/openbadges/did/tests.rs", "use crate::store::Store;");
    let door = file("src/openbadges/did/mod.rs", "#[cfg(test)] mod tests;");
    let open_door = file("src/openbadges/did/mod.rs", "mod tests;");
    assert_eq!(judge::breaches(&[door, tests.clone()]), []);
    assert_eq!(judge::breaches(&[open_door, tests]).len(), 1);
}

#[test]
fn a_room_without_rules_is_noticed() {
    refused("src/attic/mod.rs", "", "no rules");
}

#[test]
fn a_breach_names_file_line_and_rule() {
    let file = Source {
        path: "src/cli/x.rs".into(),
        text: "\n\nuse crate::store::X;".into(),
    };
    assert_eq!(
        judge::breaches(&[file])[0].to_string(),
        "src/cli/x.rs:3: `cli` may not name `store::X` (tests/architecture.rs)"
    );
}

#[test]
fn five_hundred_lines_are_enough() {
    let lines = |count: usize| Source {
        path: "src/a.rs".into(),
        text: "x\n".repeat(count),
    };
    assert_eq!(files::long(&lines(500)), None);
    assert_eq!(files::long(&lines(501)).unwrap().line, 501);
}

#[test]
fn a_folder_without_door_or_with_a_bare_one_is_noticed() {
    let file = |path: &str, text: &str| Source {
        path: path.into(),
        text: text.into(),
    };
    let door = file("src/a/mod.rs", "//! 1\n//! 2\n//!\n//! 4\n\npub mod b;\n");
    let bare = file("src/a/mod.rs", "//! 1\n//! 2\n//! 3\n\npub mod b;\n");
    let room = file("src/a/b.rs", "");
    assert_eq!(files::doors(&[door, room.clone()]), []);
    assert!(
        files::doors(&[bare, room.clone()])[0]
            .rule
            .contains("4 lines")
    );
    assert!(files::doors(&[room])[0].rule.contains("no door"));
}

#[test]
fn names_that_say_nothing_are_noticed() {
    for bad in [
        "src/utils.rs",
        "src/a/helpers/mod.rs",
        "src/key_manager.rs",
        "src/common.rs",
    ] {
        assert!(files::vague(bad).is_some(), "{bad}");
    }
    for good in ["src/openbadges/keys/mod.rs", "src/web/commons_licence.rs"] {
        assert_eq!(files::vague(good), None);
    }
}

#[test]
fn a_dependency_without_its_reason_is_noticed() {
    let good = "[dependencies]\n# Values\na = \"1\" # for this\n\n[lints.rust]\nx = \"y\"\n";
    assert_eq!(files::uncommented_dependencies(good), []);
    for (bad, line) in [
        ("[dependencies]\na = \"1\"\n", 2),
        ("[dependencies]\n# Values\na = { version = \"1\" }\n", 3),
        ("[dev-dependencies]\na = \"1\" #\n", 2),
        ("[target.'cfg(unix)'.dependencies]\na.version = \"1\"\n", 2),
        ("[dependencies.a]\nversion = \"1\"\n", 1),
    ] {
        let found = files::uncommented_dependencies(bad);
        assert!(
            found.len() == 1 && found[0].line == line,
            "{bad}: {found:?}"
        );
    }
}

#[test]
fn strangers_at_the_root_are_noticed() {
    let strangers = |name: &str| files::strangers([name.to_owned()], "/target/\n/data/\n").len();
    for known in ["src", "README.md", ".ci", "target", "data"] {
        assert_eq!(strangers(known), 0, "{known}");
    }
    for stranger in ["docs", "Makefile", "lib"] {
        assert_eq!(strangers(stranger), 1, "{stranger}");
    }
}
