//! The standards files in `schemas/` are the publishers' bytes, each one listed in its README.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

/// Digests the specifications themselves publish, by URL: Verifiable Credentials Data Model 2.0
/// §B.1, and Verifiable Credential Data Integrity 1.0 §2.4.
const PUBLISHED: [(&str, &str); 3] = [
    (
        "https://www.w3.org/ns/credentials/v2",
        "59955ced6697d61e03f2b2556febe5308ab16842846f5b586d7f1f7adec92734",
    ),
    (
        "https://w3id.org/security/data-integrity/v2",
        "67f21e6e33a6c14e5ccfd2fc7865f7474fb71a04af7e94136cb399dfac8ae8f4",
    ),
    (
        "https://w3id.org/security/multikey/v1",
        "ba2c182de2d92f7e47184bcca8fcf0beaee6d3986c527bf664c195bbc7c58597",
    ),
];

/// One row of the README's table.
#[derive(Debug)]
struct Row {
    sha256: String,
    urls: Vec<String>,
}

#[test]
fn every_standards_file_is_its_publishers_bytes() {
    assert_eq!(faults(&schemas()), Vec::<String>::new());
}

#[test]
fn the_digests_are_those_the_specifications_publish() {
    let rows = rows(&readme(&schemas()));
    for (url, sha256) in PUBLISHED {
        let row = rows
            .values()
            .find(|row| row.urls.iter().any(|answered| answered == url));
        assert_eq!(row.map(|row| row.sha256.as_str()), Some(sha256), "{url}");
    }
}

#[test]
fn every_file_is_json_and_a_schema_answers_its_own_id() {
    for (file, row) in rows(&readme(&schemas())) {
        let bytes = fs::read(schemas().join(&file)).expect(&file);
        let json: serde_json::Value = serde_json::from_slice(&bytes).expect(&file);
        if file.starts_with("json/") {
            assert_eq!(
                json["$id"].as_str(),
                row.urls.first().map(String::as_str),
                "{file}"
            );
        } else {
            assert!(json["@context"].is_object(), "{file} has no @context");
        }
    }
}

#[test]
fn no_two_files_answer_one_url() {
    let rows = rows(&readme(&schemas()));
    let urls: Vec<&String> = rows.values().flat_map(|row| &row.urls).collect();
    let distinct: BTreeSet<&String> = urls.iter().copied().collect();
    assert_eq!(urls.len(), distinct.len(), "{urls:?}");
    assert!(
        urls.iter().all(|url| url.starts_with("https://")),
        "{urls:?}"
    );
}

#[test]
fn a_changed_byte_is_noticed() {
    let copy = copy_of_schemas();
    let file = copy.path().join("contexts/multikey-v1.jsonld");
    let mut bytes = fs::read(&file).unwrap();
    bytes.push(b'\n');
    fs::write(&file, &bytes).unwrap();
    let faults = faults(copy.path());
    assert_eq!(faults.len(), 1, "{faults:?}");
    assert!(
        faults[0].starts_with("contexts/multikey-v1.jsonld has the digest "),
        "{faults:?}"
    );
}

#[test]
fn a_file_that_is_not_listed_is_noticed_wherever_it_is() {
    let copy = copy_of_schemas();
    for file in ["contexts/new.jsonld", "new.json"] {
        fs::write(copy.path().join(file), "{}").unwrap();
    }
    let digest = sha256("{}");
    assert_eq!(
        faults(copy.path()),
        ["contexts/new.jsonld", "new.json"]
            .map(|file| format!("{file} is not listed; its digest is {digest}"))
    );
}

#[test]
fn a_file_that_is_missing_is_noticed() {
    let copy = copy_of_schemas();
    fs::remove_file(copy.path().join("json/ob_v3p0_profile_schema.json")).unwrap();
    assert_eq!(
        faults(copy.path()),
        ["json/ob_v3p0_profile_schema.json is listed and missing"]
    );
}

/// Everything in a folder of standards files that is not as its README says.
fn faults(root: &Path) -> Vec<String> {
    let rows = rows(&readme(root));
    let files = files(root);
    let mut faults: Vec<String> = files
        .iter()
        .filter_map(|file| {
            let found = sha256(fs::read(root.join(file)).expect(file));
            match rows.get(file) {
                None => Some(format!("{file} is not listed; its digest is {found}")),
                Some(row) if row.sha256 != found => Some(format!("{file} has the digest {found}")),
                Some(_) => None,
            }
        })
        .collect();
    let missing = rows.keys().filter(|file| !files.contains(*file));
    faults.extend(missing.map(|file| format!("{file} is listed and missing")));
    faults
}

/// The table: a row is `` | `file` | `digest` | URL, URL | source | licence | ``.
fn rows(readme: &str) -> BTreeMap<String, Row> {
    let mut rows = BTreeMap::new();
    for line in readme.lines().filter(|line| line.starts_with("| `")) {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let [file, sha256, urls, source, licence] = cells[..] else {
            panic!("a row of schemas/README.md has not five cells: {line}");
        };
        assert!(
            !source.is_empty() && !licence.is_empty(),
            "no source or no licence: {line}"
        );
        let file = file.trim_matches('`').to_owned();
        let row = Row {
            sha256: sha256.trim_matches('`').to_owned(),
            urls: urls.split(", ").map(str::to_owned).collect(),
        };
        assert!(rows.insert(file, row).is_none(), "listed twice: {line}");
    }
    assert!(!rows.is_empty(), "schemas/README.md has no table");
    rows
}

/// Every file below the root but its README, by path.
fn files(root: &Path) -> BTreeSet<String> {
    let mut files = BTreeSet::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("schemas/") {
            let path = entry.expect("schemas/").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let file = path.strip_prefix(root).expect("below the root");
                files.insert(file.to_str().expect("a plain path").replace('\\', "/"));
            }
        }
    }
    files.remove("README.md");
    files
}

fn sha256(bytes: impl AsRef<[u8]>) -> String {
    Sha256::digest(bytes)
        .iter()
        .fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"))
}

fn readme(root: &Path) -> String {
    fs::read_to_string(root.join("README.md")).expect("schemas/README.md")
}

fn schemas() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas")
}

fn copy_of_schemas() -> tempfile::TempDir {
    let copy = tempfile::tempdir().unwrap();
    for folder in ["contexts", "json"] {
        fs::create_dir(copy.path().join(folder)).unwrap();
    }
    for file in files(&schemas())
        .iter()
        .map(String::as_str)
        .chain(["README.md"])
    {
        fs::copy(schemas().join(file), copy.path().join(file)).unwrap();
    }
    copy
}
