//! Pictures, beyond their table: PNG or SVG, by address or inside the credential.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use url::Url;

use super::catalogue::{IMAGE_DATA, IMAGE_FORMAT, IMAGE_SIZE};
use super::findings::{At, Findings};
use super::values::is_absolute_uri;

/// The largest picture inside a credential, in bytes; larger ones have an address.
const MAX_BYTES: usize = 1024 * 1024;

/// File names that promise another format than PNG or SVG.
const OTHER_FORMATS: [&str; 10] = [
    ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".bmp", ".tif", ".tiff", ".ico", ".pdf",
];

/// A picture is a PNG or SVG: as far as its address tells, or as its bytes begin.
pub(super) fn check(at: &At<'_>, findings: &mut Findings) {
    let id = at.member("id");
    let Some(text) = id.text().filter(|text| is_absolute_uri(text)) else {
        return;
    };
    if let Some(data) = strip_scheme(text) {
        return check_data(&id, data, findings);
    }
    let promises_other = |path: &str| {
        let path = path.to_ascii_lowercase();
        OTHER_FORMATS.iter().any(|ending| path.ends_with(ending))
    };
    match Url::parse(text) {
        Ok(url) if matches!(url.scheme(), "https" | "http") && !promises_other(url.path()) => {}
        _ => findings.add(&id, &IMAGE_FORMAT),
    }
}

fn strip_scheme(text: &str) -> Option<&str> {
    let (scheme, rest) = text.split_once(':')?;
    scheme.eq_ignore_ascii_case("data").then_some(rest)
}

/// `data:<media type>[;base64],<content>` (RFC 2397).
fn check_data(at: &At<'_>, data: &str, findings: &mut Findings) {
    let Some((header, content)) = data.split_once(',') else {
        return findings.add(at, &IMAGE_DATA);
    };
    let media_type = header
        .split(';')
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();
    let begins_well: fn(&[u8]) -> bool = match media_type.as_str() {
        "image/png" => |bytes| bytes.starts_with(b"\x89PNG\r\n\x1a\n"),
        "image/svg+xml" => |bytes| bytes.windows(4).any(|window| window == b"<svg"),
        _ => return findings.add(at, &IMAGE_FORMAT),
    };
    let is_base64 = header
        .split(';')
        .any(|parameter| parameter.eq_ignore_ascii_case("base64"));
    let bytes: Option<Vec<u8>> = if is_base64 {
        STANDARD.decode(content).ok()
    } else {
        Some(percent_decoded(content))
    };
    match bytes {
        Some(bytes) if bytes.len() > MAX_BYTES => findings.add(at, &IMAGE_SIZE),
        Some(bytes) if begins_well(&bytes) => {}
        _ => findings.add(at, &IMAGE_DATA),
    }
}

/// The bytes behind `%XX`; [`is_absolute_uri`] has seen that each escape is whole.
fn percent_decoded(content: &str) -> Vec<u8> {
    let mut parts = content.split('%');
    let mut bytes = parts.next().unwrap_or_default().as_bytes().to_vec();
    for part in parts {
        let (digits, rest) = part.split_at_checked(2).unwrap_or(("", part));
        bytes.extend(u8::from_str_radix(digits, 16).ok());
        bytes.extend_from_slice(rest.as_bytes());
    }
    bytes
}
