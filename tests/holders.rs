//! What holders decide about their badges through the link that is theirs, without an account.

use badgeons::ids::CredentialId;
use badgeons::services::Error;
use badgeons::services::holders::{HolderLink, LONGEST_TEXT, Visibility};
use badgeons::services::presenting::{Form, Format};

use crate::harness::app::{App, ISSUER, on_each_local, on_each_public};
use crate::harness::web::{PARTNER, Site};

async fn issued(app: &App) -> CredentialId {
    issued_to(app, "Añaïg Le Coz", "anaig@example.org").await
}

async fn issued_to(app: &App, name: &str, email: &str) -> CredentialId {
    let site = Site::of(app).await;
    let token = site.token(&PARTNER).await;
    site.issued(&token, name, email).await.parse().unwrap()
}

fn is_not_found<T: std::fmt::Debug>(outcome: &Result<T, Error>) -> bool {
    matches!(outcome, Err(Error::NotFound { .. }))
}

#[test]
fn a_badge_has_a_link_that_opens_it_and_no_other() {
    on_each_public(|app| async move {
        let one = issued(&app).await;
        let link = app.holder_link(&one.to_string(), false).await.unwrap();
        assert_eq!(link, app.first_holder_link(one));
        let desk = app.holder_desk(&link).await.unwrap();
        assert_eq!((desk.badge, desk.visibility), (one, Visibility::Link));
        // One bit of it away nothing opens.
        let text = link.to_string();
        for place in 0..text.len() {
            let mut other: Vec<u8> = text.bytes().collect();
            other[place] = if other[place] == b'A' { b'Q' } else { b'A' };
            let Ok(other) = String::from_utf8(other).unwrap().parse::<HolderLink>() else {
                continue;
            };
            if other != link {
                assert!(is_not_found(&app.holder_desk(&other).await));
            }
        }
    });
}

#[test]
fn a_link_that_was_replaced_opens_nothing() {
    on_each_public(|app| async move {
        let id = issued(&app).await;
        let first = app.first_holder_link(id);
        let second = app.holder_link(&id.to_string(), true).await.unwrap();
        assert!(is_not_found(&app.holder_desk(&first).await));
        assert!(is_not_found(&app.ask_issuer(&first, "erasure", "").await));
        let decided = app.decide(&first, Visibility::Public, None).await;
        assert!(is_not_found(&decided));
        let third = app.replace_own_link(&second).await.unwrap();
        assert!(is_not_found(&app.holder_desk(&second).await));
        app.holder_desk(&third).await.unwrap();
        let told = app.holder_link(&id.to_string(), false).await.unwrap();
        assert_eq!(told, third);
    });
}

#[test]
fn whoever_uses_an_old_link_while_it_is_replaced_gets_nothing_by_it() {
    on_each_public(|app| async move {
        let id = issued(&app).await;
        for _ in 0..10 {
            let stolen = app.holder_link(&id.to_string(), false).await.unwrap();
            let deciding: Vec<_> = (0..6)
                .map(|_| {
                    let (app, stolen) = (app.clone(), stolen.clone());
                    tokio::spawn(async move {
                        for _ in 0..5 {
                            let _ = app.decide(&stolen, Visibility::Public, None).await;
                            let _ = app.replace_own_link(&stolen).await;
                        }
                    })
                })
                .collect();
            let mine = app.holder_link(&id.to_string(), true).await;
            for it in deciding {
                it.await.unwrap();
            }
            assert!(is_not_found(&app.holder_desk(&stolen).await));
            // Either was first, and the other was told so.
            if let Ok(mine) = mine {
                app.holder_desk(&mine).await.unwrap();
            }
        }
    });
}

#[test]
fn who_sees_a_badge_is_for_its_holder_to_say() {
    on_each_public(|app| async move {
        let id = issued(&app).await;
        let link = app.first_holder_link(id);
        let json = Form::In(Format::Json);
        for (visibility, page, file) in [
            (Visibility::Private, false, false),
            (Visibility::Link, true, true),
            (Visibility::Anonymous, true, false),
            (Visibility::Public, true, true),
        ] {
            app.decide(&link, visibility, Some("br")).await.unwrap();
            let shown = app.badge_shown(id, None).await;
            assert_eq!(shown.is_ok(), page, "{visibility:?}");
            assert!(page || matches!(shown, Err(Error::Private)));
            let handed = app.hand_out(id, json, None).await;
            assert_eq!(handed.is_ok(), file, "{visibility:?}");
            assert!(file || matches!(handed, Err(Error::Private)));
            // Its holder has it whatever others see.
            let own = app.badge_shown(id, Some(&link)).await.unwrap();
            assert_eq!(
                (own.visibility, own.language.as_deref()),
                (visibility, Some("br"))
            );
            app.hand_out(id, json, Some(&link)).await.unwrap();
        }
        let refused = app.decide(&link, Visibility::Link, Some("de")).await;
        assert!(matches!(refused, Err(Error::Refused(_))));
    });
}

#[test]
fn one_badges_link_opens_no_other_badge() {
    on_each_public(|app| async move {
        let ours = issued(&app).await;
        let theirs = issued_to(&app, "Enora", "enora@example.org").await;
        let their_link = app.first_holder_link(theirs);
        app.decide(&their_link, Visibility::Private, None)
            .await
            .unwrap();
        let link = app.first_holder_link(ours);
        let shown = app.badge_shown(theirs, Some(&link)).await;
        assert!(matches!(shown, Err(Error::Private)));
        let handed = app
            .hand_out(theirs, Form::In(Format::Json), Some(&link))
            .await;
        assert!(matches!(handed, Err(Error::Private)));
    });
}

#[test]
fn what_a_holder_asks_for_reaches_the_issuer() {
    on_each_local(|app| async move {
        let id = issued(&app).await;
        let link = app.first_holder_link(id);
        app.ask_issuer(&link, "name", " Añaïg ar C’hozh ")
            .await
            .unwrap();
        app.ask_issuer(&link, "erasure", "").await.unwrap();
        let asked = app.holder_requests(Some(ISSUER)).await.unwrap();
        let told: Vec<_> = asked
            .iter()
            .map(|it| (it.kind, it.text.as_deref()))
            .collect();
        assert_eq!(told, [("erasure", None), ("name", Some("Añaïg ar C’hozh"))]);
        assert_eq!(app.holder_desk(&link).await.unwrap().asked.len(), 2);
        for (kind, text) in [
            ("name", String::new()),
            ("name", "x".repeat(LONGEST_TEXT + 1)),
            ("erasure", "x".repeat(LONGEST_TEXT + 1)),
        ] {
            let refused = app.ask_issuer(&link, kind, &text).await;
            assert!(matches!(refused, Err(Error::Refused(_))), "{refused:?}");
        }
        assert!(is_not_found(&app.ask_issuer(&link, "money", "x").await));
        let id = id.to_string();
        app.answer_holder_request(&id, "name").await.unwrap();
        assert!(is_not_found(&app.answer_holder_request(&id, "name").await));
        assert_eq!(app.holder_requests(Some(ISSUER)).await.unwrap().len(), 1);
        assert!(app.verify_audit(None).await.is_ok());
    });
}

#[test]
fn of_an_erased_badge_nothing_opens() {
    on_each_public(|app| async move {
        let id = issued(&app).await;
        let link = app.first_holder_link(id);
        app.decide(&link, Visibility::Public, None).await.unwrap();
        app.erase_credential(&id.to_string()).await.unwrap();
        let gone = |outcome: Option<Error>| matches!(outcome, Some(Error::Gone { .. }));
        assert!(gone(app.holder_desk(&link).await.err()));
        assert!(gone(app.badge_shown(id, None).await.err()));
        assert!(gone(app.badge_shown(id, Some(&link)).await.err()));
        let link = app.holder_link(&id.to_string(), false).await;
        assert!(gone(link.err()));
    });
}
