//! Each fault a row can have, wrong in exactly that way, beside the row that is right.

use badgeons::recognition::award::Reached;

use super::*;

const HEADINGS: [&str; 13] = [
    "Prénom",
    "Nom",
    "Courriel",
    "Atelier",
    "Rôle",
    "Demi-journées",
    "15 ans ou plus",
    "Date",
    "Date de fin",
    "Lieu",
    "Preuve",
    "Additif",
    "Présent",
];

const GOOD: [&str; 13] = [
    "Katell",
    "Le Gabarit",
    "a@example.org",
    "Fresque de l’Eau",
    "participant",
    "1",
    "oui",
    "14/10/2023",
    "15/10/2023",
    "Vannes",
    "https://example.org/photo",
    "A aidé",
    "oui",
];

/// The good row with some cells changed, given by their letters.
fn row(changes: &[(char, &str)]) -> Vec<String> {
    let mut cells: Vec<String> = GOOD.map(str::to_owned).into();
    for (letter, text) in changes {
        let index = usize::try_from(u32::from(*letter) - u32::from('A')).unwrap();
        (*text).clone_into(&mut cells[index]);
    }
    cells
}

fn outcome(rows: &[Vec<String>]) -> Outcome {
    let headings: Vec<String> = HEADINGS.map(str::to_owned).into();
    planned(
        &workbook(&[&[headings], rows].concat()),
        Wanted::Fresques,
        None,
    )
}

fn told(changes: &[(char, &str)]) -> Vec<String> {
    let outcome = outcome(&[row(changes)]);
    assert_eq!(
        outcome.awards.len(),
        usize::from(outcome.corrections.is_empty())
    );
    corrections(&outcome)
}

#[test]
fn the_good_row_is_awarded() {
    assert_eq!(told(&[]), [""; 0]);
}

#[test]
fn each_fault_is_told_by_its_cell_and_rule() {
    for (letter, text, expected) in [
        ('A', "", None),
        ('A', "katell@example.org", Some("name.address")),
        ('A', "!!", Some("name.missing")),
        ('C', "", Some("email.missing")),
        ('C', "a\u{202E}b@example.org", Some("email.syntax")),
        ('C', "a(at)example.org", Some("email.syntax")),
        ('D', "", Some("workshop.missing")),
        ('D', "Fresque de l’O", Some("workshop.unknown")),
        ('D', "#N/A", Some("cell.error")),
        ('A', "HÃ©lÃ¨ne", Some("cell.accents")),
        ('A', "H\u{FFFD}lène", Some("cell.accents")),
        ('A', "Hélène", None),
        ('A', "Hel\u{202E}ene", Some("text.hidden")),
        ('A', "Hélène\u{7}", Some("text.hidden")),
        ('A', "\u{200E}Hélène\u{200B}", None),
        ('B', "Le\nGabarit", Some("text.line_break")),
        ('J', "Vannes\u{2066}", Some("text.hidden")),
        ('L', "A aidé\nbeaucoup", None),
        ('L', "A aidé\u{9b}2J", Some("text.hidden")),
        ('E', "", Some("role.missing")),
        ('E', "observatrice", Some("role.unknown")),
        ('E', "formateur", Some("role.not_automatic")),
        ('E', "Confirmé·e", Some("role.not_automatic")),
        ('F', "beaucoup", Some("number.unreadable")),
        ('F', "", None),
        ('G', "", Some("age.missing")),
        ('G', "14 ans", Some("answer.unreadable")),
        ('H', "14/10/23", Some("date.ambiguous")),
        ('H', "32/10/2023", Some("date.impossible")),
        ('H', "14-15 octobre 2023", Some("date.several")),
        ('H', "samedi", Some("date.unreadable")),
        ('I', "13/10/2023", Some("date.order")),
        ('K', "une photo", Some("url.invalid")),
        ('K', "", None),
        ('M', "", None),
    ] {
        let expected: Vec<String> = expected
            .iter()
            .map(|rule| format!("{letter}2 {rule}"))
            .collect();
        assert_eq!(told(&[(letter, text)]), expected, "{letter} {text}");
    }
    assert_eq!(told(&[('H', "14/10/2099"), ('I', "")]), ["H2 date.future"]);
    assert_eq!(told(&[('A', ""), ('B', "")]), ["B2 name.missing"]);
    assert_eq!(told(&[('A', &"é".repeat(201))]), ["A2 name.too_long"]);
}

#[test]
fn all_faults_of_a_row_are_told_at_once() {
    let told = told(&[
        ('A', ""),
        ('B', ""),
        ('C', "a"),
        ('D', "?"),
        ('E', "?"),
        ('F', "?"),
        ('G', "?"),
        ('K', "?"),
    ]);
    let expected = [
        "F2 number.unreadable",
        "G2 answer.unreadable",
        "B2 name.missing",
        "C2 email.syntax",
        "D2 workshop.unknown",
        "E2 role.unknown",
        "K2 url.invalid",
    ];
    assert_eq!(told, expected);
}

#[test]
fn good_rows_are_awarded_whatever_the_others_are() {
    let outcome = outcome(&[
        row(&[('C', "?")]),
        row(&[]),
        row(&[('D', "?"), ('C', "b@example.org")]),
    ]);
    assert_eq!(
        outcome
            .awards
            .iter()
            .map(|planned| planned.rows.clone())
            .collect::<Vec<_>>(),
        [[3]]
    );
    assert_eq!(
        corrections(&outcome),
        ["C2 email.syntax", "D4 workshop.unknown"]
    );
}

#[test]
fn who_did_not_come_or_is_under_15_is_set_aside() {
    let outcome = outcome(&[
        row(&[('M', "non"), ('C', "")]),
        row(&[('G', "non"), ('C', "")]),
    ]);
    assert_eq!((outcome.awards.len(), outcome.corrections.len()), (0, 0));
    assert!(set_aside(&outcome)[0].starts_with("2 The person did not take part"));
    assert!(set_aside(&outcome)[1].starts_with("3 The person is under 15"));
}

#[test]
fn one_address_is_one_person() {
    let outcome = outcome(&[
        row(&[]),
        row(&[
            ('D', "Fresque du Climat"),
            ('A', "LE GABARIT"),
            ('B', "katell"),
        ]),
        row(&[('D', "Fresque du Climat"), ('A', "Mael")]),
    ]);
    assert_eq!(outcome.awards.len(), 2);
    assert_eq!(corrections(&outcome), ["C4 email.shared"]);
    assert!(outcome.corrections[0].what.contains("row 2"));
}

#[test]
fn another_day_is_another_award_and_another_spelling_is_not() {
    let outcome = outcome(&[
        row(&[]),
        row(&[('C', "A@EXAMPLE.ORG "), ('D', "eau")]),
        row(&[('H', "13/10/2023")]),
    ]);
    assert_eq!(
        outcome
            .awards
            .iter()
            .map(|planned| planned.rows[0])
            .collect::<Vec<_>>(),
        [2, 4]
    );
    assert_eq!(
        set_aside(&outcome),
        ["3 This is the same as row 2; it counts once."]
    );
}

#[test]
fn each_workshop_led_counts_once() {
    let led = |workshop: &'static str| row(&[('D', workshop), ('E', "co-animatrice"), ('L', "")]);
    let rows = [
        led("Fresque de l’Eau"),
        led("Fresque du Climat"),
        led("fresque de l'eau"),
    ];
    let headings: Vec<String> = HEADINGS.map(str::to_owned).into();
    let file = workbook(&[&[headings], &rows[..]].concat());
    let outcome = planned(&file, Wanted::Fresques, Some(fresquathon_day()));
    let [planned] = &outcome.awards[..] else {
        panic!("one award")
    };
    assert_eq!(
        (planned.award.achievement.as_str(), &planned.rows[..]),
        ("animateur-fresque", &[2, 3][..])
    );
    let counts = [
        Reached::value("ateliers", "2"),
        Reached::value("demi-journees", "2"),
    ];
    assert_eq!(planned.award.results, counts);
    let told = planned.award.narrative.as_deref().unwrap();
    assert!(
        told.contains("Fresque de l’Eau") && told.contains("Fresque du Climat"),
        "{told}"
    );
    assert_eq!(
        set_aside(&outcome),
        ["4 This is the same as row 2; it counts once."]
    );
}

#[test]
fn being_confirmed_takes_ten_workshops_and_a_peer() {
    let told = |text: &str| corrections(&planned(text.as_bytes(), badge("confirme-fresque"), None));
    let headings = "Nom;Courriel;Ateliers animés;Endossement\n";
    let good = planned(
        format!("{headings}A;a@example.org;12;Enora\n").as_bytes(),
        badge("confirme-fresque"),
        None,
    );
    assert_eq!(
        good.awards[0].award.results[0],
        Reached::value("ateliers", "12")
    );
    assert_eq!(
        good.awards[0].award.narrative.as_deref(),
        Some("Endossement : Enora.")
    );
    assert_eq!(
        told(&format!("{headings}A;a@example.org;9;Enora\n")),
        ["C2 count.too_few"]
    );
    assert_eq!(
        told(&format!("{headings}A;a@example.org;12;\n")),
        ["D2 endorser.missing"]
    );
    assert_eq!(
        told("Nom;Courriel\nA;a@example.org\n"),
        ["row 2 endorser.missing", "row 2 count.missing"]
    );
}

#[test]
fn training_others_takes_trainings_and_an_assessor() {
    let told =
        |text: &str| corrections(&planned(text.as_bytes(), badge("formateur-fresque"), None));
    let headings = "Nom;Courriel;Formations animées;Évaluateur\n";
    assert_eq!(
        told(&format!("{headings}A;a@example.org;3;Enora\n")),
        [""; 0]
    );
    assert_eq!(
        told(&format!("{headings}A;a@example.org;2;\n")),
        ["D2 assessor.missing", "C2 count.too_few"]
    );
}

#[test]
fn labels_go_to_organisations_by_their_siret() {
    let text = "Organisation;SIRET;Site;Numéro de label\nExemple SARL;732 829 320 00074;exemple.bzh;TDK-2026-0007\nFausse;73282932000075;pas de site;\nEXEMPLE;73282932000074;;\n;73282932000074;;\n";
    let outcome = planned(text.as_bytes(), badge("terdeskin"), None);
    let [planned] = &outcome.awards[..] else {
        panic!("one award")
    };
    assert_eq!(planned.award.recipient.key(), "siret:73282932000074");
    assert_eq!(planned.award.licence.as_deref(), Some("TDK-2026-0007"));
    assert_eq!(
        corrections(&outcome),
        [
            "B3 siret.invalid",
            "C3 url.invalid",
            "A5 organisation.missing"
        ]
    );
    assert_eq!(
        set_aside(&outcome),
        ["4 This is the same as row 2; it counts once."]
    );
}

#[test]
fn a_day_alone_is_kept() {
    let text =
        "Organisation;SIRET;Date\nExemple SARL;73282932000074;20/11/2026\nAutre;;24/11/2026\n";
    let outcome = planned(text.as_bytes(), badge("terdeskin"), None);
    assert_eq!(
        outcome.awards[0].award.awarded_on,
        Some(date!(2026 - 11 - 20))
    );
    assert_eq!(corrections(&outcome), ["C3 date.future"]);
}

#[test]
fn an_export_of_a_ticketing_service_is_read_as_it_is() {
    let text = "\u{feff}N° Commande,Date de la commande,Nom acheteur,Email acheteur,Nom participant,Prénom participant,E-mail participant,Billet,Présent\n\
                1001,2023-10-01,Payeur,payeur@example.org,Le Gabarit,Katell,a@example.org,Fresque du Climat,oui\n\
                1001,2023-10-01,Payeur,payeur@example.org,Le Modèle,Mael,b@example.org,Fresque du Climat,non\n";
    let outcome = planned(text.as_bytes(), Wanted::Fresques, Some(fresquathon_day()));
    assert_eq!(
        counts(&outcome),
        [("participant-fresque-climat".to_owned(), 1)]
    );
    assert_eq!(email(&outcome.awards[0].award), "a@example.org");
    assert_eq!(outcome.awards[0].award.activity, Some(fresquathon_day()));
    assert_eq!(set_aside(&outcome), ["3 The person did not take part."]);
}

#[test]
fn a_row_is_never_lost_where_the_sheet_lacks_a_column() {
    let table =
        spreadsheet::read("Organisation\nExemple\n".as_bytes(), &Limits::default()).unwrap();
    let entries = spreadsheet::entries(&table, Purpose::Organisations).unwrap();
    let ask = |wanted| Ask {
        wanted,
        activity: None,
        today: TODAY,
        settings: &SETTINGS,
        repeatable: std::collections::BTreeSet::new(),
    };
    let outcome = roster::plan(&entries, &ask(Wanted::Fresques));
    assert_eq!(
        corrections(&outcome),
        [
            "row 2 name.missing",
            "row 2 email.missing",
            "row 2 workshop.missing"
        ]
    );
    assert_eq!(
        roster::plan(&entries, &ask(badge("terdeskin")))
            .awards
            .len(),
        1
    );
}

static SETTINGS: std::sync::LazyLock<Settings> = std::sync::LazyLock::new(Settings::default);
