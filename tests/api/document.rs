//! The OpenAPI document: whole, locked, and right about itself. That every answer is as it says is held
//! against it by [`crate::harness::web`], in every test.

use std::collections::BTreeSet;

use serde_json::Value;

use super::samples::operations;
use crate::harness::app::{App, on_each_public};
use crate::harness::web::{PARTNER, Site};

async fn document(app: &App) -> Value {
    Site::of(app).await.document().clone()
}

/// Every `$ref` in a document.
fn references(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            if let Some(reference) = members.get("$ref").and_then(Value::as_str) {
                found.push(reference.to_owned());
            }
            members
                .values()
                .for_each(|member| references(member, found));
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, found)),
        _ => {}
    }
}

#[test]
fn the_document_is_this_one() {
    on_each_public(|app| async move {
        let mut document = document(&app).await;
        document["info"]["version"] = "of the program".into();
        insta::with_settings!({
            snapshot_path => "../snapshots", prepend_module_to_snapshot => false,
            sort_maps => true,
        }, {
            insta::assert_json_snapshot!("openapi", document);
        });
    });
}

#[test]
fn what_it_refers_to_is_there() {
    on_each_public(|app| async move {
        let document = document(&app).await;
        let mut found = Vec::new();
        references(&document, &mut found);
        assert!(found.len() > 20);
        for reference in found {
            let pointer = reference.strip_prefix('#').unwrap();
            assert!(document.pointer(pointer).is_some(), "{reference}");
        }
    });
}

#[test]
fn everything_it_describes_is_used() {
    on_each_public(|app| async move {
        let document = document(&app).await;
        let mut found = Vec::new();
        references(&document, &mut found);
        for kind in ["schemas", "responses"] {
            for name in document["components"][kind].as_object().unwrap().keys() {
                let reference = format!("#/components/{kind}/{name}");
                assert!(found.contains(&reference), "{reference}");
            }
        }
    });
}

#[test]
fn each_operation_has_a_name_of_its_own() {
    on_each_public(|app| async move {
        let all = operations(&document(&app).await);
        let names: BTreeSet<_> = all
            .iter()
            .map(|operation| operation.described["operationId"].as_str().unwrap())
            .collect();
        assert_eq!(names.len(), all.len());
    });
}

#[test]
fn each_operation_says_what_it_does_and_is_under_a_heading() {
    on_each_public(|app| async move {
        let document = document(&app).await;
        let headings = document["tags"].as_array().unwrap().iter();
        let headings: Vec<_> = headings.map(|tag| &tag["name"]).collect();
        for operation in operations(&document) {
            let described = &operation.described;
            assert!(described["summary"].is_string(), "{}", operation.name());
            assert!(
                headings.contains(&&described["tags"][0]),
                "{}",
                operation.name()
            );
        }
    });
}

#[test]
fn each_parameter_of_a_path_is_described() {
    on_each_public(|app| async move {
        for operation in operations(&document(&app).await) {
            let parts = operation.template.split('/');
            let holes: BTreeSet<_> = parts
                .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
                .map(str::to_owned)
                .collect();
            let described = operation.parameters("path").into_iter().collect();
            assert_eq!(holes, described, "{}", operation.name());
        }
    });
}

#[test]
fn a_newcomer_issues_a_first_badge_with_the_three_calls_it_describes() {
    on_each_public(|app| async move {
        let site = Site::of(&app).await;
        let token = site.token(&PARTNER).await;
        let document = site.document();
        let told = document["info"]["description"].as_str().unwrap();
        let calls = [
            "GET /api/v1/achievements",
            "POST /api/v1/credentials",
            "GET /credentials/{id}.png",
        ];
        assert!(calls.iter().all(|call| told.contains(call)), "{told}");

        let listed = site.get("/api/v1/achievements").token(&token).send().await;
        let listed = listed.is(200).json();
        // Nothing is made up: the body is the example of the document.
        let example = &document["components"]["schemas"]["AskedCredential"]["example"];
        let known = |badge: &Value| badge["slug"] == example["achievement"];
        assert!(listed.as_array().unwrap().iter().any(known), "{example}");
        let issue = site.post("/api/v1/credentials").token(&token).json(example);
        let id = issue.send().await.is(201).json()["id"].clone();
        let picture = format!("/credentials/{}.png", id.as_str().unwrap());
        let picture = site.get(&picture).send().await.is(200);
        assert_eq!(picture.header("content-type"), "image/png");
    });
}
