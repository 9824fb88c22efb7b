//! did:web: the identifier is a web address (did:web method specification §3.2).

use url::{Host, Url};

use super::Did;

/// A did:web that names no web address, or an address that no did:web can name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotAWebDid {
    /// The DID is of another method.
    #[error("this is not a did:web")]
    OtherMethod,
    /// The host is not a domain name, or it is an IP address in one of its disguises.
    #[error("the host of a did:web must be a domain name, optionally with a port after %3A")]
    Host,
    /// A path segment is empty, `.` or `..`, or hides a character that would change the path.
    #[error("the path of a did:web must be made of plain names between colons")]
    Path,
    /// The URL is not https, or has credentials, a query or a fragment.
    #[error("only a plain https URL without credentials, query or fragment has a did:web")]
    Url,
}

/// The URL of a did:web's document; the document's `id` must be the DID.
pub fn document_url(did: &Did) -> Result<Url, NotAWebDid> {
    if did.method() != "web" {
        return Err(NotAWebDid::OtherMethod);
    }
    let mut parts = did.specific_id().split(':');
    let (host, port) = host_and_port(parts.next().unwrap_or_default())?;
    let mut path = String::new();
    for segment in parts {
        if !is_plain(segment) {
            return Err(NotAWebDid::Path);
        }
        path.push('/');
        path.push_str(segment);
    }
    if path.is_empty() {
        path.push_str("/.well-known");
    }
    let text = match port {
        Some(port) => format!("https://{host}:{port}{path}/did.json"),
        None => format!("https://{host}{path}/did.json"),
    };
    let url = Url::parse(&text).map_err(|_| NotAWebDid::Host)?;
    // What was checked above is what will be fetched: the URL's own parser read it in the same way.
    let same = url.host_str() == Some(&host.to_ascii_lowercase())
        && url.path().strip_suffix("/did.json") == Some(&path);
    if same { Ok(url) } else { Err(NotAWebDid::Path) }
}

/// The did:web of an https address, under which `did.json` will be served (or `.well-known/did.json`
/// when it has no path).
pub fn from_url(url: &Url) -> Result<Did, NotAWebDid> {
    let plain = url.scheme() == "https"
        && url.username().is_empty()
        && url.password().is_none()
        && url.query().is_none()
        && url.fragment().is_none();
    if !plain {
        return Err(NotAWebDid::Url);
    }
    let Some(Host::Domain(host)) = url.host() else {
        return Err(NotAWebDid::Host);
    };
    let port = url
        .port()
        .map(|port| format!("%3A{port}"))
        .unwrap_or_default();
    let mut text = format!("did:web:{host}{port}");
    for segment in url
        .path()
        .trim_matches('/')
        .split('/')
        .filter(|_| url.path() != "/")
    {
        if !is_plain(segment) {
            return Err(NotAWebDid::Path);
        }
        text.push(':');
        text.push_str(segment);
    }
    let did: Did = text.parse().map_err(|_| NotAWebDid::Path)?;
    document_url(&did)?;
    Ok(did)
}

/// A domain name in ASCII (or punycode), and a port after `%3A`.
fn host_and_port(text: &str) -> Result<(&str, Option<u16>), NotAWebDid> {
    let (host, port) = match text.find('%').and_then(|at| text.split_at_checked(at)) {
        None => (text, None),
        Some((host, escaped)) => {
            let digits = escaped
                .strip_prefix("%3A")
                .or_else(|| escaped.strip_prefix("%3a"));
            let digits = digits.filter(|d| d.bytes().all(|b| b.is_ascii_digit()));
            let port = digits
                .and_then(|d| d.parse().ok())
                .filter(|port| *port != 0);
            (host, Some(port.ok_or(NotAWebDid::Host)?))
        }
    };
    let is_label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    if host.len() > 253 || !host.split('.').all(is_label) {
        return Err(NotAWebDid::Host);
    }
    // 127.1, 0x7f000001 and 2130706433 are addresses too; the URL parser knows all disguises.
    match Host::parse(host) {
        Ok(Host::Domain(_)) => Ok((host, port)),
        _ => Err(NotAWebDid::Host),
    }
}

/// A path segment that means the same to everybody: no dots that climb, nothing that is a separator
/// once decoded.
fn is_plain(segment: &str) -> bool {
    let lower = segment.to_ascii_lowercase();
    let decoded_dots = lower.replace("%2e", ".");
    let escaped_separator = ["%2f", "%5c", "%00", "%25", "%3f", "%23"];
    !segment.is_empty()
        && decoded_dots != "."
        && decoded_dots != ".."
        && !escaped_separator
            .iter()
            .any(|escape| lower.contains(escape))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn url_of(did: &str) -> Result<String, NotAWebDid> {
        document_url(&did.parse().unwrap()).map(String::from)
    }

    #[test]
    fn the_examples_of_the_specification() {
        for (did, url, address) in [
            (
                "did:web:w3c-ccg.github.io",
                "https://w3c-ccg.github.io/.well-known/did.json",
                "https://w3c-ccg.github.io",
            ),
            (
                "did:web:w3c-ccg.github.io:user:alice",
                "https://w3c-ccg.github.io/user/alice/did.json",
                "https://w3c-ccg.github.io/user/alice",
            ),
            (
                "did:web:example.com%3A3000:user:alice",
                "https://example.com:3000/user/alice/did.json",
                "https://example.com:3000/user/alice/",
            ),
        ] {
            assert_eq!(url_of(did).as_deref(), Ok(url));
            assert_eq!(
                from_url(&address.parse().unwrap())
                    .as_ref()
                    .map(Did::as_str),
                Ok(did)
            );
        }
    }

    #[test]
    fn no_disguise_of_an_ip_address_is_a_host() {
        for host in [
            "127.0.0.1",
            "127.1",
            "2130706433",
            "0x7f000001",
            "0x7f.1",
            "0177.0.0.1",
            "example.com.1",
            "127.0.0.1%3A8080",
            "example.com%3A0",
            "example.com%3A",
            "example.com%3A99999",
            "example.com%3A80%3A80",
            "example.com%40evil.example",
            "a%2Fb",
            "user%40host",
            "%5B::1%5D",
            "-a.example",
            "a..b",
            "a_b.example",
            ".",
            "example.com.",
        ] {
            let did = format!("did:web:{host}");
            assert_eq!(url_of(&did), Err(NotAWebDid::Host), "{did}");
        }
    }

    #[test]
    fn no_path_climbs_or_hides_a_separator() {
        for path in [
            "..", ".", "a:..", "%2e%2E:a", ".%2e", "a%2Fb", "a%5Cb", "a%00", "%252e", "a::b",
            "%3Fq", "%23f",
        ] {
            let did = format!("did:web:example.com:{path}");
            assert_eq!(url_of(&did), Err(NotAWebDid::Path), "{did}");
        }
    }

    #[test]
    fn only_a_plain_https_address_has_a_did() {
        for (url, error) in [
            ("http://example.com", NotAWebDid::Url),
            ("https://user@example.com", NotAWebDid::Url),
            ("https://:secret@example.com", NotAWebDid::Url),
            ("https://example.com/?q", NotAWebDid::Url),
            ("https://example.com/#f", NotAWebDid::Url),
            ("https://127.0.0.1/", NotAWebDid::Host),
            ("https://[::1]/", NotAWebDid::Host),
            ("https://example.com/a//b", NotAWebDid::Path),
            ("https://example.com/a%2Fb", NotAWebDid::Path),
            ("https://example.com/a~b", NotAWebDid::Path),
        ] {
            assert_eq!(from_url(&url.parse().unwrap()), Err(error), "{url}");
        }
        assert_eq!(url_of("did:key:z6Mk"), Err(NotAWebDid::OtherMethod));
    }

    proptest! {
        #[test]
        fn an_address_comes_back_from_its_did(
            host in "[a-z][a-z0-9]{0,8}(\\.[a-z]{2,5}){1,2}",
            port in proptest::option::of(1u16..),
            path in proptest::collection::vec("[a-z0-9][a-z0-9._-]{0,5}", 0..3),
        ) {
            let port = port.map(|p| format!(":{p}")).unwrap_or_default();
            let address = format!("https://{host}{port}/{}", path.join("/"));
            let did = from_url(&address.parse().unwrap()).unwrap();
            let well_known = if path.is_empty() { ".well-known" } else { "" };
            let expected = format!("{address}{well_known}/did.json").parse().unwrap();
            prop_assert_eq!(document_url(&did), Ok(expected));
        }

        #[test]
        fn never_panics_and_stays_on_the_host(id in "[a-z0-9.%:-]{1,30}") {
            if let Ok(did) = format!("did:web:{id}").parse::<Did>() && let Ok(url) = document_url(&did) {
                prop_assert_eq!(url.scheme(), "https");
                prop_assert!(url.domain().is_some_and(|domain| id.starts_with(domain)));
                prop_assert!(url.path().ends_with("/did.json"));
                prop_assert!(url.query().is_none() && url.username().is_empty());
            }
        }
    }
}
