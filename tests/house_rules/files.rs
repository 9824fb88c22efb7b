//! What files, folders, dependencies and the root of the repository look like.

use std::fs;
use std::path::Path;

use super::{Breach, Source};

/// All files under a folder, sorted; what npm, Python and cargo install there is not ours.
pub(crate) fn paths(root: &Path, folder: &str) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(root.join(folder)).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        let path = format!("{folder}/{name}");
        if ["node_modules", ".venv", "__pycache__", "target"].contains(&name.as_str()) {
            continue;
        }
        if entry.file_type().unwrap().is_dir() {
            found.extend(paths(root, &path));
        } else {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// All Rust files under a folder.
pub(crate) fn rust_files(root: &Path, folder: &str) -> Vec<Source> {
    let paths = paths(root, folder).into_iter();
    let paths = paths.filter(|path| Path::new(path).extension().is_some_and(|end| end == "rs"));
    paths
        .map(|path| Source {
            text: fs::read_to_string(root.join(&path)).unwrap(),
            path,
        })
        .collect()
}

/// The breach of a file that is too long.
pub(crate) fn long(file: &Source) -> Option<Breach> {
    let lines = file.text.lines().count();
    (lines > 500).then(|| file.breach(501, format!("{lines} lines; a file has at most 500")))
}

/// The folders of `src/` without a door, or with one that says too little.
pub(crate) fn doors(files: &[Source]) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for file in files {
        let (folder, name) = file.path.rsplit_once('/').unwrap();
        let door = format!("{folder}/mod.rs");
        let has_door = folder == "src" || files.iter().any(|other| other.path == door);
        if !has_door {
            breaches.push(file.breach(1, format!("no door: {door} is missing")));
        }
        let comment = file
            .text
            .lines()
            .take_while(|line| line.starts_with("//!"))
            .count();
        if name == "mod.rs" && comment < 4 {
            let rule =
                "the door comment has less than 4 lines: say what lives here and what does not";
            breaches.push(file.breach(1, rule.to_owned()));
        }
    }
    breaches
}

/// The breach of a path that has a name saying nothing.
pub(crate) fn vague(path: &str) -> Option<Breach> {
    const VAGUE: [&str; 8] = [
        "common",
        "helper",
        "helpers",
        "manager",
        "misc",
        "util",
        "utils",
        "utilities",
    ];
    let word = path
        .split(['/', '.', '_', '-'])
        .find(|word| VAGUE.contains(word))?;
    let rule = format!("“{word}” says nothing: name the file after the concept it holds");
    Some(Breach {
        file: path.to_owned(),
        line: 1,
        rule,
    })
}

/// The dependencies in a manifest that do not say, on their own line, what they are for.
pub(crate) fn uncommented_dependencies(manifest: &str) -> Vec<Breach> {
    let mut breaches = Vec::new();
    let mut among_dependencies = false;
    for (index, line) in manifest.lines().enumerate() {
        let (entry, comment) = line.split_once('#').unwrap_or((line, ""));
        let entry = entry.trim();
        let one = entry.starts_with('[') && entry.contains("dependencies.");
        if entry.starts_with('[') {
            among_dependencies = entry.ends_with("dependencies]");
        }
        let name = entry
            .split_once('=')
            .filter(|_| among_dependencies)
            .map(|(name, _)| name.trim());
        if (name.is_some() || one) && comment.trim().is_empty() {
            let rule = format!("`{}` does not say what it is for", name.unwrap_or(entry));
            breaches.push(Breach {
                file: "Cargo.toml".into(),
                line: index + 1,
                rule,
            });
        }
    }
    breaches
}

/// What stands at the root and neither belongs there nor is ignored by git.
pub(crate) fn strangers(names: impl IntoIterator<Item = String>, ignored: &str) -> Vec<Breach> {
    const KNOWN: [&str; 11] = [
        "Cargo.toml",
        "Cargo.lock",
        "src",
        "schemas",
        "migrations",
        "keys",
        "tests",
        "README.md",
        "LICENSE",
        "SECURITY.md",
        "CHANGELOG.md",
    ];
    let known = |name: &str| {
        name.starts_with('.')
            || KNOWN.contains(&name)
            || ignored.lines().any(|line| line.trim_matches('/') == name)
    };
    let strangers = names.into_iter().filter(|name| !known(name));
    let rule = "does not belong at the root of the repository";
    strangers
        .map(|file| Breach {
            file,
            line: 1,
            rule: rule.into(),
        })
        .collect()
}
