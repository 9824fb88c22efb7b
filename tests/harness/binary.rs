//! The `badgeons` command, run as a person or a script runs it.

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use badgeons::config::Database;
use serde_json::Value;
use tempfile::TempDir;

use super::app::ADDRESS;

/// A folder to work in, and the command in it.
pub(crate) struct Badgeons {
    folder: TempDir,
    environment: Vec<(&'static str, String)>,
}

/// What a run left behind.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) stdout: Vec<u8>,
    pub(crate) stderr: String,
}

impl Badgeons {
    /// An empty folder.
    pub(crate) fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            environment: Vec::new(),
        }
    }

    /// A folder with an installation, which must come about.
    pub(crate) fn initialised() -> Self {
        let badgeons = Self::new();
        badgeons
            .run(&["init", "--issuer", "Collectif Exemple"])
            .succeeded();
        badgeons
    }

    /// A folder with a public installation in an empty database, which must come about.
    pub(crate) fn public_on(database: &Database) -> Self {
        let database = match database {
            Database::Sqlite(path) => format!("sqlite:{}", path.display()),
            Database::Postgres { address, .. } => address.expose().to_owned(),
        };
        let badgeons = Self::new()
            .with("BADGEONS_DATABASE_URL", &database)
            .with("BADGEONS_PUBLIC_URL", ADDRESS);
        badgeons
            .run(&["init", "--issuer", "Collectif Exemple"])
            .succeeded();
        badgeons
    }

    /// With a variable of the environment.
    pub(crate) fn with(mut self, name: &'static str, value: &str) -> Self {
        self.environment.push((name, value.to_owned()));
        self
    }

    /// A path in the folder.
    pub(crate) fn path(&self, name: impl AsRef<Path>) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Runs a command.
    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        self.feed(arguments, &[])
    }

    /// Starts a command that goes on; what it says is kept ([`Self::said`]).
    pub(crate) fn start(&self, arguments: &[&str]) -> Child {
        let log = File::options()
            .create(true)
            .append(true)
            .open(self.log())
            .unwrap();
        self.command(arguments)
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn()
            .unwrap()
    }

    /// What the commands said that were started and went on.
    pub(crate) fn said(&self) -> String {
        std::fs::read_to_string(self.log()).unwrap_or_default()
    }

    fn log(&self) -> PathBuf {
        self.path("started.log")
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_badgeons"));
        command
            .args(arguments)
            .current_dir(self.folder.path())
            .env_clear()
            .envs(self.environment.iter().map(|(name, value)| (name, value)));
        command
    }

    /// Runs a command with `input` on its standard input.
    pub(crate) fn feed(&self, arguments: &[&str], input: &[u8]) -> Ran {
        let mut child = self
            .command(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // A command that reads nothing may be gone already.
        let _ = child.stdin.take().unwrap().write_all(input);
        let output = child.wait_with_output().unwrap();
        Ran {
            code: output.status.code().expect("an exit code, not a signal"),
            stdout: output.stdout,
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

impl Ran {
    /// The standard output as the one JSON document it must be.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.stdout)
            .unwrap_or_else(|error| panic!("not one JSON document: {error}\n{self:?}"))
    }

    /// This run, if its exit code is that one.
    #[track_caller]
    pub(crate) fn exits(self, code: i32) -> Self {
        assert_eq!(
            self.code,
            code,
            "{}\n{}",
            String::from_utf8_lossy(&self.stdout),
            self.stderr
        );
        self
    }

    /// This run, if its exit code says success.
    #[track_caller]
    pub(crate) fn succeeded(self) -> Self {
        self.exits(0)
    }
}
