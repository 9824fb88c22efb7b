//! Who may call what, for every operation that the OpenAPI document has: a new one is tested before
//! anybody thinks of it, and a test that can't know how asks for a line here.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU32, Ordering};

use badgeons::services::access::Scope;
use serde_json::{Value, json};

use super::samples::{Operation, operations};
use crate::harness::app::{App, ISSUER, on_each_public};
use crate::harness::web::{Answer, NEIGHBOUR, PARTNER, Site};

/// The operations that need no token.
const PUBLIC: [&str; 2] = ["POST /api/v1/verifications", "POST /oauth/token"];

/// Those that every token may call: it may read what it acts for.
const OF_EVERY_TOKEN: [&str; 9] = [
    "GET /api/v1/achievements",
    "GET /api/v1/achievements/{slug}",
    "GET /api/v1/achievements/{slug}/draft",
    "GET /api/v1/achievements/{slug}/micro-credential",
    "GET /api/v1/achievements/{slug}/versions",
    "GET /api/v1/templates",
    "GET /api/v1/issuers",
    "GET /api/v1/issuers/{slug}",
    "GET /api/v1/issuers/{slug}/keys",
];

/// What a token needs for each of the others.
const NEEDED: [(&str, Scope); 40] = [
    (
        "PUT /api/v1/achievements/{slug}/duplicates",
        Scope::AchievementsWrite,
    ),
    ("GET /api/v1/batches", Scope::BatchesWrite),
    ("POST /api/v1/batches", Scope::BatchesWrite),
    ("GET /api/v1/batches/{id}", Scope::BatchesWrite),
    ("GET /api/v1/batches/{id}/badges", Scope::CredentialsRead),
    ("POST /api/v1/batches/{id}/cancel", Scope::BatchesWrite),
    ("GET /api/v1/batches/{id}/events", Scope::BatchesWrite),
    ("POST /api/v1/batches/{id}/pause", Scope::BatchesWrite),
    (
        "DELETE /api/v1/batches/{id}/personal-data",
        Scope::CredentialsRevoke,
    ),
    ("GET /api/v1/batches/{id}/report", Scope::BatchesWrite),
    ("GET /api/v1/batches/{id}/result", Scope::BatchesWrite),
    ("POST /api/v1/batches/{id}/resume", Scope::BatchesWrite),
    ("POST /api/v1/batches/{id}/revoke", Scope::CredentialsRevoke),
    ("GET /api/v1/batches/{id}/rows", Scope::BatchesWrite),
    (
        "GET /api/v1/credentials/{id}/holder-link",
        Scope::CredentialsIssue,
    ),
    (
        "POST /api/v1/credentials/{id}/holder-link",
        Scope::CredentialsIssue,
    ),
    ("GET /api/v1/holder-requests", Scope::CredentialsRead),
    (
        "DELETE /api/v1/credentials/{id}/requests/{kind}",
        Scope::CredentialsIssue,
    ),
    ("POST /api/v1/achievements", Scope::AchievementsWrite),
    (
        "PUT /api/v1/achievements/{slug}/draft",
        Scope::AchievementsWrite,
    ),
    (
        "POST /api/v1/achievements/{slug}/publish",
        Scope::AchievementsWrite,
    ),
    (
        "POST /api/v1/achievements/{slug}/archive",
        Scope::AchievementsWrite,
    ),
    (
        "POST /api/v1/achievements/{slug}/unarchive",
        Scope::AchievementsWrite,
    ),
    (
        "POST /api/v1/credentials/{id}/renew",
        Scope::CredentialsIssue,
    ),
    ("PATCH /api/v1/issuers/{slug}", Scope::IssuerAdmin),
    ("GET /api/v1/credentials", Scope::CredentialsRead),
    ("POST /api/v1/credentials", Scope::CredentialsIssue),
    ("POST /api/v1/credentials/check", Scope::CredentialsIssue),
    ("GET /api/v1/credentials/{id}", Scope::CredentialsRead),
    (
        "DELETE /api/v1/credentials/{id}/personal-data",
        Scope::CredentialsRevoke,
    ),
    (
        "POST /api/v1/credentials/{id}/reinstate",
        Scope::CredentialsRevoke,
    ),
    (
        "POST /api/v1/credentials/{id}/revoke",
        Scope::CredentialsRevoke,
    ),
    (
        "POST /api/v1/credentials/{id}/suspend",
        Scope::CredentialsRevoke,
    ),
    ("POST /api/v1/issuers", Scope::Operator),
    (
        "POST /api/v1/issuers/{slug}/keys/rotate",
        Scope::IssuerAdmin,
    ),
    ("POST /api/v1/keys/{id}/compromised", Scope::IssuerAdmin),
    ("POST /api/v1/keys/{id}/retire", Scope::IssuerAdmin),
    ("GET /api/v1/tokens", Scope::IssuerAdmin),
    ("POST /api/v1/tokens", Scope::IssuerAdmin),
    ("DELETE /api/v1/tokens/{id}", Scope::IssuerAdmin),
];

/// The secured operations.
fn secured(site: &Site) -> Vec<Operation> {
    let mut all = operations(site.document());
    all.retain(Operation::is_secured);
    all
}

/// Calls an operation with a body it reads.
async fn call(site: &Site, operation: &Operation, path: &str, token: Option<&str>) -> Answer {
    let path = match operation.query() {
        query if query.is_empty() => path.to_owned(),
        query if path.contains('?') => format!("{path}&{query}"),
        query => format!("{path}?{query}"),
    };
    let mut call = site.call(&operation.method.to_uppercase(), &path);
    if let Some(token) = token {
        call = call.token(token);
    }
    if let Some(body) = operation.body(site.document()) {
        call = call.json(&body);
    } else if let Some(file) = operation.file() {
        call = call.body("text/csv", file);
    }
    call.send().await
}

/// The path of an operation, for things of that issuer.
async fn path_to(site: &Site, operation: &Operation, issuer: &str, token: &str) -> String {
    let mut path = operation.template.clone();
    for parameter in operation.parameters("path") {
        let value = thing(site, &operation.template, &parameter, issuer, token).await;
        path = path.replace(&format!("{{{parameter}}}"), &value);
    }
    path
}

/// Something of an issuer's that stands for a parameter of a path.
async fn thing(site: &Site, template: &str, parameter: &str, issuer: &str, token: &str) -> String {
    let kind = template.split('/').nth(3).unwrap_or_default();
    match (kind, parameter) {
        ("credentials", "id") => {
            let body = json!({
                "achievement": crate::harness::web::BADGE, "again": true,
                "recipient": { "name": "Enora Le Spécimen", "email": "enora@example.org" },
            });
            let made = site.post("/api/v1/credentials").token(token).json(&body);
            let id = text(&made.send().await.json(), "/id");
            // Its holder asks for what may be answered.
            let link = site.app.holder_link(&id, false).await.unwrap();
            site.app.ask_issuer(&link, "erasure", "").await.unwrap();
            id
        }
        ("credentials", "kind") => "erasure".to_owned(),
        ("achievements", "slug") => {
            // Each its own, with a draft: some of what is called publishes it or puts it away.
            static MADE: AtomicU32 = AtomicU32::new(0);
            let slug = format!("badge-{}-de-{issuer}", MADE.fetch_add(1, Ordering::Relaxed));
            let mut body = json!({
                "slug": slug, "level": "R2",
                "achievement": {
                    "name": "Atelier vélo", "description": "A participé à l’atelier vélo.",
                    "achievementType": "Badge", "criteria": { "narrative": "Être présent·e." },
                },
            });
            let made = site.post("/api/v1/achievements").token(token).json(&body);
            made.send().await.is(201);
            body.as_object_mut().unwrap().remove("slug");
            let draft = format!("/api/v1/achievements/{slug}/draft");
            let kept = site.call("PUT", &draft).token(token).json(&body);
            kept.send().await.is(200);
            slug
        }
        ("batches", "id") => {
            // Ended before its end: nobody issues from it here, and whoever follows it is told at once.
            let path = format!("/api/v1/batches?achievement={}", crate::harness::web::BADGE);
            let sheet = "Nom;Courriel\nEnora Le Spécimen;enora@example.org\n";
            let made = site.post(&path).token(token).body("text/csv", sheet);
            let id = text(&made.send().await.is(202).json(), "/id");
            let end = site
                .post(&format!("/api/v1/batches/{id}/cancel"))
                .token(token);
            end.send().await.is(200);
            id
        }
        ("issuers", "slug") => issuer.to_owned(),
        ("keys", "id") => {
            let keys = format!("/api/v1/issuers/{issuer}/keys");
            let keys = site.get(&keys).token(token).send().await;
            text(&keys.json(), "/0/id")
        }
        ("tokens", "id") => {
            let body = json!({ "name": "one more", "scopes": ["credentials:read"] });
            let made = site.post("/api/v1/tokens").token(token).json(&body);
            text(&made.send().await.json(), "/id")
        }
        _ => panic!("{template}: how does one get another issuer's {parameter}? Say it here."),
    }
}

fn text(document: &Value, pointer: &str) -> String {
    let found = document.pointer(pointer).and_then(Value::as_str);
    found.unwrap_or_else(|| panic!("{document}")).to_owned()
}

/// Two issuers, and a token of each that may do everything.
async fn neighbours(app: &App) -> (Site, String, String) {
    let site = Site::with_neighbour(app).await;
    let ours = site.token_of(Some(ISSUER), &PARTNER).await;
    let theirs = site.token_of(Some(NEIGHBOUR), &PARTNER).await;
    (site, ours, theirs)
}

#[test]
fn what_needs_no_token_is_a_short_list() {
    on_each_public(|app| async move {
        let site = Site::of(&app).await;
        let all = operations(site.document());
        let open = all.iter().filter(|operation| !operation.is_secured());
        let open: Vec<_> = open.map(Operation::name).collect();
        assert_eq!(open, PUBLIC);
    });
}

#[test]
fn without_a_token_nothing_is_done() {
    on_each_public(|app| async move {
        let site = Site::of(&app).await;
        let token = site.token(&PARTNER).await;
        for operation in secured(&site) {
            let path = path_to(&site, &operation, ISSUER, &token).await;
            let answer = call(&site, &operation, &path, None).await;
            assert_eq!(answer.status, 401, "{}", operation.name());
            answer.problem(401, "unauthorized");
            assert_eq!(
                answer.header("www-authenticate"),
                "Bearer realm=\"badgeons\""
            );
        }
    });
}

#[test]
fn with_a_token_that_does_not_hold_nothing_is_done() {
    on_each_public(|app| async move {
        let site = Site::of(&app).await;
        let token = site.token(&PARTNER).await;
        let wrong = format!("{}x", &token[..token.len() - 1]);
        for operation in secured(&site) {
            let path = path_to(&site, &operation, ISSUER, &token).await;
            let answer = call(&site, &operation, &path, Some(&wrong)).await;
            assert_eq!(answer.status, 401, "{}", operation.name());
        }
    });
}

#[test]
fn it_is_written_here_what_a_token_needs_for_each_operation() {
    on_each_public(|app| async move {
        let site = Site::of(&app).await;
        let documented: BTreeSet<_> = secured(&site).iter().map(Operation::name).collect();
        let written = NEEDED.iter().map(|(name, _)| *name).chain(OF_EVERY_TOKEN);
        assert_eq!(documented, written.map(str::to_owned).collect());
    });
}

fn needed(operation: &Operation) -> Option<Scope> {
    let found = NEEDED.iter().find(|(name, _)| *name == operation.name());
    found.map(|(_, scope)| *scope)
}

#[test]
fn a_token_that_lacks_the_scope_is_told_which_one() {
    on_each_public(|app| async move {
        let site = Site::of(&app).await;
        let all = site.token(&PARTNER).await;
        for operation in secured(&site) {
            let Some(scope) = needed(&operation) else {
                continue;
            };
            let mut others = PARTNER.to_vec();
            others.retain(|other| *other != scope);
            let lacking = site.token(&others).await;
            let path = path_to(&site, &operation, ISSUER, &all).await;
            let answer = call(&site, &operation, &path, Some(&lacking)).await;
            assert_eq!(answer.status, 403, "{}", operation.name());
            let problem = answer.problem(403, "forbidden");
            assert!(
                text(&problem, "/detail").contains(scope.as_str()),
                "{problem}"
            );
        }
    });
}

#[test]
fn a_token_with_the_one_scope_that_is_needed_is_let_in() {
    on_each_public(|app| async move {
        let site = Site::of(&app).await;
        let all = site.token(&PARTNER).await;
        for operation in secured(&site) {
            let scope = needed(&operation).unwrap_or(Scope::BatchesWrite);
            let issuer = Some(ISSUER).filter(|_| scope != Scope::Operator);
            let token = site.token_of(issuer, &[scope]).await;
            let path = path_to(&site, &operation, ISSUER, &all).await;
            let answer = call(&site, &operation, &path, Some(&token)).await;
            // A token that may make tokens gives no more than it has.
            let gives = answer.status == 403 && !answer.text().contains(scope.as_str());
            let refused = [400, 401, 403, 404, 405, 415, 422, 500].contains(&answer.status);
            assert!(gives || !refused, "{}: {}", operation.name(), answer.text());
        }
    });
}

/// Calls each operation that names a thing with a thing of the neighbour's.
async fn reach_over(site: &Site, ours: &str, theirs: &str) -> Vec<(String, Answer)> {
    let mut answers = Vec::new();
    for operation in secured(site) {
        if operation.parameters("path").is_empty() {
            continue;
        }
        let path = path_to(site, &operation, NEIGHBOUR, theirs).await;
        let answer = call(site, &operation, &path, Some(ours)).await;
        answers.push((operation.name(), answer));
    }
    assert!(answers.len() > 10);
    answers
}

#[test]
fn anothers_things_are_answered_as_not_found() {
    on_each_public(|app| async move {
        let (site, ours, theirs) = neighbours(&app).await;
        for (name, answer) in reach_over(&site, &ours, &theirs).await {
            assert_eq!(answer.status, 404, "{name}: {}", answer.text());
            answer.problem(404, "not-found");
        }
    });
}

#[test]
fn anothers_things_are_answered_as_what_is_nowhere() {
    on_each_public(|app| async move {
        let (site, ours, theirs) = neighbours(&app).await;
        for operation in secured(&site) {
            let parameters = operation.parameters("path");
            let [parameter] = &parameters[..] else {
                continue;
            };
            let nowhere = match parameter.as_str() {
                "slug" => "nulle-part",
                _ => "6ba7b810-9dad-41d1-80b4-00c04fd430c8",
            };
            let there = path_to(&site, &operation, NEIGHBOUR, &theirs).await;
            let hole = format!("{{{parameter}}}");
            let [head, tail] = operation.template.split(&hole).collect::<Vec<_>>()[..] else {
                panic!("{operation:?}");
            };
            let value = &there[head.len()..there.len() - tail.len()];
            let there = call(&site, &operation, &there, Some(&ours)).await.json();
            let nowhere_path = format!("{head}{nowhere}{tail}");
            let gone = call(&site, &operation, &nowhere_path, Some(&ours)).await;
            // What else there is may be said, of one's own.
            let told = |problem: &Value| {
                let detail = text(problem, "/detail");
                let said = detail.split(';').next().unwrap().trim_end_matches('.');
                said.replace(value, nowhere)
            };
            assert_eq!(told(&there), told(&gone.json()), "{}", operation.name());
        }
    });
}

#[test]
fn anothers_things_stay_as_they_are() {
    on_each_public(|app| async move {
        let (site, ours, theirs) = neighbours(&app).await;
        let id = site.issued(&theirs, "Enora", "enora@example.org").await;
        let seen = async || {
            let mut seen = Vec::new();
            for path in [
                format!("/api/v1/credentials/{id}"),
                format!("/api/v1/issuers/{NEIGHBOUR}"),
                format!("/api/v1/issuers/{NEIGHBOUR}/keys"),
            ] {
                seen.push(site.get(&path).token(&theirs).send().await.is(200).json());
            }
            let tokens = site.get("/api/v1/tokens").token(&theirs).send().await;
            let tokens = tokens.json().as_array().unwrap().clone();
            seen.extend(tokens.into_iter().filter(|token| token["name"] == "tests"));
            seen
        };
        let before = seen().await;
        reach_over(&site, &ours, &theirs).await;
        assert_eq!(seen().await, before);
    });
}

#[test]
fn ones_own_things_are_found() {
    on_each_public(|app| async move {
        let (site, ours, _) = neighbours(&app).await;
        for operation in secured(&site) {
            let path = path_to(&site, &operation, ISSUER, &ours).await;
            let answer = call(&site, &operation, &path, Some(&ours)).await;
            assert_ne!(
                answer.status,
                404,
                "{}: {}",
                operation.name(),
                answer.text()
            );
        }
    });
}

#[test]
fn another_issuer_can_not_be_named_in_a_query() {
    on_each_public(|app| async move {
        let (site, ours, theirs) = neighbours(&app).await;
        let mut named = 0;
        for operation in secured(&site) {
            if !operation.parameters("query").contains(&"issuer".into()) {
                continue;
            }
            named += 1;
            let path = path_to(&site, &operation, NEIGHBOUR, &theirs).await;
            let path = format!("{path}?issuer={NEIGHBOUR}");
            let answer = call(&site, &operation, &path, Some(&ours)).await;
            assert_eq!(
                answer.status,
                404,
                "{}: {}",
                operation.name(),
                answer.text()
            );
            answer.problem(404, "not-found");
        }
        assert!(named >= 5);
    });
}

#[test]
fn a_list_holds_ones_own_things_alone() {
    on_each_public(|app| async move {
        let (site, ours, theirs) = neighbours(&app).await;
        let id = site.issued(&theirs, "Enora", "enora@example.org").await;
        for path in ["credentials", "achievements", "issuers", "tokens"] {
            let answer = site.get(&format!("/api/v1/{path}")).token(&ours);
            let told = answer.send().await.is(200).text();
            assert!(!told.contains(NEIGHBOUR) && !told.contains(&id), "{told}");
        }
    });
}

#[test]
fn an_operator_reaches_every_issuer() {
    on_each_public(|app| async move {
        let (site, _, theirs) = neighbours(&app).await;
        let operator = site.token_of(None, &[Scope::Operator]).await;
        let id = site.issued(&theirs, "Enora", "enora@example.org").await;
        let path = format!("/api/v1/credentials/{id}");
        site.get(&path).token(&operator).send().await.is(200);
    });
}

#[test]
fn an_operator_says_which_issuer_is_meant_where_there_are_several() {
    on_each_public(|app| async move {
        let (site, ..) = neighbours(&app).await;
        let operator = site.token_of(None, &[Scope::Operator]).await;
        let answer = site
            .get("/api/v1/credentials")
            .token(&operator)
            .send()
            .await;
        let problem = answer.problem(422, "invalid");
        assert!(text(&problem, "/detail").contains(NEIGHBOUR), "{problem}");
    });
}
