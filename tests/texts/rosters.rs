//! No report of a roster is said in English alone, and nothing is translated that none says.
//!
//! What is written is looked up by the code's own texts, whatever file of the two rooms they stand in,
//! so that a correction somebody adds is missed here until it is translated.

use std::collections::BTreeSet;
use std::path::Path;

use badgeons::recognition::ask::{Ask, Wanted};
use badgeons::recognition::outcome::Outcome;
use badgeons::recognition::roster;
use badgeons::recognition::settings::Settings;
use badgeons::spreadsheet::{self, Limits, Purpose};
use badgeons::texts::{self, Language};
use time::macros::date;

use super::scan::{files_under, is_sentence, literals};

/// The rooms that read rosters and judge them.
const ROOMS: [&str; 2] = ["recognition", "spreadsheet"];

/// What is in them and tells organisers nothing about their rows.
const BESIDE: [&str; 8] = [
    // Of days as badges write them.
    "recognition/activity.rs",
    // Their findings are in `findings.rs`.
    "recognition/compose.rs",
    "recognition/microcredential",
    // Has three languages of its own.
    "recognition/levels.rs",
    // Names, and what badges say.
    "recognition/settings.rs",
    "recognition/templates",
    "recognition/workshops.rs",
    // Words that headings are known by.
    "spreadsheet/headings.rs",
];

/// What those files write into badges, and for programmers.
const UNTOLD: [&str; 15] = [
    "Rattrapage : {}.",
    "Feuille de route remise{}.",
    "Planet champion",
    "Siège : {}.",
    "Siège : {}.{}",
    "{}, session {}",
    "A animé ou co-animé : {}.",
    "{} : {}.",
    "Correction({} {})",
    "{}: {} {}",
    "UTF-8 with BOM",
    "{}-{}-{} {}:{}",
    "Badgeons :",
    "a key that was not there before",
    "a text, a number, true, false or null",
];

/// Parts, and the sentences they make.
const COMPOSED: [(&[&str], &[&str]); 5] = [
    (
        &[
            "As for this date, {}.",
            "the year has two figures only, which could be read in two ways",
            "day and month may be in American order here, and could be mistaken for each other",
            "there is no such day in the calendar",
            "this is more than one day",
            "this cannot be read as a date",
        ],
        &[
            "As for this date, the year has two figures only, which could be read in two ways.",
            "As for this date, day and month may be in American order here, and could be mistaken \
             for each other.",
            "As for this date, there is no such day in the calendar.",
            "As for this date, this is more than one day.",
            "As for this date, this cannot be read as a date.",
        ],
    ),
    (
        &[
            "This badge needs {}.",
            "a peer who endorses the person (column “Endossement”)",
            "an assessor (column “Évaluateur”)",
        ],
        &[
            "This badge needs a peer who endorses the person (column “Endossement”).",
            "This badge needs an assessor (column “Évaluateur”).",
        ],
    ),
    (
        &["Write {}, if that is what is meant."],
        &[
            "Write “{}”, if that is what is meant.",
            "Write “{}” or “{}”, if that is what is meant.",
            "Write “{}” or “{}” or “{}”, if that is what is meant.",
        ],
    ),
    (
        &[
            "{} has no badge of its own yet:",
            "nobody held its seats at {}",
            "{} its roadmap was not handed over.",
        ],
        &[
            "{} has no badge of its own yet: nobody held its seats at {}.",
            "{} has no badge of its own yet: its roadmap was not handed over.",
            "{} has no badge of its own yet: nobody held its seats at {}, and its roadmap was not \
             handed over.",
        ],
    ),
    (
        &["The sheet has no column {}; add {} to row {}. Understood so far: {}.{}"],
        &[
            "The sheet has no column {}; add it to row {}. Understood so far: {}.",
            "The sheet has no column {}; add them to row {}. Understood so far: {}.",
        ],
    ),
];

/// Every text in the code of rosters, with holes.
fn written() -> BTreeSet<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    for room in ROOMS {
        files_under(&root.join(room), &mut files);
    }
    files.retain(|file| {
        let is_beside = BESIDE.iter().any(|it| file.starts_with(root.join(it)));
        file.extension().is_some_and(|it| it == "rs") && !is_beside
    });
    let mut found = BTreeSet::new();
    for file in files {
        let code = std::fs::read_to_string(file).unwrap();
        found.extend(texts_of(&code));
    }
    found
}

fn texts_of(code: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    literals(code.parse().unwrap(), &mut found);
    found.iter().map(|text| text.trim().to_owned()).collect()
}

/// Whether people may be told it: words that cells and headings are known by have no capital, and are
/// shorter than a clause.
fn is_told(text: &str) -> bool {
    let begins = text.starts_with(|c: char| c.is_uppercase() || matches!(c, '“' | '{'));
    is_sentence(text) || text.contains(' ') && begins || text.split(' ').count() > 3
}

/// What nobody translated.
fn missing(written: &BTreeSet<String>) -> Vec<&str> {
    let known: BTreeSet<_> = texts::of_rosters().chain(texts::of_findings()).collect();
    let is_composed = |text: &str| COMPOSED.iter().any(|(parts, _)| parts.contains(&text));
    let told = written.iter().filter(|text| is_told(text));
    told.map(String::as_str)
        .filter(|text| !known.contains(text) && !is_composed(text) && !UNTOLD.contains(text))
        .collect()
}

/// What is translated, and nobody writes.
fn left(written: &BTreeSet<String>) -> Vec<&'static str> {
    let is_whole = |text| COMPOSED.iter().any(|(_, whole)| whole.contains(&text));
    texts::of_rosters()
        .filter(|text| !written.contains(*text) && !is_whole(text))
        .collect()
}

#[test]
fn every_sentence_of_a_rosters_report_is_said_in_every_language() {
    let written = written();
    let missing = missing(&written);
    assert!(
        missing.is_empty(),
        "write them into src/texts/rosters.txt: {missing:#?}"
    );
    let known: BTreeSet<_> = texts::of_rosters().collect();
    for (parts, whole) in COMPOSED {
        for part in parts {
            assert!(written.contains(*part), "no longer written: {part}");
        }
        for text in whole {
            assert!(known.contains(text), "write it into rosters.txt: {text}");
        }
    }
    for text in UNTOLD {
        assert!(written.contains(text), "no longer written: {text}");
    }
}

#[test]
fn a_correction_that_somebody_adds_is_missed() {
    let code = r#"
        fn added(&self) -> Correction {
            let what = format!("Nobody translated {this}.");
            let advice = if self.odd { "Nor this clause of it" } else { "There is no name." };
            Correction::of(self.row, self.field, "rule.name", what, advice)
        }
        enum Fault {
            #[error("this one has {0} too many")]
            Many(u32),
        }
        #[cfg(test)]
        mod tests {
            const NOT_TOLD: &str = "This is said in a test.";
        }
    "#;
    let found = texts_of(code);
    let expected = [
        "Nobody translated {}.",
        "Nor this clause of it",
        "this one has {} too many",
    ];
    assert_eq!(missing(&found), expected);
}

#[test]
fn nothing_is_translated_that_no_rosters_report_says() {
    let mut written = written();
    let left_over = left(&written);
    assert!(
        left_over.is_empty(),
        "take them out of src/texts/rosters.txt: {left_over:#?}"
    );
    written.remove("There is no name.");
    assert_eq!(left(&written), ["There is no name."]);
}

/// What a file leads to.
fn planned(text: &str, wanted: Wanted) -> Outcome {
    let table = spreadsheet::read(text.as_bytes(), &Limits::default()).unwrap();
    let entries = spreadsheet::entries(&table, Purpose::of(&wanted)).unwrap();
    let ask = Ask {
        wanted,
        activity: None,
        today: date!(2026 - 11 - 23),
        settings: &Settings::default(),
        repeatable: std::collections::BTreeSet::new(),
    };
    roster::plan(&entries, &ask)
}

/// Why a file is not read.
fn refused(text: &str, limits: &Limits) -> String {
    let table = spreadsheet::read(text.as_bytes(), limits);
    let entries = table.and_then(|table| spreadsheet::entries(&table, Purpose::People));
    entries.unwrap_err().to_string()
}

/// Files in which much is wrong, and what each is for.
fn faulty() -> Vec<(&'static str, Wanted)> {
    let badge = |slug| Wanted::founding(slug, &Settings::default()).unwrap();
    vec![
        (
            "Prénom;Nom;Courriel;Atelier;Rôle;Demi-journées;15 ans ou plus;Date;Date de fin;Preuve;Présent\n\
             ;;;;;?;;01/02/23;01/20/2023;?;\n\
             a@b;!;a(at)example.org;Fresque du climat et du numérique;?;;?;32/01/2023;bientôt;;\n\
             HÃ©;#N/A;a b;climat numérique textile;formateur;;;20-21 janvier 2023;;;\n\
             A;B;a@b;Fresque du Climat junior;animateur;;oui;2030-01-01;2029-01-01;;\n\
             A;B;a@example.org;Atelier inconnu;animateur;;oui;2023-01-01;2023-01-01;;\n\
             A;B;a@example.org;climat;animateur;;oui;2023-01-01;2023-01-01;;\n\
             A;B;a@example.org;climat;animateur;;oui;2023-01-01;2023-01-01;;\n\
             A;C;a@example.org;climat;animateur;;oui;2023-01-01;2023-01-01;;\n\
             A\u{202e};\"B\nC\";b@example.org;climat;animateur;;oui;2023-01-01;2023-01-01;;\n\
             A;D;d@example.org;climat;animateur;;non;2023-01-01;2023-01-01;;\n\
             A;E;e@example.org;climat;animateur;;oui;2023-01-01;2023-01-01;;non\n",
            Wanted::Fresques,
        ),
        ("Nom;Courriel\nA;a@example.org\n", badge("confirme-fresque")),
        (
            "Nom;Courriel;Formations animées;Évaluateur\nA;a@example.org;2;\n",
            badge("formateur-fresque"),
        ),
        (
            "Organisation;SIRET\n;7,32829E+13\nExemple;73282932000075\nAutre;732829320\n",
            badge("terdeskin"),
        ),
        (
            "Organisation;Siège;Nom;Courriel;S1;S2;S3;S4;S5;S6;S9;Feuille de route\n\
             Un;dirigeant;A;a@example.org;x;x;x;;;x;;oui\n\
             Deux;dirigeante;B;b@example.org;x;x;x;x;x;x;;\n\
             Trois;planet champion;C;c@example.org;x;;;;;;;\n\
             Quatre;?;D;d@example.org;;;;;;;x;non\n\
             Cinq;;E;e@example.org;;;;;;;;non\n",
            Wanted::Cec,
        ),
    ]
}

/// What organisers are told about those files, and about files that are not read.
fn provoked() -> BTreeSet<String> {
    let mut told = BTreeSet::new();
    for (text, wanted) in faulty() {
        let outcome = planned(text, wanted);
        for correction in outcome.corrections {
            told.extend([correction.what, correction.advice]);
        }
        told.extend(outcome.set_aside.iter().map(|it| it.reason.to_string()));
    }
    let few = Limits {
        columns: 2,
        rows: 3,
        cell: 20,
        ..Limits::default()
    };
    for text in [
        "",
        "\0",
        "a;b\n",
        "Nom;Rôle\n",
        "Rôle;Lieu\n",
        "Nom\n\"A\n",
        "Nom;Rôle;Lieu\n",
        "Nom\na\nb\nc\n",
        "Nom\nun nom de plus de vingt lettres\n",
        "PK\u{3}\u{4}",
    ] {
        told.insert(refused(text, &few));
    }
    told
}

fn is_of(pattern: &str, text: &str) -> bool {
    let mut rest = Some(text);
    for (index, part) in pattern.split("{}").enumerate() {
        rest = rest.and_then(|rest| match index {
            0 => rest.strip_prefix(part),
            _ => rest.split_once(part).map(|(_, after)| after),
        });
    }
    rest.is_some_and(|rest| rest.is_empty() || pattern.ends_with("{}"))
}

#[test]
fn what_organisers_are_told_is_known_to_its_end() {
    let provoked = provoked();
    assert!(provoked.len() > 75, "{}", provoked.len());
    for text in &provoked {
        assert!(texts::is_known(text), "{text}");
        for language in [Language::Fr, Language::Br] {
            assert_ne!(texts::say(language, text), *text);
        }
    }
    // The sentences that are put together are those that are really told.
    for pattern in COMPOSED.iter().flat_map(|(_, whole)| *whole) {
        let is_told = provoked.iter().any(|text| is_of(pattern, text));
        assert!(is_told, "{pattern}");
    }
    assert!(!texts::is_known("Nobody translated this."));
}

#[test]
fn reports_of_rosters_are_said_in_french_and_breton() {
    for (text, fr, br) in [
        ("row 12", "ligne 12", "linenn 12"),
        (
            "Write “Fresque du Climat” or “Fresque de l’Eau”, if that is what is meant.",
            "Écrivez «\u{a0}Fresque du Climat\u{a0}» ou «\u{a0}Fresque de l’Eau\u{a0}», si c’est bien cela.",
            "Skrivit “Fresque du Climat” pe “Fresque de l’Eau”, mard eo an dra-se.",
        ),
        (
            "Un, deux has no badge of its own yet: nobody held its seats at S4, S5, and its roadmap \
             was not handed over.",
            "Un, deux n’a pas encore son propre badge\u{a0}: ses sièges sont restés vides (S4, S5), et \
             sa feuille de route n’a pas été remise.",
            "N’en deus ket Un, deux e vadj dezhañ e-unan c’hoazh: goullo eo chomet e sezioù (S4, S5), \
             ha n’eo ket bet roet e follenn-hent.",
        ),
        (
            "The sheet has no column “Courriel”; add it to row 1. Understood so far: “Nom”, “Rôle”.",
            "La feuille n’a pas de colonne «\u{a0}Courriel\u{a0}»\u{202f}; ajoutez-la à la ligne 1. \
             Compris jusqu’ici\u{a0}: «\u{a0}Nom\u{a0}», «\u{a0}Rôle\u{a0}».",
            "N’eus ket a vann “Courriel” er follenn; ouzhpennit anezhañ el linenn 1. Komprenet \
             betek-henn: “Nom”, “Rôle”.",
        ),
        (
            "The sheet has no column “Courriel”; add it to row 1. Understood so far: “Nom”. Not \
             understood: “Adresse”; if it is what is missing, say so with --map \"Adresse mail=email\" \
             (over REST, map=).",
            "La feuille n’a pas de colonne «\u{a0}Courriel\u{a0}»\u{202f}; ajoutez-la à la ligne 1. \
             Compris jusqu’ici\u{a0}: «\u{a0}Nom\u{a0}». Non compris\u{a0}: «\u{a0}Adresse\u{a0}»\u{202f}; \
             si c’est ce qui manque, dites-le avec --map \"Adresse mail=email\" (par l’API\u{a0}: map=).",
            "N’eus ket a vann “Courriel” er follenn; ouzhpennit anezhañ el linenn 1. Komprenet \
             betek-henn: “Nom”. N’eo ket bet komprenet: “Adresse”; mard eo ar pezh a vank, lavarit-se \
             gant --map \"Adresse mail=email\" (dre an API: map=).",
        ),
        (
            "Cell C7 has more than 8000 characters; shorten it. In a CSV file, look for a quotation \
             mark that is not closed.",
            "La case C7 a plus de 8000 caractères\u{202f}; raccourcissez-la. Dans un fichier CSV, \
             cherchez un guillemet qui n’est pas fermé.",
            "Er gellig C7 ez eus ouzhpenn 8000 arouezenn; berrait anezhi. En ur restr CSV, klaskit ur \
             c’hloched n’eo ket serret.",
        ),
    ] {
        assert_eq!(texts::say(Language::En, text), text);
        assert_eq!(texts::say(Language::Fr, text), fr);
        assert_eq!(texts::say(Language::Br, text), br);
    }
}
