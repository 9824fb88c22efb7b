//! The README's transcript does what it shows.
//!
//! Its `console` blocks are one session of a shell: a line that begins with `$ ` is typed (`> ` goes on
//! with it), and what follows must be what is printed, where `…` stands for anything. Only the port is
//! another one: 8080 may be somebody's.

use std::net::TcpListener;
use std::path::Path;
use std::process::Command;

const README: &str = include_str!("../README.md");

/// Printed after each command, so that its output is told from the next one's.
const MARK: &str = "=== end of command ===";

/// A command as it is typed, and what the README says it prints.
#[derive(Debug, Default)]
struct Step {
    command: String,
    printed: String,
}

/// The steps of all `console` blocks, in their order.
fn steps(text: &str) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    let mut within = false;
    for line in text.lines() {
        if line.starts_with("```") {
            within = line == "```console";
        } else if !within {
        } else if let Some(command) = line.strip_prefix("$ ") {
            steps.push(Step {
                command: format!("{command}\n"),
                ..Step::default()
            });
        } else if let Some(more) = line.strip_prefix("> ") {
            let step = steps
                .last_mut()
                .expect("a command goes on that never began");
            step.command.extend([more, "\n"]);
        } else {
            let step = steps
                .last_mut()
                .expect("something is printed by no command");
            step.printed.extend([line, "\n"]);
        }
    }
    steps
}

/// Whether a text is as the README shows it.
fn is_shown(printed: &str, shown: &str) -> bool {
    let mut parts = shown.trim().split('…');
    let first = parts.next().unwrap();
    let Some(mut rest) = printed.trim().strip_prefix(first) else {
        return false;
    };
    let parts: Vec<_> = parts.collect();
    let Some((last, between)) = parts.split_last() else {
        return rest.is_empty();
    };
    for part in between {
        let Some((_, after)) = rest.split_once(part) else {
            return false;
        };
        rest = after;
    }
    rest.ends_with(last)
}

#[test]
fn the_transcript_of_the_readme_does_what_it_shows() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr();
    let text = README.replace("127.0.0.1:8080", &port.unwrap().to_string());
    let steps = steps(&text);
    assert!(steps.len() > 12, "the README has lost its transcript");
    let folder = tempfile::tempdir().unwrap();
    let mut script = String::from("trap 'kill %1' EXIT\n");
    for step in &steps {
        script.extend([&step.command, "echo; echo '", MARK, "'\n"]);
    }
    let program = Path::new(env!("CARGO_BIN_EXE_badgeons"));
    let programs = format!("{}:/usr/bin:/bin", program.parent().unwrap().display());
    let ran = Command::new("bash")
        // What goes to the terminal is in the order in which it was written.
        .args(["-c", &format!("exec 2>&1\n{script}")])
        .current_dir(folder.path())
        .env_clear()
        .env("PATH", programs)
        .output()
        .unwrap();
    let printed = String::from_utf8(ran.stdout).unwrap();
    let printed: Vec<_> = printed.split(&format!("\n{MARK}\n")).collect();
    for (number, step) in steps.iter().enumerate() {
        let printed = printed.get(number).copied().unwrap_or("(nothing more)");
        assert!(
            is_shown(printed, &step.printed),
            "$ {}prints\n{printed}\nand the README shows\n{}",
            step.command,
            step.printed
        );
    }
}

#[test]
fn only_what_may_differ_differs() {
    for (printed, shown) in [("a", "a"), ("abc", "a…c"), ("abcbd", "a…b…d"), ("a\n", "a")] {
        assert!(is_shown(printed, shown), "{printed} {shown}");
    }
    for (printed, shown) in [
        ("ab", "a"),
        ("b", "a…"),
        ("abd", "a…c"),
        ("ac", "a…b…c"),
        ("", "a"),
    ] {
        assert!(!is_shown(printed, shown), "{printed} {shown}");
    }
}
