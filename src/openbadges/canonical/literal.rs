//! Native JSON values as RDF literals (JSON-LD 1.1 API §8.2.2).

use std::borrow::Cow;

use serde_json::{Number, Value};

use super::error::{Error, Kind, Path};

pub(super) const XSD_BOOLEAN: &str = "http://www.w3.org/2001/XMLSchema#boolean";
pub(super) const XSD_DOUBLE: &str = "http://www.w3.org/2001/XMLSchema#double";
pub(super) const XSD_INTEGER: &str = "http://www.w3.org/2001/XMLSchema#integer";
pub(super) const XSD_STRING: &str = "http://www.w3.org/2001/XMLSchema#string";
pub(super) const RDF_JSON: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#JSON";
pub(super) const RDF_LANG_STRING: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString";

/// The lexical form of a scalar and its own datatype, given the datatype it is declared to have.
///
/// `None` for null, objects and arrays.
pub(super) fn scalar<'v>(
    value: &'v Value,
    declared: Option<&str>,
) -> Option<(Cow<'v, str>, &'static str)> {
    match value {
        Value::String(text) => Some((Cow::Borrowed(text), XSD_STRING)),
        Value::Bool(true) => Some((Cow::Borrowed("true"), XSD_BOOLEAN)),
        Value::Bool(false) => Some((Cow::Borrowed("false"), XSD_BOOLEAN)),
        Value::Number(number) => {
            let (text, datatype) = self::number(number, declared == Some(XSD_DOUBLE))?;
            Some((Cow::Owned(text), datatype))
        }
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// Step 4.5: JSON as a JSON literal.
pub(super) fn json(value: &Value, path: &Path<'_>) -> Result<String, Error> {
    serde_json_canonicalizer::to_string(value).map_err(|_| path.fault(Kind::NotJcs))
}

/// Steps 4.7 to 4.9: all numbers of JSON are doubles; those without a fraction and below 1e21 are
/// written as integers.
fn number(number: &Number, as_double: bool) -> Option<(String, &'static str)> {
    let value = number.as_f64().filter(|value| value.is_finite())?;
    // Minus zero is zero, as it is for JavaScript when it writes numbers.
    let value = if value == 0.0 { 0.0 } else { value };
    if as_double || value.fract() != 0.0 || value.abs() >= 1e21 {
        Some((double(value), XSD_DOUBLE))
    } else {
        Some((format!("{value:.0}"), XSD_INTEGER))
    }
}

/// The canonical form of a double: `%1.15E` of C without trailing zeros, at least one kept.
fn double(value: f64) -> String {
    let text = if is_tie(value) {
        // `toExponential` rounds a tie away from zero, Rust rounds it to even.
        let away = value.abs().next_up().copysign(value);
        format!("{away:.15e}")
    } else {
        format!("{value:.15e}")
    };
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let digits = mantissa.trim_end_matches('0');
    let zero = if digits.ends_with('.') { "0" } else { "" };
    format!("{digits}{zero}E{exponent}")
}

/// Whether a double lies exactly between two numbers of sixteen digits.
fn is_tie(value: f64) -> bool {
    let shortest = format!("{value:e}");
    let mantissa = shortest.split('e').next().unwrap_or_default();
    let digits = mantissa.bytes().filter(u8::is_ascii_digit).count();
    if digits != 17 || !mantissa.ends_with('5') {
        return false;
    }
    // No double has more than 767 significant digits.
    let exact = format!("{value:.767e}");
    exact
        .split('e')
        .next()
        .is_some_and(|all| all.trim_end_matches('0') == mantissa)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn written(value: &Value, declared: Option<&str>) -> (String, &'static str) {
        let (text, datatype) = scalar(value, declared).unwrap();
        (text.into_owned(), datatype)
    }

    #[test]
    fn doubles_have_sixteen_digits_as_javascript_writes_them() {
        for (value, text) in [
            (json!(-97.74), "-9.773999999999999E1"),
            (json!(1.5), "1.5E0"),
            (json!(0.1), "1.0E-1"),
            (json!(1e-7), "1.0E-7"),
            (json!(1e21), "1.0E21"),
            (json!(1.797_693_134_862_315_7e308), "1.797693134862316E308"),
            (json!(5e-324), "4.940656458412465E-324"),
            // A tie: `(1125899906842624.5).toExponential(15)` rounds away from zero.
            (json!(1_125_899_906_842_624.5), "1.125899906842625E15"),
            (json!(-1_125_899_906_842_624.5), "-1.125899906842625E15"),
            (json!(250_000_000_000_000.25), "2.500000000000003E14"),
        ] {
            assert_eq!(
                written(&value, None),
                (text.to_owned(), XSD_DOUBLE),
                "{value}"
            );
        }
    }

    #[test]
    fn whole_numbers_below_1e21_are_integers_as_doubles_hold_them() {
        for (value, text) in [
            (json!(4.0), "4"),
            (json!(-0.0), "0"),
            (json!(9_007_199_254_740_993_u64), "9007199254740992"),
            (json!(u64::MAX), "18446744073709551616"),
            (
                json!(123_456_789_012_345_680_000.0),
                "123456789012345683968",
            ),
        ] {
            assert_eq!(
                written(&value, None),
                (text.to_owned(), XSD_INTEGER),
                "{value}"
            );
        }
    }

    #[test]
    fn a_number_declared_a_double_is_written_as_one_and_a_text_is_left_alone() {
        assert_eq!(written(&json!(2), Some(XSD_DOUBLE)).0, "2.0E0");
        assert_eq!(written(&json!(-0.0), Some(XSD_DOUBLE)).0, "0.0E0");
        assert_eq!(written(&json!("2"), Some(XSD_DOUBLE)).0, "2");
        assert_eq!(scalar(&Value::Null, None), None);
    }
}
