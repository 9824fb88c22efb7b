//! A person types a command.
//!
//! One file per command. Each reads its arguments, calls one verb of the services, and prints what
//! came of it through [`print`], the only file that prints: what was asked for goes to the standard
//! output, everything said on the way to the standard error, and with `--json` the standard output
//! holds one JSON document and nothing else.
//!
//! Not here: anything a server would need as well; that is a service. A new command is one file and
//! one line in `Command`.

mod achievements;
mod arguments;
mod audit;
mod bake;
mod batches;
mod canonicalize;
mod database;
mod demo;
mod files;
mod holders;
mod init;
mod input;
mod issue;
mod keys;
mod outcome;
mod output;
mod print;
mod remote;
mod revoke;
mod roster;
mod sending;
mod serve;
mod tokens;
mod verify;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use self::arguments::Place;
use self::outcome::Outcome;
use self::print::Printer;
use crate::texts::Language;

/// Issues Open Badges 3.0 from a spreadsheet, keeps them, and verifies anybody's.
#[derive(Debug, Parser)]
#[command(
    name = "badgeons",
    version,
    max_term_width = 100,
    disable_help_subcommand = true,
    after_help = "\
Start here:
  badgeons demo                the whole life of a badge, on sample data
  badgeons verify badge.png    who, what, how it was checked, still valid?

Exit codes:
  0  done; for verify: valid
  1  our fault, or the machine's
  2  wrong use
  3  not valid, or something to correct
  4  could not tell
  130  stopped with Ctrl-C"
)]
struct Arguments {
    #[command(subcommand)]
    command: Command,

    #[command(flatten)]
    place: Place,

    /// Print one JSON document for machines instead of text for people
    #[arg(long, global = true, display_order = 900)]
    json: bool,
}

#[derive(Debug, Subcommand)]
enum Command {
    Demo(demo::Demo),
    Init(init::Init),
    #[command(subcommand)]
    Achievements(achievements::Achievements),
    Issue(Box<issue::Issue>),
    Batches(Box<batches::Batches>),
    Verify(verify::Verify),
    Revoke(revoke::Revoke),
    Suspend(revoke::Suspend),
    Reinstate(revoke::Reinstate),
    Bake(bake::Bake),
    Unbake(bake::Unbake),
    #[command(subcommand)]
    Holders(holders::Holders),
    #[command(subcommand)]
    Keys(keys::Keys),
    #[command(subcommand)]
    Tokens(tokens::Tokens),
    #[command(subcommand)]
    Audit(audit::Audit),
    Serve(serve::Serve),
    #[command(subcommand)]
    Database(database::Database),
    Canonicalize(canonicalize::Canonicalize),
}

impl Command {
    /// In which language it tells what is wrong with what it was given.
    fn language(&self) -> Language {
        match self {
            Self::Issue(command) => command.language(),
            _ => Language::En,
        }
    }
}

/// Reads the command line, does what it says, and tells how it went as an exit code.
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let printer = Printer::new(arguments.json);
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => return printer.failure(&anyhow::Error::new(error), Language::En),
    };
    let language = arguments.command.language();
    let outcome = runtime.block_on(run(arguments.command, &arguments.place, &printer));
    match outcome {
        Ok(outcome) => outcome.into(),
        Err(error) => printer.failure(&error, language),
    }
}

async fn run(command: Command, place: &Place, printer: &Printer) -> anyhow::Result<Outcome> {
    match command {
        Command::Demo(command) => Box::pin(command.run(place, printer)).await,
        Command::Init(command) => command.run(place, printer).await,
        Command::Achievements(command) => command.run(place, printer).await,
        Command::Issue(command) => Box::pin(command.run(place, printer)).await,
        Command::Batches(command) => Box::pin(command.run(place, printer)).await,
        Command::Verify(command) => command.run(place, printer).await,
        Command::Revoke(command) => command.run(place, printer).await,
        Command::Suspend(command) => command.run(place, printer).await,
        Command::Reinstate(command) => command.run(place, printer).await,
        Command::Bake(command) => command.run(),
        Command::Unbake(command) => command.run(),
        Command::Holders(command) => command.run(place, printer).await,
        Command::Keys(command) => command.run(place, printer).await,
        Command::Tokens(command) => command.run(place, printer).await,
        Command::Audit(command) => command.run(place, printer).await,
        Command::Serve(command) => command.run(place, printer).await,
        Command::Database(command) => command.run(place, printer).await,
        Command::Canonicalize(command) => command.run(printer),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_tree_is_sound() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn every_command_shows_an_example() {
        fn check(command: &clap::Command, path: &str) {
            let path = format!("{path} {}", command.get_name());
            if command.get_subcommands().next().is_none() {
                let help = command
                    .get_after_help()
                    .map(ToString::to_string)
                    .unwrap_or_default();
                assert!(
                    help.contains("Example"),
                    "{path} has no example in its help"
                );
            }
            for sub in command.get_subcommands() {
                check(sub, &path);
            }
        }
        for command in Arguments::command().get_subcommands() {
            check(command, "badgeons");
        }
    }
}
