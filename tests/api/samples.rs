//! Requests made from the OpenAPI document, so that no operation is left out of a test.

use serde_json::{Map, Value, json};

/// An operation of the document.
#[derive(Debug, Clone)]
pub(super) struct Operation {
    pub(super) method: String,
    pub(super) template: String,
    pub(super) described: Value,
}

impl Operation {
    /// As a reader names it.
    pub(super) fn name(&self) -> String {
        format!("{} {}", self.method.to_uppercase(), self.template)
    }

    pub(super) fn is_secured(&self) -> bool {
        let security = self.described["security"].as_array();
        security.is_some_and(|schemes| !schemes.is_empty())
    }

    /// The names of its parameters of that kind (`path`, `query`).
    pub(super) fn parameters(&self, place: &str) -> Vec<String> {
        let all = self.described["parameters"].as_array();
        let all = all.into_iter().flatten();
        all.filter(|parameter| parameter["in"] == place)
            .map(|parameter| parameter["name"].as_str().unwrap().to_owned())
            .collect()
    }

    /// What its query can't be without, as the document shows it.
    pub(super) fn query(&self) -> String {
        let all = self.described["parameters"].as_array();
        let needed = all
            .into_iter()
            .flatten()
            .filter(|parameter| parameter["in"] == "query" && parameter["required"] == true);
        let pair = |parameter: &Value| {
            let example = parameter
                .get("example")
                .or(parameter.pointer("/schema/example"));
            let example = example.and_then(Value::as_str).unwrap_or_default();
            format!("{}={example}", parameter["name"].as_str().unwrap())
        };
        needed.map(pair).collect::<Vec<_>>().join("&")
    }

    /// A file that it reads, if it reads a spreadsheet.
    pub(super) fn file(&self) -> Option<String> {
        let example = self
            .described
            .pointer("/requestBody/content/text~1csv/example")?;
        Some(example.as_str().unwrap().to_owned())
    }

    /// A body that it reads, if it reads JSON.
    pub(super) fn body(&self, document: &Value) -> Option<Value> {
        let schema = self
            .described
            .pointer("/requestBody/content/application~1json/schema")?;
        Some(sample(document, schema))
    }
}

/// Every operation of the document.
pub(super) fn operations(document: &Value) -> Vec<Operation> {
    let mut found = Vec::new();
    for (template, item) in document["paths"].as_object().unwrap() {
        for (method, described) in item.as_object().unwrap() {
            if described["responses"].is_object() {
                found.push(Operation {
                    method: method.clone(),
                    template: template.clone(),
                    described: described.clone(),
                });
            }
        }
    }
    assert!(found.len() > 20, "{found:?}");
    found
}

/// The smallest value of a schema: its example, or what it cannot do without.
fn sample(document: &Value, schema: &Value) -> Value {
    if let Some(reference) = schema["$ref"].as_str() {
        let pointer = reference.strip_prefix('#').unwrap();
        return sample(document, document.pointer(pointer).unwrap());
    }
    if let Some(example) = schema.get("example") {
        return example.clone();
    }
    if let Some(example) = schema["examples"].get(0) {
        return example.clone();
    }
    if let Some(first) = schema["enum"].get(0) {
        return first.clone();
    }
    for several in ["oneOf", "anyOf", "allOf"] {
        if let Some(first) = schema[several].get(0) {
            return sample(document, first);
        }
    }
    let kind = schema["type"].as_str().or(schema["type"][0].as_str());
    match (kind, schema["format"].as_str()) {
        (Some("object"), _) => {
            let required = schema["required"].as_array().into_iter().flatten();
            let members: Map<_, _> = required
                .map(|name| {
                    let name = name.as_str().unwrap();
                    (
                        name.to_owned(),
                        sample(document, &schema["properties"][name]),
                    )
                })
                .collect();
            members.into()
        }
        (Some("array"), _) => json!([sample(document, &schema["items"])]),
        (Some("string"), Some("date-time")) => json!("2026-11-20T10:00:00Z"),
        (Some("string"), _) => json!("a trial"),
        (Some("integer" | "number"), _) => json!(1),
        (Some("boolean"), _) => json!(false),
        _ => json!({}),
    }
}
