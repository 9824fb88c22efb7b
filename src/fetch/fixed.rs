//! Answers from a table, for tests: nothing goes online.
//!
//! What the table does not have fails and names the URL, so that a test never passes because the
//! network was not asked.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use url::Url;

use super::http::accepts;
use super::{Document, Failure, Fetch, FetchError, Fetching};

/// A table of documents, which remembers what it was asked for.
#[derive(Debug, Default)]
pub struct FixedFetch {
    answers: HashMap<Url, Result<Document, FetchError>>,
    calls: Mutex<Vec<Url>>,
}

impl FixedFetch {
    /// An empty table: every request fails.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a document of that media type at `url`.
    #[must_use]
    pub fn with(self, url: &Url, media_type: &str, body: impl Into<Vec<u8>>) -> Self {
        self.with_document(Document {
            url: url.clone(),
            media_type: media_type.to_owned(),
            body: body.into(),
            fresh_for: None,
        })
    }

    /// Adds a document at its own URL.
    #[must_use]
    pub fn with_document(mut self, document: Document) -> Self {
        self.answers.insert(document.url.clone(), Ok(document));
        self
    }

    /// Makes requests for `url` fail.
    #[must_use]
    pub fn with_failure(mut self, url: &Url, why: Failure) -> Self {
        self.answers.insert(url.clone(), Err(why.at(url)));
        self
    }

    /// The URLs that were asked for, in order.
    pub fn calls(&self) -> Vec<Url> {
        self.calls
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

impl Fetch for FixedFetch {
    fn get<'a>(&'a self, url: &'a Url, accept: &'a str) -> Fetching<'a> {
        self.calls
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(url.clone());
        let answer = match self.answers.get(url).cloned() {
            None => Err(Failure::NotInTheTable.at(url)),
            Some(Ok(document)) if !accepts(accept, &document.media_type) => {
                Err(Failure::WrongType {
                    found: document.media_type,
                    wanted: accept.into(),
                }
                .at(url))
            }
            Some(answer) => answer,
        };
        Box::pin(async move { answer })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn it_answers_from_its_table_and_remembers() {
        let [known, broken, unknown] = ["known", "broken", "unknown"]
            .map(|path| Url::parse(&format!("https://issuer.example/{path}")).unwrap());
        let table = FixedFetch::new()
            .with(&known, "application/json", "{}")
            .with_failure(&broken, Failure::Status(503));

        assert_eq!(table.get(&known, "*/*").await.unwrap().body, b"{}");
        assert_eq!(
            table.get(&broken, "*/*").await.unwrap_err().why,
            Failure::Status(503)
        );
        let error = table.get(&unknown, "*/*").await.unwrap_err();
        assert!(
            error
                .to_string()
                .starts_with("https://issuer.example/unknown "),
            "{error}"
        );
        assert_eq!(table.calls(), [known, broken, unknown]);
    }

    #[tokio::test]
    async fn it_refuses_types_that_were_not_asked_for_as_a_real_fetch_does() {
        let url = Url::parse("https://issuer.example/").unwrap();
        let table = FixedFetch::new().with(&url, "text/html", "<p>");
        let error = table.get(&url, "application/json").await.unwrap_err();
        assert!(matches!(error.why, Failure::WrongType { .. }), "{error}");
    }
}
