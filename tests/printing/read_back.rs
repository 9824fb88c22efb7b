//! Certificates and codes, read by programs that know nothing of how they were made: `pdftotext` and
//! `pdftoppm` (poppler-utils), `zbarimg` (zbar-tools).
//!
//! Without them a run says so on standard error; with `REQUIRE_POPPLER=1` it fails.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use badgeons::printing::certificate;

use super::{LINK, hostile, hostile_texts, picture, usual};

/// Runs a program, for what it writes; none if it is not installed.
fn output(program: &str, arguments: &[&str], file: &Path) -> Option<Vec<u8>> {
    let run = Command::new(program).args(arguments).arg(file).output();
    let run = match run {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            #[expect(clippy::disallowed_methods, reason = "the tests' own switch")]
            let required = std::env::var("REQUIRE_POPPLER").is_ok_and(|value| value == "1");
            assert!(!required, "REQUIRE_POPPLER=1, and there is no {program}");
            let warning = format!("WARNING: NOT READ BACK: {program} is not installed\n");
            std::io::stderr().write_all(warning.as_bytes()).unwrap();
            return None;
        }
        run => run.unwrap(),
    };
    let said = String::from_utf8_lossy(&run.stderr);
    assert!(run.status.success(), "{program}: {said}");
    Some(run.stdout)
}

fn written(folder: &tempfile::TempDir, name: &str, bytes: &[u8]) -> PathBuf {
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    path
}

/// The text of a PDF, in the order it is drawn in, with plain spaces.
fn text(pdf: &Path) -> Option<String> {
    output("pdftotext", &["-raw", "-enc", "UTF-8"], pdf)?;
    let text = std::fs::read_to_string(pdf.with_extension("txt")).unwrap();
    Some(text.replace('\u{a0}', " "))
}

#[test]
fn the_words_of_a_certificate_can_be_read_out() {
    let folder = tempfile::tempdir().unwrap();
    let file = certificate::pdf(&usual(&picture("formateur-fresque"))).unwrap();
    let Some(text) = text(&written(&folder, "usual.pdf", &file)) else {
        return;
    };
    for words in [
        "TESTENI",
        "Añaïg Le Goñidec",
        "fresk ar c’hlimad",
        "C’hwec’h stal",
        "bro Gwened : « Œuvrer ensemble »",
        "3 a viz Meurzh 2026",
    ] {
        assert!(text.contains(words), "“{words}” is not in:\n{text}");
    }
}

#[test]
fn the_code_on_a_certificate_leads_to_the_badge() {
    let folder = tempfile::tempdir().unwrap();
    let file = certificate::pdf(&usual(&picture("formateur-fresque"))).unwrap();
    let pdf = written(&folder, "usual.pdf", &file);
    let at = ["-r", "150", "-png", "-singlefile"];
    let Some(image) = output("pdftoppm", &at, &pdf) else {
        return;
    };
    let image = written(&folder, "usual.png", &image);
    if let Some(link) = output("zbarimg", &["--quiet", "--raw"], &image) {
        assert_eq!(String::from_utf8_lossy(&link).trim(), LINK);
    }
}

#[test]
fn without_a_link_there_is_no_code_and_nothing_to_follow() {
    let folder = tempfile::tempdir().unwrap();
    let picture = picture("formateur-fresque");
    let certificate = certificate::Certificate {
        link: "",
        ..usual(&picture)
    };
    let file = certificate::pdf(&certificate).unwrap();
    let pdf = written(&folder, "without.pdf", &file);
    let Some(text) = text(&pdf) else { return };
    assert!(text.contains("netra e-unan") && !text.contains("Gwiriañ ar badj"));
    let at = ["-r", "150", "-png", "-singlefile"];
    let image = output("pdftoppm", &at, &pdf).unwrap();
    let image = written(&folder, "without.png", &image);
    // zbarimg says 4 where it finds none.
    let found = Command::new("zbarimg").arg("--quiet").arg(&image).status();
    assert!(found.map_or(true, |found| !found.success()));
}

#[test]
fn no_word_is_off_the_page_or_on_another() {
    let folder = tempfile::tempdir().unwrap();
    let picture = picture("terdeskin");
    for hostile_text in hostile_texts() {
        let facts = vec![(hostile_text.as_str(), hostile_text.as_str()); 99];
        let file = certificate::pdf(&hostile(&hostile_text, &facts, &picture)).unwrap();
        let pdf = written(&folder, "hostile.pdf", &file);
        if output("pdftotext", &["-bbox"], &pdf).is_none() {
            return;
        }
        let words = std::fs::read(pdf.with_extension("html")).unwrap();
        let words = String::from_utf8_lossy(&words);
        let edge = |word: &str, name: &str| -> f32 {
            let (_, after) = word.split_once(&format!("{name}=\"")).unwrap();
            after.split_once('"').unwrap().0.parse().unwrap()
        };
        for word in words.lines().filter(|line| line.contains("<word ")) {
            assert!(
                edge(word, "xMin") > 50.0 && edge(word, "xMax") < 800.0,
                "{word}"
            );
            assert!(
                edge(word, "yMin") > 40.0 && edge(word, "yMax") < 530.0,
                "{word}"
            );
        }
    }
}
