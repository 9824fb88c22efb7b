//! Numbers that mean one thing.

use serde_json::Value;

use crate::openbadges::json::pointer_step;
use crate::openbadges::proof::ProofError;

/// Refuses integers that are not exact as IEEE doubles: both canonical forms write numbers as
/// doubles (RFC 8785 §3.2.2.3, JSON-LD API §8.2.2), so that a neighbour would verify as well.
pub(super) fn refuse_inexact_numbers(document: &Value) -> Result<(), ProofError> {
    inexact_number(document).map_or(Ok(()), |pointer| Err(ProofError::InexactNumber { pointer }))
}

/// The JSON pointer (RFC 6901) of the first such integer.
fn inexact_number(value: &Value) -> Option<String> {
    const LARGEST: u64 = 1 << 53;
    match value {
        Value::Number(number) => {
            let magnitude = number.as_i64().map(i64::unsigned_abs).or(number.as_u64());
            magnitude
                .filter(|magnitude| *magnitude > LARGEST)
                .map(|_| String::new())
        }
        Value::Array(items) => items
            .iter()
            .enumerate()
            .find_map(|(index, item)| inexact_number(item).map(|rest| format!("/{index}{rest}"))),
        Value::Object(members) => members.iter().find_map(|(name, member)| {
            let rest = inexact_number(member)?;
            Some(format!("/{}{rest}", pointer_step(name)))
        }),
        Value::Null | Value::Bool(_) | Value::String(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_number_two_programs_may_read_differently_is_found() {
        let exact = json!([
            9_007_199_254_740_992_u64,
            -9_007_199_254_740_992_i64,
            0.1,
            1e300
        ]);
        assert_eq!(refuse_inexact_numbers(&exact), Ok(()));
        for number in [
            json!(9_007_199_254_740_993_u64),
            json!(-9_007_199_254_740_993_i64),
            json!(u64::MAX),
        ] {
            let pointer = "/a/1/b~1c".to_owned();
            let document = json!({"a": [0, {"b/c": number}]});
            let refused = Err(ProofError::InexactNumber { pointer });
            assert_eq!(refuse_inexact_numbers(&document), refused);
        }
    }
}
