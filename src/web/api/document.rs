//! What the document says of every operation alike: a name of its own, and the answers that none of
//! them chooses. Added once all operations are known, so that a new one can't lack them.

use utoipa::openapi::path::{Operation, PathItem};
use utoipa::openapi::{OpenApi as Document, Ref, RefOr};

/// What any operation may answer: it stands before the handler, or behind all of them.
const ANYWHERE: [(&str, &str); 4] = [
    ("429", "TooMany"),
    ("500", "Internal"),
    ("503", "Unavailable"),
    ("504", "Timeout"),
];

/// Says it.
pub(super) fn complete(mut document: Document) -> Document {
    for item in document.paths.paths.values_mut() {
        for operation in operations(item) {
            for (status, name) in ANYWHERE {
                let response = RefOr::Ref(Ref::from_response_name(name));
                let responses = &mut operation.responses.responses;
                responses.entry(status.into()).or_insert(response);
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
