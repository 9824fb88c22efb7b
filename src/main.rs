//! The `badgeons` command: parse the command line, run it, turn the outcome into an exit code.

use std::process::ExitCode;

use badgeons::cli;

/// Rows are made on the database's thread and freed on the server's; glibc's allocator makes each
/// wait for the other (measured: half as many requests a second).
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> ExitCode {
    cli::main()
}
