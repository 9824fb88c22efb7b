//! What the holder's page does, as a browser without scripts uses it.

use std::io::Cursor;

use badgeons::services::holders::{LONGEST_TEXT, Visibility};

use super::{open, site};
use crate::harness::app::on_each_public;
use crate::harness::web::{Answer, Site};

async fn send(site: &Site, place: &str, form: &str) -> Answer {
    let call = open_post(site, place);
    let call = call.body("application/x-www-form-urlencoded", form.to_owned());
    call.send().await
}

fn open_post<'s>(site: &'s Site, place: &str) -> crate::harness::web::Call<'s> {
    site.post(place).accept(super::BROWSER)
}

#[test]
fn what_is_decided_is_done_and_told() {
    on_each_public(|app| async move {
        let (site, id) = site(&app).await;
        let id = id.parse().unwrap();
        let link = app.first_holder_link(id);
        let place = format!("/holders/{link}");
        let page = open(&site, &place).send().await.is(200);
        assert_eq!(page.header("cache-control"), "no-store");
        assert!(page.text().contains("Añaïg Le Coz") && page.text().contains("noindex"));
        let done = send(&site, &place, "do=decide&visibility=public&language=br")
            .await
            .is(303);
        let next = done.header("location").to_owned();
        let page = open(&site, &next).send().await.is(200).text();
        assert!(page.contains("role=\"status\"") && page.contains("<html lang=\"br\">"));
        let desk = app.holder_desk(&link).await.unwrap();
        assert_eq!(
            (desk.visibility, desk.language.as_deref()),
            (Visibility::Public, Some("br"))
        );
        for form in ["do=name&text=A%C3%B1a%C3%AFg", "do=erasure&text="] {
            send(&site, &place, form).await.is(303);
        }
        assert_eq!(app.holder_desk(&link).await.unwrap().asked.len(), 2);
        let moved = send(&site, &place, "do=link").await.is(303);
        let new = moved.header("location").to_owned();
        assert!(!new.starts_with(&format!("{place}?")));
        open(&site, &new).send().await.is(200);
        open(&site, &place).send().await.is(404);
    });
}

#[test]
fn what_can_not_be_done_is_told_and_nothing_is_changed() {
    on_each_public(|app| async move {
        let (site, id) = site(&app).await;
        let link = app.first_holder_link(id.parse().unwrap());
        let place = format!("/holders/{link}");
        let long = format!("do=name&text={}", "x".repeat(LONGEST_TEXT + 1));
        for form in [
            "do=name&text=+",
            "do=nothing",
            "do=decide&visibility=all",
            &long,
        ] {
            let page = send(&site, &place, form).await.is(422);
            assert!(page.text().contains("role=\"alert\""), "{form}");
        }
        let desk = app.holder_desk(&link).await.unwrap();
        assert_eq!((desk.visibility, desk.asked.len()), (Visibility::Link, 0));
        let broken = send(&site, &place, "visibility=public").await.is(400);
        assert!(broken.text().contains("<html"));
        let huge = format!("do=name&text={}", "x".repeat(20_000));
        send(&site, &place, &huge).await.is(413);
        send(&site, "/holders/nothing", "do=link").await.is(404);
    });
}

#[test]
fn everything_is_in_one_file() {
    on_each_public(|app| async move {
        let (site, id) = site(&app).await;
        let link = app.first_holder_link(id.parse().unwrap());
        app.decide(&link, Visibility::Private, None).await.unwrap();
        let zip = site
            .get(&format!("/holders/{link}/badge.zip"))
            .send()
            .await
            .is(200);
        let mut zip = zip::ZipArchive::new(Cursor::new(zip.body)).unwrap();
        let mut names: Vec<_> = zip
            .file_names()
            .map(|name| name.unwrap().into_owned())
            .collect();
        names.sort();
        let all = ["json", "jwt", "pdf", "png", "svg"].map(|form| format!("badge.{form}"));
        assert_eq!(names, all);
        let mut json = Vec::new();
        std::io::copy(&mut zip.by_name("badge.json").unwrap(), &mut json).unwrap();
        let alone = site
            .get(&format!("/holders/{link}/badge.json"))
            .send()
            .await
            .is(200);
        assert_eq!(json, alone.body, "byte for byte as it was signed");
        open(&site, &format!("/holders/{link}/badge"))
            .send()
            .await
            .is(200);
        for name in ["badge.exe", "badge.", "x", "badge.json.zip"] {
            open(&site, &format!("/holders/{link}/{name}"))
                .send()
                .await
                .is(404);
        }
    });
}
