//! The same address is a page for people and data for programs.

use axum::http::header;
use badgeons::services::holders::Visibility;

use super::{BROWSER, open, site};
use crate::harness::app::{ADDRESS, ISSUER, on_each_public};

#[test]
fn a_browser_is_shown_a_page_and_a_program_given_data() {
    on_each_public(|app| async move {
        let (site, id) = site(&app).await;
        let badge = site.get(&format!("/credentials/{id}")).send().await.json();
        let class = badge["credentialSubject"]["achievement"]["id"]
            .as_str()
            .unwrap();
        let class = class.strip_prefix(ADDRESS).unwrap().to_owned();
        for path in [
            format!("/credentials/{id}"),
            class.clone(),
            format!("{class}/versions/1"),
            format!("/issuers/{ISSUER}"),
        ] {
            let page = open(&site, &path).send().await.is(200);
            assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
            assert!(page.text().contains("<html lang=\"fr\">"), "{path}");
            assert!(page.header("vary").contains("accept-language"));
            let data = site.get(&path).send().await.is(200);
            data.json();
            let named = site.get(&format!("{path}.json")).accept(BROWSER);
            named.send().await.is(200).json();
        }
    });
}

#[test]
fn the_verdict_comes_first_then_who_and_what() {
    on_each_public(|app| async move {
        let (site, id) = site(&app).await;
        let page = open(&site, &format!("/credentials/{id}"))
            .send()
            .await
            .text();
        let places = [
            "<strong>Valide</strong>",
            "<h1",
            "Añaïg Le Coz",
            "Délivré le",
        ]
        .map(|text| {
            page.find(text)
                .unwrap_or_else(|| panic!("no {text}: {page}"))
        });
        assert!(places.is_sorted(), "{places:?}");
        assert!(!page.contains("anaig@example.org"));
    });
}

#[test]
fn each_state_of_a_badge_has_its_own_words() {
    on_each_public(|app| async move {
        let (site, id) = site(&app).await;
        let path = format!("/credentials/{id}");
        let token = site.token(&crate::harness::web::PARTNER).await;
        let reason = serde_json::json!({"reason": "Un essai"});
        for (verb, words) in [
            ("suspend", "suspendu"),
            ("reinstate", "Valide"),
            ("revoke", "révoqué"),
        ] {
            let done = site.post(&format!("/api/v1/credentials/{id}/{verb}"));
            done.token(&token).json(&reason).send().await.is(200);
            let page = open(&site, &path).send().await.is(200).text();
            assert!(page.contains(words), "{words}: {page}");
            assert!(!page.contains("Un essai"));
            assert_eq!(
                page.contains("<strong>Valide</strong>"),
                verb == "reinstate"
            );
        }
        let erased = site.call("DELETE", &format!("/api/v1/credentials/{id}/personal-data"));
        erased.token(&token).send().await.is(204);
        let page = open(&site, &path).send().await.is(410);
        assert!(page.text().contains("Ce badge a été effacé"));
        assert!(!page.text().contains("Añaïg"));
    });
}

#[test]
fn what_is_not_there_is_told_in_words() {
    on_each_public(|app| async move {
        let (site, _) = site(&app).await;
        for path in [
            "/nothing",
            "/credentials/x",
            "/issuers/nobody",
            "/legal/x",
            "/assets/x-style.css",
        ] {
            let page = open(&site, path).send().await.is(404);
            assert!(
                page.text().contains("Il n’y a rien à cette adresse"),
                "{path}"
            );
            assert_eq!(page.header("cache-control"), "no-store");
            site.get(path).send().await.problem(404, "not-found");
        }
    });
}

#[test]
fn a_page_speaks_the_language_that_is_chosen_else_wanted_else_french() {
    on_each_public(|app| async move {
        let (site, id) = site(&app).await;
        for (query, wanted, spoken) in [
            ("", None, "fr"),
            ("", Some("br, fr;q=0.5"), "br"),
            ("", Some("de"), "en"),
            ("?lang=br", Some("en"), "br"),
            ("?lang=xx", Some("en"), "en"),
        ] {
            for path in ["/".to_owned(), format!("/credentials/{id}")] {
                let mut call = site.get(&format!("{path}{query}")).accept(BROWSER);
                if let Some(wanted) = wanted {
                    call = call.with(header::ACCEPT_LANGUAGE, wanted);
                }
                let page = call.send().await.is(200).text();
                assert!(
                    page.contains(&format!("<html lang=\"{spoken}\">")),
                    "{path}{query}"
                );
                // A choice stays a choice on the next page.
                let kept = page.contains(&format!("href=\"/verify?lang={spoken}\""));
                assert_eq!(kept, query == "?lang=br", "{path}{query}");
            }
        }
    });
}

#[test]
fn the_holders_language_is_spoken_to_whoever_chose_none() {
    on_each_public(|app| async move {
        let (site, id) = site(&app).await;
        let link = app.first_holder_link(id.parse().unwrap());
        app.decide(&link, Visibility::Link, Some("br"))
            .await
            .unwrap();
        let path = format!("/credentials/{id}");
        let page = open(&site, &path).send().await.text();
        assert!(page.contains("<html lang=\"br\">"));
        let page = open(&site, &format!("{path}?lang=en")).send().await.text();
        assert!(page.contains("<html lang=\"en\">"));
    });
}

#[test]
fn what_is_not_public_is_shown_in_no_preview() {
    on_each_public(|app| async move {
        let (site, id) = site(&app).await;
        let link = app.first_holder_link(id.parse().unwrap());
        let path = format!("/credentials/{id}");
        let oembed = format!("/oembed?url={ADDRESS}/credentials/{id}");
        for (visibility, is_public, names) in [
            (Visibility::Link, false, true),
            (Visibility::Anonymous, true, false),
            (Visibility::Public, true, true),
        ] {
            app.decide(&link, visibility, None).await.unwrap();
            let page = open(&site, &path).send().await.is(200);
            assert_eq!(
                page.text().contains("og:title"),
                is_public,
                "{visibility:?}"
            );
            assert_eq!(page.text().contains("linkedin.com"), is_public && names);
            assert_eq!(page.text().contains("noindex"), !is_public);
            assert_eq!(page.maybe("x-robots-tag").is_some(), !is_public);
            assert_eq!(page.text().contains("Añaïg"), names, "{visibility:?}");
            let status = if is_public { 200 } else { 404 };
            let frame = open(&site, &format!("{path}/embed"))
                .send()
                .await
                .is(status);
            assert_eq!(frame.text().contains("Añaïg"), is_public && names);
            assert_eq!(frame.maybe("x-frame-options").is_none(), is_public);
            site.get(&oembed).send().await.is(status);
            let card = site
                .get(&format!("{path}/card.png"))
                .send()
                .await
                .is(status);
            assert_eq!(card.body.starts_with(b"\x89PNG"), is_public);
        }
        app.decide(&link, Visibility::Private, None).await.unwrap();
        let page = open(&site, &path).send().await.is(403);
        assert!(!page.text().contains("Añaïg") && !page.text().contains("og:"));
        site.get(&path).send().await.problem(403, "private");
        for form in ["json", "jwt", "png", "svg", "pdf"] {
            site.get(&format!("{path}.{form}")).send().await.is(403);
        }
    });
}

#[test]
fn pages_are_careful_and_kept_no_longer_than_they_hold() {
    on_each_public(|app| async move {
        let (site, id) = site(&app).await;
        let path = format!("/credentials/{id}");
        let page = open(&site, &path).send().await.is(200);
        let policy = page.header("content-security-policy");
        assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"));
        assert_eq!(page.header("x-frame-options"), "DENY");
        assert_eq!(page.header("referrer-policy"), "no-referrer");
        assert_eq!(page.header("cache-control"), "no-cache");
        let tag = page.header("etag").to_owned();
        assert!(tag.starts_with("W/"), "{tag}");
        let again = open(&site, &path).with(header::IF_NONE_MATCH, &tag);
        again.send().await.is(304);
        let text = page.text();
        let style = text
            .split("href=\"")
            .find(|it| it.starts_with("/assets/"))
            .unwrap();
        let style = site
            .get(style.split('"').next().unwrap())
            .send()
            .await
            .is(200);
        assert!(style.header("cache-control").contains("immutable"));
        assert!(page.maybe("set-cookie").is_none());
        for coding in ["br", "gzip"] {
            let small = open(&site, &path).with(header::ACCEPT_ENCODING, coding);
            let small = small.send().await.is(200);
            assert_eq!(small.header("content-encoding"), coding);
            assert!(small.body.len() < text.len() / 2);
            // What was signed goes its way as it is.
            let json = site.get(&path).with(header::ACCEPT_ENCODING, coding);
            assert!(json.send().await.maybe("content-encoding").is_none());
        }
    });
}

#[test]
fn a_certificate_is_had_on_paper() {
    on_each_public(|app| async move {
        let (site, id) = site(&app).await;
        let pdf = site
            .get(&format!("/credentials/{id}.pdf"))
            .send()
            .await
            .is(200);
        assert_eq!(pdf.header("content-type"), "application/pdf");
        assert!(pdf.body.starts_with(b"%PDF-") && pdf.body.len() < 60_000);
    });
}

#[test]
fn the_end_of_a_badge_is_an_entry_in_a_calendar() {
    on_each_public(|app| async move {
        let site = crate::harness::web::Site::of(&app).await;
        let token = site.token(&crate::harness::web::PARTNER).await;
        let body = serde_json::json!({
            "achievement": "animateur-fresque",
            "recipient": {"name": "Añaïg Le Coz", "email": "anaig@example.org"},
        });
        let issued = site.post("/api/v1/credentials").token(&token).json(&body);
        let id = issued.send().await.is(201).json()["id"]
            .as_str()
            .unwrap()
            .to_owned();
        let entry = site
            .get(&format!("/credentials/{id}/expiry.ics"))
            .send()
            .await
            .is(200);
        let text = entry.text();
        assert!(text.starts_with("BEGIN:VCALENDAR\r\n") && text.ends_with("END:VCALENDAR\r\n"));
        assert!(text.contains("DTSTART;VALUE=DATE:2029"), "{text}");
        let page = open(&site, &format!("/credentials/{id}"))
            .send()
            .await
            .text();
        assert!(page.contains("expiry.ics"));
    });
}

#[test]
fn the_directory_finds_badges_by_words_level_and_issuer() {
    on_each_public(|app| async move {
        let (site, _) = site(&app).await;
        let titles = |page: &str| page.matches("<h3>").count();
        let all = titles(&open(&site, "/badges").send().await.text());
        assert!(all > 5);
        for (query, finds) in [
            ("?q=FRESQUE+climat", true),
            ("?q=%C3%A9v%C3%A9nement+introuvable", false),
            ("?level=L", true),
            ("?level=R6", false),
            ("?issuer=pays-de-vannes", true),
            ("?issuer=nobody", false),
        ] {
            let page = open(&site, &format!("/badges{query}"))
                .send()
                .await
                .is(200)
                .text();
            let found = titles(&page);
            assert_eq!(found > 0, finds, "{query}");
            assert!(found <= all);
            assert!(finds || page.contains("Aucun badge"), "{query}");
        }
    });
}

#[test]
fn the_directory_is_what_can_be_issued_at_this_moment() {
    on_each_public(|app| async move {
        let (site, _) = site(&app).await;
        let token = site.token(&crate::harness::web::PARTNER).await;
        let found = |page: String| page.contains("Atelier vélo");
        let search = "/badges?q=atelier+velo";
        assert!(!found(open(&site, search).send().await.text()));
        let body = serde_json::json!({
            "slug": "velo", "level": "R2",
            "achievement": {
                "name": "Atelier vélo", "description": "A participé à l’atelier vélo.",
                "achievementType": "Badge", "criteria": { "narrative": "Être présent·e." },
            },
        });
        let made = site.post("/api/v1/achievements").token(&token).json(&body);
        made.send().await.is(201);
        assert!(found(open(&site, search).send().await.text()));
        for (verb, is_there) in [("archive", false), ("unarchive", true)] {
            let done = site.post(&format!("/api/v1/achievements/velo/{verb}"));
            done.token(&token).send().await.is(200);
            assert_eq!(found(open(&site, search).send().await.text()), is_there);
        }
    });
}

#[test]
fn a_link_that_was_passed_on_opens_whatever_was_added_to_it() {
    on_each_public(|app| async move {
        let (site, id) = site(&app).await;
        for added in [
            "?fbclid=x",
            "?utm_source=linkedin&utm_medium=social",
            "?lang=br&x",
        ] {
            let page = open(&site, &format!("/credentials/{id}{added}"));
            page.send().await.is(200);
        }
        open(&site, "/badges?page=99999999999999999999999")
            .send()
            .await
            .is(200);
    });
}

#[test]
fn a_badge_that_does_not_stand_is_boasted_of_nowhere() {
    on_each_public(|app| async move {
        let (site, id) = site(&app).await;
        let link = app.first_holder_link(id.parse().unwrap());
        app.decide(&link, Visibility::Public, None).await.unwrap();
        let path = format!("/credentials/{id}");
        site.get(&format!("{path}/card.png")).send().await.is(200);
        let token = site.token(&crate::harness::web::PARTNER).await;
        let revoked = site.post(&format!("/api/v1/credentials/{id}/revoke"));
        let reason = serde_json::json!({"reason": "Un essai"});
        revoked.token(&token).json(&reason).send().await.is(200);
        let page = open(&site, &path).send().await.is(200).text();
        for boast in ["og:title", "linkedin.com", "expiry.ics", ".pdf"] {
            assert!(!page.contains(boast), "{boast}");
        }
        for form in ["/card.png", ".pdf"] {
            site.get(&format!("{path}{form}"))
                .send()
                .await
                .problem(409, "conflict");
        }
        let frame = open(&site, &format!("{path}/embed")).send().await.is(200);
        assert!(frame.text().contains("Non valide"));
    });
}

#[test]
fn an_operator_says_what_they_have_to_say() {
    on_each_public(|app| async move {
        let (site, _) = site(&app).await;
        let folder = app.settings.data_dir.join("legal");
        std::fs::create_dir_all(&folder).unwrap();
        let ours = open(&site, "/legal/notice").send().await.is(200).text();
        assert!(ours.contains("Apache 2.0"));
        std::fs::write(folder.join("notice.fr.md"), "Association **Exemple**").unwrap();
        let theirs = open(&site, "/legal/notice").send().await.is(200).text();
        assert!(theirs.contains("Association <strong>Exemple</strong>"));
        let other = open(&site, "/legal/notice?lang=br").send().await.text();
        assert!(other.contains("Apache 2.0"));
    });
}
