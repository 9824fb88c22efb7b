//! Rosters as CSV, in whatever encoding, for each purpose.
#![no_main]

use badgeons::spreadsheet::{Limits, Purpose, entries, read};

const PURPOSES: [Purpose; 4] =
    [Purpose::People, Purpose::Workshops, Purpose::Organisations, Purpose::Attendance];

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let limits = Limits::default();
    let Ok(table) = read(bytes, &limits) else { return };
    assert!(table.rows.len() <= limits.rows);
    assert!(table.rows.iter().all(|row| row.cells.len() <= limits.columns));
    for purpose in PURPOSES {
        let Ok(entries) = entries(&table, purpose) else { continue };
        assert_eq!(entries.len(), table.rows.len());
    }
});
