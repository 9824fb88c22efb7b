//! Which numbers are shown as dates, and as which (ECMA-376, part 1, §18.8.30 and §18.17.4).

use std::collections::HashMap;
use std::io::{Read, Seek};

use quick_xml::events::Event;
use time::{Date, Duration, Month};

use super::super::SpreadsheetError;
use super::package::Package;
use super::texts::attribute;

/// More formats than any workbook has: Excel stops at 65,490.
const MANY: usize = 100_000;

/// The milliseconds of a day.
const DAY: i64 = 86_400_000;

/// For each style of a cell, whether it shows a number as a date.
pub(super) fn styles<F: Read + Seek>(
    package: &mut Package<F>,
    index: usize,
) -> Result<Vec<bool>, SpreadsheetError> {
    let (mut xml, _) = package.part(index)?;
    let mut codes: HashMap<u32, bool> = HashMap::new();
    let mut styles = Vec::new();
    let mut of_cells = false;
    loop {
        match xml.next()? {
            Event::Start(element) => {
                let number = || attribute(&element, "numFmtId")?.parse::<u32>().ok();
                match element.local_name().as_ref() {
                    "numFmt" => {
                        let code = attribute(&element, "formatCode").unwrap_or_default();
                        codes.extend(number().map(|number| (number, is_date(&code))));
                    }
                    "cellXfs" => of_cells = true,
                    "xf" if of_cells => {
                        let number = number().unwrap_or_default();
                        let own = codes.get(&number).copied();
                        styles.push(own.unwrap_or_else(|| is_built_in_date(number)));
                    }
                    _ => {}
                }
            }
            Event::End(element) if element.local_name().as_ref() == "cellXfs" => of_cells = false,
            Event::Eof => return Ok(styles),
            _ => {}
        }
        if styles.len().max(codes.len()) > MANY {
            return Err(SpreadsheetError::BrokenXlsx);
        }
    }
}

/// The formats that have a number and no code; 27 to 58 depend on the language and are dates in those
/// that have them.
fn is_built_in_date(number: u32) -> bool {
    matches!(number, 14..=22 | 27..=36 | 45 | 47 | 50..=58)
}

/// Whether a format's code shows days or hours: outside quotation marks and escapes, in its first
/// section, it has one of their letters. `[h]` counts hours that have passed, which is a number.
fn is_date(code: &str) -> bool {
    let mut letters = code.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '"' => drop(letters.by_ref().find(|c| *c == '"')),
            // Each is followed by a character that stands for itself, or for its width.
            '\\' | '_' | '*' => drop(letters.next()),
            '[' => {
                let inside: String = letters.by_ref().take_while(|c| *c != ']').collect();
                let inside = inside.to_ascii_lowercase();
                if !inside.is_empty()
                    && ["h", "m", "s"]
                        .iter()
                        .any(|c| inside.replace(c, "").is_empty())
                {
                    return false;
                }
            }
            ';' => return false,
            'd' | 'm' | 'h' | 'y' | 's' | 'D' | 'M' | 'H' | 'Y' | 'S' => return true,
            _ => {}
        }
    }
    false
}

/// A date as 2023-01-20, with its time of day where it has one; an hour alone as 14:30. `None` for what
/// is beyond the calendar.
pub(super) fn shown(serial: f64, from_1904: bool) -> Option<String> {
    // Year 9999 ends before this, and what is less than nothing is shown as ##### by spreadsheets.
    if !(0.0..3_000_000.0).contains(&serial) {
        return None;
    }
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the number has just been bounded"
    )]
    let milliseconds = (serial * 86_400_000.0).round() as i64;
    let (days, time) = (milliseconds / DAY, milliseconds % DAY);
    let (hour, minute) = (time / 3_600_000, time / 60_000 % 60);
    if serial < 1.0 {
        return Some(format!("{hour:02}:{minute:02}"));
    }
    // 1900 is a leap year to Excel (day 60 is its 29 February), so that days before are one later.
    let epoch = match (from_1904, days) {
        (true, _) => Date::from_calendar_date(1904, Month::January, 1),
        (false, ..60) => Date::from_calendar_date(1899, Month::December, 31),
        (false, _) => Date::from_calendar_date(1899, Month::December, 30),
    };
    let day = epoch.ok()?.checked_add(Duration::days(days))?;
    let (year, month, of_month) = (day.year(), u8::from(day.month()), day.day());
    Some(if hour == 0 && minute == 0 {
        format!("{year:04}-{month:02}-{of_month:02}")
    } else {
        format!("{year:04}-{month:02}-{of_month:02} {hour:02}:{minute:02}")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_of_dates_are_told_from_others() {
        for date in [
            "dd/mm/yyyy",
            "H:MM:SS;@",
            "m\"M\"d\"D\";@",
            "[$-40C]d mmmm yyyy",
            "*-yyyy-mm-dd",
            "h:mm AM/PM",
            "[Red]dd",
        ] {
            assert!(is_date(date), "{date}");
        }
        for other in [
            "General",
            "0.00",
            "[h]:mm:ss",
            "[ss]",
            "[Blue]\\+[hh]:mm",
            "#,##0\\ [$\\u20bd-46D]",
            "\"day\" 0",
            "\\Y000000",
            "0*y",
            "0_d",
            "0;dd",
            "[Red]0",
            "@",
            "\"unclosed d",
        ] {
            assert!(!is_date(other), "{other}");
        }
        assert!(is_built_in_date(14) && !is_built_in_date(0) && !is_built_in_date(46));
    }

    #[test]
    fn serial_numbers_are_days() {
        for (serial, text) in [
            (44_946.0, "2023-01-20"),
            (44_946.604_166_666_7, "2023-01-20 14:30"),
            (0.604_166_666_7, "14:30"),
            (1.0, "1900-01-01"),
            (61.0, "1900-03-01"),
            (44_945.999_999_999, "2023-01-20"),
        ] {
            assert_eq!(shown(serial, false).as_deref(), Some(text));
        }
        assert_eq!(shown(43_484.0, true).as_deref(), Some("2023-01-20"));
        for none in [-1.0, f64::NAN, f64::INFINITY, 2_999_999.0] {
            assert_eq!(shown(none, false), None, "{none}");
        }
    }
}
