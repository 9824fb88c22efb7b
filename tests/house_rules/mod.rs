//! How the rules of `tests/architecture.rs` are enforced, and a twin for each that breaks it.
//!
//! [`names`] finds every path a file names outside its tests, [`judge`] holds it against the tables,
//! and [`files`] looks at files, folders, dependencies and the root of the repository. [`twins`] shows
//! that each rule can fail.

pub(crate) mod files;
pub(crate) mod judge;
mod names;
mod twins;

use std::fmt;

/// A folder or file of `src/`, and the modules it may name beside itself.
pub(crate) struct Room {
    pub(crate) path: &'static str,
    pub(crate) may_name: &'static [&'static str],
}

pub(crate) const fn room(path: &'static str, may_name: &'static [&'static str]) -> Room {
    Room { path, may_name }
}

/// A source file, by its path from the root of the repository.
#[derive(Debug, Clone)]
pub(crate) struct Source {
    pub(crate) path: String,
    pub(crate) text: String,
}

impl Source {
    pub(crate) fn breach(&self, line: usize, rule: String) -> Breach {
        Breach {
            file: self.path.clone(),
            line,
            rule,
        }
    }
}

/// A rule that is broken, and where.
#[derive(Debug, PartialEq)]
pub(crate) struct Breach {
    pub(crate) file: String,
    pub(crate) line: usize,
    pub(crate) rule: String,
}

impl fmt::Display for Breach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.rule)
    }
}
