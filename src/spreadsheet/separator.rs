//! Which character stands between the cells of a CSV file.

use std::cmp::Reverse;
use std::io::{BufRead, BufReader, Cursor, Read, Seek};

use super::SpreadsheetError;
use super::columns::Columns;
use super::csv::Csv;
use super::encoding::{Encoding, Text};
use super::limits::{Gate, Limits};
use super::mapping::Mapping;
use super::records::Records as _;
use super::row::is_blank;

/// The separators looked for; the first wins where a file has none (a single column).
const SEPARATORS: [u8; 4] = [b';', b',', b'\t', b'|'];

/// How many rows are looked at to find the separator.
const ROWS: u32 = 40;

/// And how many bytes of them at most.
const BYTES: u64 = 1 << 20;

/// A separator, and how much of the text's beginning announces it and is no row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Separator {
    pub(super) byte: u8,
    pub(super) announced: u64,
}

/// Finds the separator of a file: the one it announces, else the one that fits best.
pub(super) fn find<F: Read + Seek>(
    file: &mut F,
    encoding: Encoding,
    mapping: &Mapping,
    limits: &Limits,
) -> Result<Separator, SpreadsheetError> {
    let mut sample = Vec::new();
    let text = Text::open(file, encoding)?;
    text.take(BYTES).read_to_end(&mut sample)?;
    Ok(announced(&sample).unwrap_or_else(|| Separator {
        byte: detect(&sample, mapping, limits),
        announced: 0,
    }))
}

/// Excel's own first line, `sep=;`, which is not a row.
fn announced(text: &[u8]) -> Option<Separator> {
    let mut line = Vec::new();
    let mut start = Cursor::new(text).take(16);
    let length = start.read_until(b'\n', &mut line).ok()?;
    if !line.ends_with(b"\n") && length < text.len() {
        return None;
    }
    let line = std::str::from_utf8(&line).ok()?.trim_end_matches('\n');
    let line = line.trim_end_matches('\r').trim_matches('"');
    let (sep, separator) = line.split_at_checked(4)?;
    let known = SEPARATORS
        .into_iter()
        .find(|known| separator.as_bytes() == [*known]);
    known
        .filter(|_| sep.eq_ignore_ascii_case("sep="))
        .map(|byte| Separator {
            byte,
            announced: u64::try_from(length).unwrap_or_default(),
        })
}

/// The separator under which most headings are understood; then the one that cuts most rows like
/// the first; then the one that cuts finest.
fn detect(sample: &[u8], mapping: &Mapping, limits: &Limits) -> u8 {
    let score = |separator: u8| {
        let rows = rows(sample, separator, limits);
        let width = rows.first().map_or(0, Vec::len);
        let even = rows.iter().filter(|row| row.len() == width).count();
        let understood = Columns::find(rows.iter().map(Vec::as_slice), mapping)
            .map_or(0, |(columns, _)| columns.understood.len());
        (understood, if width > 1 { even } else { 0 }, width.max(1))
    };
    // `min_by_key` keeps the first of equals, so the order of the list decides.
    SEPARATORS
        .into_iter()
        .min_by_key(|separator| Reverse(score(*separator)))
        .unwrap_or(b';')
}

/// The first rows that are not blank, as far as they can be read.
fn rows(sample: &[u8], separator: u8, limits: &Limits) -> Vec<Vec<String>> {
    let mut csv = Csv::new(BufReader::new(sample), separator, limits);
    let mut gate = Gate::new(limits);
    let mut rows = Vec::new();
    let mut cells = Vec::new();
    while let Ok(Some(number)) = csv.read(&mut cells) {
        if number > ROWS || gate.admit(number, &cells).is_err() {
            break;
        }
        let row = std::mem::take(&mut cells);
        if !row.iter().all(|cell| is_blank(cell)) {
            rows.push(row);
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> (char, u64) {
        let mut file = Cursor::new(text.as_bytes());
        let mapping = Mapping::default();
        let found = find(&mut file, Encoding::Utf8, &mapping, &Limits::default()).unwrap();
        (char::from(found.byte), found.announced)
    }

    #[test]
    fn each_separator_is_found() {
        for separator in [';', ',', '\t', '|'] {
            let text =
                "Nom;Courriel\nÉchantillon;a@example.org\n".replace(';', &separator.to_string());
            assert_eq!(of(&text), (separator, 0));
        }
    }

    #[test]
    fn separators_inside_quotes_and_in_other_columns_do_not_mislead() {
        let text = "Nom;Additif;Courriel\nA;\"trois, quatre, cinq ; six\";a@x.org\nB;sept, huit, neuf;b@x.org\n";
        assert_eq!(of(text).0, ';');
        assert_eq!(
            of("\"Nom, prénom\";Courriel;Rôle\n\"D, A\";a@x.org;b\n").0,
            ';'
        );
        assert_eq!(of("Nom,Additif\nA,un;deux;trois\nB,un;deux;trois\n").0, ',');
    }

    #[test]
    fn a_single_column_needs_no_separator() {
        assert_eq!(of("Courriel\na@example.org"), (';', 0));
    }

    #[test]
    fn excels_own_first_line_is_obeyed_and_is_no_row() {
        assert_eq!(of("sep=|\r\nNom|Rôle; fonction\r\nA|b\r\n"), ('|', 7));
        assert_eq!(of("\"SEP=,\"\nNom;b\n"), (',', 8));
        assert_eq!(of("sep=;"), (';', 5));
        assert_eq!(of("sep=%\nNom;b\n"), (';', 0));
        assert_eq!(of("sep=,Nom;b\n"), (';', 0));
    }
}
