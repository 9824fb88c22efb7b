//! Badges issued from spreadsheets over the API: a file in, what became of it out.

use std::fmt::Write as _;

use std::io::Cursor;

use axum::http::header;
use badgeons::services::access::Scope;
use badgeons::spreadsheet::{Limits, Mapping, Reader};
use serde_json::{Value, json};
use zip::ZipArchive;

use crate::harness::app::{ADDRESS, App, on_each_public};
use crate::harness::web::{Answer, BADGE, Call, PARTNER, Site};

const BATCHES: &str = "/api/v1/batches";

/// A title, blank rows, a cell that would be a formula, one to correct, and somebody who is there twice.
const SHEET: &str = "Fresquathon;;\n\nNom complet;Adresse;Remarques\n\
                     Añaïg Le Coz;anaig@example.org;=1+1\n\
                     Gwenn;pas une adresse;x\n\n\
                     Enora;enora@example.org;\n\
                     Enora;enora@example.org;\n";

/// As it is asked for.
const ASKED: &str = "map=Adresse%3Demail&name=vannes.csv&activity=Fresquathon&date=2023-10-14";

/// A site and its partner.
async fn site(app: &App) -> (Site, String) {
    let site = Site::of(app).await;
    let token = site.token(&PARTNER).await;
    (site, token)
}

fn sending<'a>(site: &'a Site, token: &str, query: &str) -> Call<'a> {
    let path = format!("{BATCHES}?achievement={BADGE}&{query}");
    site.post(&path).token(token)
}

/// Sends a file, which must be taken, and gives the batch as it was answered.
async fn sent(site: &Site, token: &str, query: &str, file: &str) -> Value {
    let call = sending(site, token, query).body("text/csv", file.to_owned());
    let answer = call.send().await.is(202);
    let batch = answer.json();
    let location = format!("{BATCHES}/{}", batch["id"].as_str().unwrap());
    assert_eq!(answer.header("location"), location);
    batch
}

fn path(batch: &Value, rest: &str) -> String {
    format!("{BATCHES}/{}{rest}", batch["id"].as_str().unwrap())
}

async fn read(site: &Site, token: &str, path: &str) -> Answer {
    let call = site.get(path).token(token);
    call.with(header::ACCEPT_LANGUAGE, "fr").send().await
}

/// Has the workers issue until a batch has ended, and gives it.
async fn issued(site: &Site, token: &str, batch: &Value) -> Value {
    let ended = async {
        loop {
            let batch = read(site, token, &path(batch, "")).await.is(200).json();
            if batch["state"] == "done" {
                break batch;
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    };
    tokio::select! {
        () = site.app.work_on_batches() => panic!("the workers stopped"),
        batch = ended => batch,
    }
}

/// The same, from the file on.
async fn imported(site: &Site, token: &str, query: &str, file: &str) -> Value {
    let batch = sent(site, token, query, file).await;
    issued(site, token, &batch).await
}

#[test]
fn a_file_is_answered_with_how_its_columns_were_understood() {
    on_each_public(|app| async move {
        let (site, token) = site(&app).await;
        let batch = sent(&site, &token, ASKED, SHEET).await;
        assert_eq!(batch["state"], "running");
        assert_eq!(batch["file"], "vannes.csv");
        let read = &batch["read"];
        assert_eq!(read["format"], "csv");
        assert_eq!((&read["rows"], &read["blank_rows"]), (&json!(4), &json!(2)));
        assert_eq!(
            read["columns"][1],
            json!({ "column": "B", "heading": "Adresse", "holds": "email" })
        );
    });
}

#[test]
fn every_good_row_is_issued_and_the_others_are_told() {
    on_each_public(|app| async move {
        let (site, token) = site(&app).await;
        let batch = imported(&site, &token, ASKED, SHEET).await;
        let counts = &batch["counts"];
        assert_eq!(
            (&counts["issued"], &counts["rows_to_correct"]),
            (&json!(2), &json!(1))
        );
        let rows = read(&site, &token, &path(&batch, "/rows?outcome=to_correct")).await;
        let rows = rows.is(200).json();
        let correction = &rows[0]["corrections"][0];
        assert_eq!(correction["cell"], "B5");
        let what = correction["what"].as_str().unwrap();
        assert!(what.starts_with("Il n’y a pas de @"), "{what}");
        let report = read(&site, &token, &path(&batch, "/report"))
            .await
            .is(200)
            .json();
        assert_eq!(report["corrections"][0]["what"], what);
        assert_eq!(report["complete"], true);
    });
}

#[test]
fn a_dry_run_issues_nothing() {
    on_each_public(|app| async move {
        let (site, token) = site(&app).await;
        let query = format!("{ASKED}&dry_run=true");
        let batch = imported(&site, &token, &query, SHEET).await;
        assert_eq!(
            (&batch["dry_run"], &batch["counts"]["issued"]),
            (&json!(true), &json!(2))
        );
        let list = site.get("/api/v1/credentials").token(&token).send().await;
        assert_eq!(list.is(200).json(), json!([]));
        let badges = read(&site, &token, &path(&batch, "/badges")).await;
        badges.problem(409, "conflict");
    });
}

#[test]
fn the_result_file_is_corrected_and_sent_again_as_it_is() {
    on_each_public(|app| async move {
        let (site, token) = site(&app).await;
        let batch = imported(&site, &token, ASKED, SHEET).await;
        let result = read(&site, &token, &path(&batch, "/result")).await.is(200);
        assert!(
            result
                .header("content-disposition")
                .contains("badgeons-vannes.csv")
        );
        let text = result.text();
        let lines: Vec<_> = text.trim_start_matches('\u{feff}').split("\r\n").collect();
        // Each row where it was; what runs as a formula does not.
        assert_eq!(
            lines[2],
            "Nom complet;Adresse;Remarques;Badgeons : résultat;Badgeons : à corriger;Badgeons : lien"
        );
        let link = format!("Añaïg Le Coz;anaig@example.org;'=1+1;Délivré;;{ADDRESS}/credentials/");
        assert!(lines[3].starts_with(&link), "{}", lines[3]);
        assert!(
            lines[4].contains(";À corriger;\"B5 : Il n’y a pas de @"),
            "{}",
            lines[4]
        );
        let corrected = text.replace("pas une adresse", "gwenn@example.org");
        let again = imported(&site, &token, ASKED, &corrected).await;
        let counts = &again["counts"];
        assert_eq!(
            (&counts["issued"], &counts["already_issued"]),
            (&json!(1), &json!(2))
        );
        assert_eq!(again["read"]["ignored"][0]["why"], "ours");
    });
}

#[test]
fn the_result_is_a_workbook_too_in_the_language_asked_for() {
    on_each_public(|app| async move {
        let (site, token) = site(&app).await;
        let batch = imported(&site, &token, ASKED, SHEET).await;
        let result = path(&batch, "/result?format=xlsx&language=br");
        let result = read(&site, &token, &result).await.is(200);
        let file = Cursor::new(result.body);
        let mut reader = Reader::open(file, &Limits::default(), &Mapping::default()).unwrap();
        assert_eq!(reader.headings()[3], "Badgeons : disoc’h");
        let rows: Vec<_> = reader.rows().unwrap().map(Result::unwrap).collect();
        assert_eq!((rows[0].number, rows[0].cells[3].as_str()), (4, "Roet"));
    });
}

#[test]
fn the_badges_come_in_one_zip() {
    on_each_public(|app| async move {
        let (site, token) = site(&app).await;
        let batch = imported(&site, &token, ASKED, SHEET).await;
        for (format, magic) in [
            ("png", &b"\x89PNG"[..]),
            ("svg", b"<"),
            ("json", b"{"),
            ("jwt", b"ey"),
        ] {
            let badges = path(&batch, &format!("/badges?format={format}"));
            let badges = read(&site, &token, &badges).await.is(200);
            assert_eq!(badges.header("content-type"), "application/zip");
            let mut zip = ZipArchive::new(Cursor::new(badges.body)).unwrap();
            assert_eq!(zip.len(), 2);
            let mut file = zip.by_index(0).unwrap();
            let name = file.name().unwrap().into_owned();
            let begins = format!("{BADGE}/anaig-le-coz-");
            assert!(
                name.starts_with(&begins) && name.ends_with(format),
                "{name}"
            );
            let mut bytes = Vec::new();
            std::io::Read::read_to_end(&mut file, &mut bytes).unwrap();
            assert!(bytes.starts_with(magic), "{format}");
        }
    });
}

#[test]
fn badges_of_one_name_have_files_of_their_own() {
    on_each_public(|app| async move {
        let (site, token) = site(&app).await;
        let mut sheet = String::from("Nom complet;Courriel\n");
        for number in 0..120 {
            writeln!(sheet, "Enora;enora{number}@example.org").unwrap();
        }
        let batch = imported(&site, &token, "", &sheet).await;
        let badges = read(&site, &token, &path(&batch, "/badges?format=json")).await;
        assert_eq!(
            ZipArchive::new(Cursor::new(badges.is(200).body))
                .unwrap()
                .len(),
            120
        );
    });
}

#[test]
fn a_batch_is_followed_to_its_end() {
    on_each_public(|app| async move {
        let (site, token) = site(&app).await;
        let batch = sent(&site, &token, ASKED, SHEET).await;
        let followed = path(&batch, "/events");
        let events = read(&site, &token, &followed);
        let (events, _) = tokio::join!(events, issued(&site, &token, &batch));
        let events = events.is(200);
        assert_eq!(events.header("content-type"), "text/event-stream");
        let text = events.text();
        let last = text.trim_end().rsplit("\n\n").next().unwrap();
        let last = last.strip_prefix("event: done\ndata: ").unwrap();
        let last: Value = serde_json::from_str(last).unwrap();
        assert_eq!(
            (&last["state"], &last["counts"]["issued"]),
            (&json!("done"), &json!(2))
        );
        assert!(text.starts_with("event: progress\n"), "{text}");
    });
}

#[test]
fn a_batch_waits_goes_on_and_ends() {
    on_each_public(|app| async move {
        let (site, token) = site(&app).await;
        let batch = sent(&site, &token, ASKED, SHEET).await;
        for (verb, state) in [
            ("pause", "paused"),
            ("resume", "running"),
            ("cancel", "cancelled"),
        ] {
            let steer = site.post(&path(&batch, &format!("/{verb}"))).token(&token);
            assert_eq!(steer.send().await.is(200).json()["state"], state);
        }
        let again = site.post(&path(&batch, "/resume")).token(&token);
        let again = again.with(header::ACCEPT_LANGUAGE, "fr").send().await;
        let problem = again.problem(409, "conflict");
        assert_eq!(
            problem["detail"],
            "Ce lot est annulé, et ne peut pas être repris."
        );
        let rows = read(&site, &token, &path(&batch, "/rows?limit=1"))
            .await
            .is(200);
        assert_eq!(rows.json()[0]["outcome"], "cancelled");
    });
}

#[test]
fn all_that_a_batch_issued_is_revoked_then_erased() {
    on_each_public(|app| async move {
        let (site, token) = site(&app).await;
        let batch = imported(&site, &token, ASKED, SHEET).await;
        let revoke = site.post(&path(&batch, "/revoke")).token(&token);
        let revoked = revoke.json(&json!({ "reason": "a trial" })).send().await;
        assert_eq!(revoked.is(200).json()["changed"], 2);
        let badges = read(&site, &token, &path(&batch, "/badges")).await.is(200);
        assert!(
            ZipArchive::new(Cursor::new(badges.body))
                .unwrap()
                .is_empty()
        );
        let erase = site.call("DELETE", &path(&batch, "/personal-data"));
        assert_eq!(
            erase.token(&token).send().await.is(200).json()["changed"],
            2
        );
        let rows = read(&site, &token, &path(&batch, "/rows")).await;
        rows.problem(410, "gone");
        read(&site, &token, &path(&batch, "/result"))
            .await
            .problem(410, "gone");
    });
}

#[test]
fn a_batch_on_its_way_is_not_withdrawn() {
    on_each_public(|app| async move {
        let (site, token) = site(&app).await;
        let batch = sent(&site, &token, ASKED, SHEET).await;
        let revoke = site.post(&path(&batch, "/revoke")).token(&token);
        let refused = revoke.json(&json!({ "reason": "a trial" })).send().await;
        refused.problem(409, "conflict");
    });
}

#[test]
fn a_form_with_a_file_is_read() {
    on_each_public(|app| async move {
        let (site, token) = site(&app).await;
        let form = |part: &str| {
            format!("--x\r\nContent-Disposition: form-data; {part}\r\n\r\n{SHEET}\r\n--x--\r\n")
        };
        let kind = "multipart/form-data; boundary=x";
        let query = "map=Adresse%3Demail";
        let call = sending(&site, &token, query);
        let answer = call
            .body(
                kind,
                form("name=\"f\"; filename=\"C:\\Mes listes\\redon.csv\""),
            )
            .send()
            .await;
        assert_eq!(answer.is(202).json()["file"], "redon.csv");
        let call = sending(&site, &token, query).body(kind, form("name=\"f\""));
        call.send().await.problem(400, "malformed");
    });
}

#[test]
fn the_same_file_on_its_way_is_the_same_batch() {
    on_each_public(|app| async move {
        let (site, token) = site(&app).await;
        let batch = sent(&site, &token, ASKED, SHEET).await;
        assert_eq!(sent(&site, &token, ASKED, SHEET).await["id"], batch["id"]);
    });
}

#[test]
fn a_file_that_can_not_be_read_is_refused_in_the_organisers_language() {
    on_each_public(|app| async move {
        let (site, token) = site(&app).await;
        for (query, file, told) in [
            ("", "", "Le fichier est vide"),
            ("", "a;b\nc;d\n", "Aucune ligne de titres"),
            ("", "Nom;Rôle\nA;b\n", "La feuille n’a pas de colonne"),
            ("activity=a&date=hier", SHEET, "Écrivez le jour"),
            ("place=Vannes", SHEET, "Nommez aussi l’activité"),
            ("name=%20", SHEET, "Donnez au fichier un nom"),
        ] {
            let call = sending(&site, &token, query).body("text/csv", file.to_owned());
            let answer = call.with(header::ACCEPT_LANGUAGE, "fr").send().await;
            let problem = answer.problem(422, "invalid");
            let detail = problem["detail"].as_str().unwrap();
            assert!(detail.starts_with(told), "{detail}");
        }
        let list = site.get(BATCHES).token(&token).send().await.is(200);
        assert_eq!(list.json(), json!([]));
    });
}

#[test]
fn what_is_no_file_is_refused() {
    on_each_public(|app| async move {
        let (site, token) = site(&app).await;
        let call = sending(&site, &token, "").body("application/json", "{}");
        call.send().await.problem(415, "unsupported-media-type");
        let call = sending(&site, &token, "nope=1").body("text/csv", SHEET);
        call.send().await.problem(400, "malformed");
        let call = site
            .post(&format!("{BATCHES}?achievement=nulle-part"))
            .token(&token);
        call.body("text/csv", SHEET)
            .send()
            .await
            .problem(404, "not-found");
        let call = sending(&site, &token, "").body("text/csv", SHEET);
        let announced = (Limits::bulk().bytes * 2).to_string();
        let answer = call.with(header::CONTENT_LENGTH, &announced).send().await;
        answer.problem(413, "too-large");
    });
}

#[test]
fn batches_and_rows_are_listed_page_by_page() {
    on_each_public(|app| async move {
        let (site, token) = site(&app).await;
        for name in ["a.csv", "b.csv", "c.csv"] {
            let sheet =
                format!("Nom complet;Courriel\n{name};enora@example.org\nB;b@example.org\n");
            sent(&site, &token, &format!("name={name}"), &sheet).await;
        }
        let mut next = Some(format!("{BATCHES}?limit=2"));
        let mut found = Vec::new();
        while let Some(page) = next {
            let answer = read(&site, &token, &page).await.is(200);
            found.extend(answer.json().as_array().unwrap().iter().cloned());
            next = following(&answer);
        }
        let names: Vec<_> = found
            .iter()
            .map(|batch| batch["file"].as_str().unwrap())
            .collect();
        assert_eq!(names, ["c.csv", "b.csv", "a.csv"]);
        let mut next = Some(path(&found[0], "/rows?outcome=waiting&limit=1"));
        let mut rows = Vec::new();
        while let Some(page) = next {
            let answer = read(&site, &token, &page).await.is(200);
            rows.push(answer.json()[0]["row"].clone());
            next = following(&answer);
        }
        assert_eq!(rows, [2, 3]);
        for wrong in ["?limit=0", "?limit=201"] {
            let answer = read(&site, &token, &format!("{BATCHES}{wrong}")).await;
            answer.problem(422, "invalid");
        }
    });
}

fn following(answer: &Answer) -> Option<String> {
    let link = answer.maybe("link")?;
    let path = link.strip_prefix('<')?.strip_suffix(">; rel=\"next\"")?;
    Some(path.to_owned())
}

#[test]
fn a_badge_class_says_what_becomes_of_duplicates() {
    on_each_public(|app| async move {
        let (site, token) = site(&app).await;
        let badge = format!("/api/v1/achievements/{BADGE}");
        let told = async || read(&site, &token, &badge).await.is(200).json()["duplicates"].clone();
        assert_eq!(told().await, "skip");
        let decide = site
            .call("PUT", &format!("{badge}/duplicates"))
            .token(&token);
        let decided = decide.json(&json!({ "duplicates": "allow" })).send().await;
        assert_eq!(decided.is(200).json()["duplicates"], "allow");
        assert_eq!(told().await, "allow");
        let sheet = "Nom complet;Courriel\nEnora;enora@example.org\n";
        for name in ["name=a.csv", "name=b.csv"] {
            let batch = imported(&site, &token, name, sheet).await;
            assert_eq!(batch["counts"]["issued"], 1);
        }
        let reader = site.token(&[Scope::CredentialsRead]).await;
        let decide = site
            .call("PUT", &format!("{badge}/duplicates"))
            .token(&reader);
        let decided = decide.json(&json!({ "duplicates": "skip" })).send().await;
        decided.problem(403, "forbidden");
    });
}
