//! Whether an answer is one that `/api/openapi.json` describes: its status, its media type, and every
//! member of its body.

use serde_json::Value;

use super::web::Answer;

/// Fails if a documented operation answers what is not documented; other addresses may answer anything.
#[track_caller]
pub(super) fn assert_documented(document: &Value, method: &str, path: &str, answer: &Answer) {
    let Some(operation) = operation(document, method, path) else {
        return;
    };
    let asked = format!("{method} {path}");
    let status = answer.status.to_string();
    let response = resolved(document, &operation["responses"][&status]);
    assert!(
        response.is_object(),
        "{asked} answers {status}, which is not documented: {}",
        answer.text()
    );
    let Some(kind) = answer.maybe("content-type") else {
        assert!(answer.body.is_empty(), "{asked} does not say what it sends");
        return;
    };
    let kind = kind.split(';').next().unwrap();
    let content = response["content"].get(kind);
    let content = content
        .unwrap_or_else(|| panic!("{asked} answers {status} as {kind}, which is not documented"));
    // Files and events are held against nothing but their media type.
    if !kind.ends_with("json") {
        return;
    }
    if let Some(pointer) = unknown(document, &content["schema"], &answer.json()) {
        panic!("{asked} answers with {pointer}, which is not documented");
    }
}

/// The documented operation that answers a request.
fn operation<'a>(document: &'a Value, method: &str, path: &str) -> Option<&'a Value> {
    let fits = |template: &str| {
        template.split('/').count() == path.split('/').count()
            && template
                .split('/')
                .zip(path.split('/'))
                .all(|(part, given)| part == given || (part.starts_with('{') && !given.is_empty()))
    };
    let paths = document["paths"].as_object().unwrap();
    // A fixed part is closer than a parameter.
    let (_, item) = paths
        .iter()
        .filter(|(template, _)| fits(template))
        .min_by_key(|(template, _)| template.matches('{').count())?;
    item.get(method)
}

fn resolved<'a>(document: &'a Value, value: &'a Value) -> &'a Value {
    match value["$ref"].as_str() {
        Some(reference) => document
            .pointer(reference.strip_prefix('#').unwrap())
            .unwrap_or_else(|| panic!("{reference} leads nowhere")),
        None => value,
    }
}

/// Where a value has a member that its schema does not describe.
fn unknown(document: &Value, schema: &Value, value: &Value) -> Option<String> {
    let schemas = parts(document, schema);
    match value {
        Value::Array(items) => {
            let described = schemas.iter().find_map(|schema| schema.get("items"))?;
            let mut items = items.iter().enumerate();
            items.find_map(|(index, item)| {
                Some(format!("/{index}{}", unknown(document, described, item)?))
            })
        }
        Value::Object(members) => {
            let described: Vec<_> = schemas
                .iter()
                .filter_map(|schema| schema["properties"].as_object())
                .collect();
            // An object of somebody else's standard, described there.
            if described.is_empty() {
                return None;
            }
            members.iter().find_map(|(name, member)| {
                let Some(schema) = described.iter().find_map(|known| known.get(name)) else {
                    return Some(format!("/{name}"));
                };
                Some(format!("/{name}{}", unknown(document, schema, member)?))
            })
        }
        _ => None,
    }
}

/// A schema and all that it is made of.
fn parts<'a>(document: &'a Value, schema: &'a Value) -> Vec<&'a Value> {
    let schema = resolved(document, schema);
    let mut found = vec![schema];
    for several in ["allOf", "oneOf", "anyOf"] {
        for part in schema[several].as_array().into_iter().flatten() {
            found.extend(parts(document, part));
        }
    }
    found
}
