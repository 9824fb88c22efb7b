//! Who somebody is, as a badge says it: a name anybody can claim, and an identifier that a signature proves.

use serde_json::Value;

use super::badge::{LONGEST_TITLE, address, bounded, title};

/// The name of a profile; its identifier where it has none, or where it is nothing else.
pub(super) fn name_or_id(profile: Option<&Value>) -> String {
    let name = title(profile.and_then(|profile| profile.get("name")));
    if !name.is_empty() {
        return name;
    }
    identity(profile)
}

/// The identifier of a profile.
pub(super) fn identity(profile: Option<&Value>) -> String {
    let id = profile.and_then(|profile| profile.get("id").or(Some(profile)));
    bounded(
        id.and_then(Value::as_str).unwrap_or_default(),
        LONGEST_TITLE,
    )
}

/// The site a profile names, if it is on the server that its identifier stands for: anybody can name
/// somebody else's.
pub(super) fn site(profile: Option<&Value>) -> Option<String> {
    let profile = profile?;
    let id = identity(Some(profile));
    let server = match id.strip_prefix("did:web:") {
        // A port is written %3A (did:web §3.1).
        Some(place) => place.split(':').next()?.replace("%3A", ":"),
        None => host(&id)?,
    };
    [
        address(profile.get("url")),
        address(Some(&id.clone().into())),
    ]
    .into_iter()
    .flatten()
    .find(|site| host(site).is_some_and(|host| host.eq_ignore_ascii_case(&server)))
}

/// The server of an address, with its port where it names one.
fn host(address: &str) -> Option<String> {
    let url = url::Url::parse(address).ok()?;
    let host = url.host_str()?.to_owned();
    Some(match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_issuer_is_linked_to_on_its_own_server_alone() {
        for (id, url, site) in [
            (
                "did:web:a.example:x",
                "https://a.example/we",
                Some("https://a.example/we"),
            ),
            (
                "did:web:A.example",
                "https://a.example/",
                Some("https://a.example/"),
            ),
            (
                "did:web:a.example%3A8443",
                "https://a.example:8443/",
                Some("https://a.example:8443/"),
            ),
            ("did:web:a.example%3A8443", "https://a.example/", None),
            ("did:web:evil.example", "https://a.example/", None),
            ("did:key:z6Mk", "https://a.example/", None),
            (
                "https://a.example/issuer",
                "javascript:x",
                Some("https://a.example/issuer"),
            ),
            (
                "https://evil.example/i",
                "https://a.example/",
                Some("https://evil.example/i"),
            ),
        ] {
            let issuer = json!({"id": id, "name": "Pays de Vannes", "url": url});
            assert_eq!(super::site(Some(&issuer)).as_deref(), site, "{id} {url}");
            assert_eq!(identity(Some(&issuer)), id);
        }
    }
}
