//! The `badgeons` command: parse the command line, run it, turn the outcome into an exit code.

use std::process::ExitCode;

use badgeons::cli;

fn main() -> ExitCode {
    cli::main()
}
