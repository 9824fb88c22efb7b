//! What the document says of operations alike: a name of its own for each, and the answers that none of
//! them chooses: those to whoever has no token, sends no JSON, asks too often. Added once all operations
//! are known, so that a new one can't lack them.

use utoipa::openapi::path::{Operation, ParameterIn, PathItem};
use utoipa::openapi::{OpenApi as Document, Ref, RefOr};

/// What any operation may answer: it stands before the handler, or behind all of them.
const ANYWHERE: [(&str, &str); 4] = [
    ("429", "TooMany"),
    ("500", "Internal"),
    ("503", "Unavailable"),
    ("504", "Timeout"),
];

/// What an operation may answer that wants a token.
const SECURED: [(&str, &str); 1] = [("401", "Unauthorized")];

/// What an operation may answer that reads JSON.
const READING: [(&str, &str); 4] = [
    ("400", "Malformed"),
    ("413", "TooLarge"),
    ("415", "UnsupportedMediaType"),
    ("422", "Invalid"),
];

/// What an operation may answer that reads a query.
const ASKING: [(&str, &str); 1] = [("400", "Malformed")];

/// Says it.
pub(super) fn complete(mut document: Document) -> Document {
    for item in document.paths.paths.values_mut() {
        for operation in operations(item) {
            let reads = match &operation.request_body {
                Some(RefOr::T(body)) => body.content.keys().eq(["application/json"]),
                _ => false,
            };
            let asks = operation.parameters.iter().flatten().any(|parameter| {
                matches!(parameter, RefOr::T(one) if one.parameter_in == ParameterIn::Query)
            });
            for (applies, answers) in [
                (true, &ANYWHERE[..]),
                (operation.security.is_some(), &SECURED),
                (reads, &READING),
                (asks, &ASKING),
            ] {
                for (status, name) in answers.iter().filter(|_| applies) {
                    let response = RefOr::Ref(Ref::from_response_name(*name));
                    let responses = &mut operation.responses.responses;
                    responses.entry((*status).into()).or_insert(response);
                }
            }
            // Handlers are named within their file: there is a `list` in each.
            if let (Some(id), Some(tag)) = (
                &operation.operation_id,
                operation.tags.iter().flatten().next(),
            ) {
                operation.operation_id = Some(format!("{tag}_{id}"));
            }
        }
    }
    document
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    let all = [
        &mut item.get,
        &mut item.put,
        &mut item.post,
        &mut item.delete,
        &mut item.patch,
    ];
    all.into_iter().flatten()
}
