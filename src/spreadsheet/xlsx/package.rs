//! The ZIP archive a workbook is, and the XML of its parts, within limits.
//!
//! What an archive says it inflates to is added up before any of it is inflated; a part is then read no
//! further than it said, one event at a time, and an event has a size.

use std::io::{self, BufRead, BufReader, Read, Seek, Take};

use quick_xml::events::Event;
use zip::ZipArchive;
use zip::read::{Config, ZipFile};
// The one way to walk the contents without holding them; Cargo.lock holds its version.
use zip::unstable::read::ZipIterable;

use super::super::SpreadsheetError;
use super::super::limits::Limits;

/// How much is inflated at a time.
const CHUNK: usize = 64 << 10;

/// The longest tag or text, in bytes: a cell's 8,000 characters, however they are escaped.
const EVENT: usize = 1 << 20;

/// How deep elements may stand in each other.
const DEPTH: usize = 64;

/// A workbook's archive.
pub(super) struct Package<F> {
    archive: ZipArchive<F>,
}

impl<F: Read + Seek> Package<F> {
    /// Opens an archive, if what it says of itself is within limits.
    pub(super) fn open(mut file: F, limits: &Limits) -> Result<Self, SpreadsheetError> {
        measure(&mut file, limits)?;
        let archive = ZipArchive::new(file).map_err(|_| SpreadsheetError::BrokenXlsx)?;
        Ok(Self { archive })
    }

    /// The index of a part, whatever the case of its name.
    pub(super) fn find(&self, path: &str) -> Option<usize> {
        let same = |name: &str| name.replace('\\', "/").eq_ignore_ascii_case(path);
        self.archive.index_for_name(path).or_else(|| {
            let mut names = self.archive.file_names();
            names.position(|name| name.is_ok_and(|name| same(&name)))
        })
    }

    /// The XML of a part, and how long it says it is.
    pub(super) fn part(&mut self, index: usize) -> Result<(PartXml<'_, F>, u64), SpreadsheetError> {
        let entry = self.archive.by_index(index);
        let entry = entry.map_err(|_| SpreadsheetError::BrokenXlsx)?;
        let size = entry.size();
        Ok((Xml::new(entry.take(size)), size))
    }
}

/// Walks an archive's table of contents, before room is made for as many entries as it claims to have.
fn measure<F: Read + Seek>(file: &mut F, limits: &Limits) -> Result<(), SpreadsheetError> {
    let contents = ZipIterable::try_new(file, Config::default());
    let mut contents = contents.map_err(|_| SpreadsheetError::BrokenXlsx)?;
    if contents.len() > limits.entries {
        return Err(SpreadsheetError::TooManyEntries {
            limit: limits.entries,
        });
    }
    let mut inflated = 0_u64;
    let entries = contents.files().map_err(|_| SpreadsheetError::BrokenXlsx)?;
    for entry in entries {
        let entry = entry.map_err(|_| SpreadsheetError::BrokenXlsx)?;
        inflated = inflated.saturating_add(entry.size());
        if entry.name().is_ok_and(|name| name == "mimetype") {
            return Err(SpreadsheetError::OpenDocument);
        }
    }
    if inflated > limits.inflated {
        return Err(SpreadsheetError::Bomb {
            limit: limits.inflated,
        });
    }
    Ok(())
}

/// The XML of a part, no more of it than the archive said there was.
pub(super) type PartXml<'a, F> = Xml<Take<ZipFile<'a, F>>>;

/// XML, event by event.
pub(super) struct Xml<R> {
    reader: quick_xml::Reader<Gauge<R>>,
    buffer: Vec<u8>,
    depth: usize,
}

impl<R: Read> Xml<R> {
    fn new(input: R) -> Self {
        let mut reader = quick_xml::Reader::from_reader(Gauge {
            input: BufReader::with_capacity(CHUNK, input),
            used: 0,
        });
        let config = reader.config_mut();
        config.check_end_names = false;
        config.expand_empty_elements = true;
        Self {
            reader,
            buffer: Vec::new(),
            depth: 0,
        }
    }

    /// The next event.
    pub(super) fn next(&mut self) -> Result<Event<'_>, SpreadsheetError> {
        self.buffer.clear();
        self.reader.get_mut().used = 0;
        let event = self.reader.read_event_into(&mut self.buffer);
        let event = event.map_err(|_| SpreadsheetError::BrokenXlsx)?;
        match event {
            Event::Start(_) => self.depth = self.depth.saturating_add(1),
            Event::End(_) => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
        if self.depth > DEPTH {
            return Err(SpreadsheetError::BrokenXlsx);
        }
        Ok(event)
    }
}

/// Counts what one event takes, and ends it when that is too much.
struct Gauge<R> {
    input: BufReader<R>,
    used: usize,
}

impl<R: Read> BufRead for Gauge<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.used > EVENT {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.input.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        self.used = self.used.saturating_add(amount);
        self.input.consume(amount);
    }
}

impl<R: Read> Read for Gauge<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.fill_buf()?.read(buffer)?;
        self.consume(read);
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn events(text: &str) -> Result<usize, SpreadsheetError> {
        let mut xml = Xml::new(text.as_bytes());
        for count in 0.. {
            if xml.next()? == Event::Eof {
                return Ok(count);
            }
        }
        unreachable!()
    }

    #[test]
    fn one_event_is_bounded_and_many_are_not() {
        let text = |length| format!("<a>{}</a>", "x".repeat(length));
        assert_eq!(events(&text(900_000)), Ok(3));
        assert_eq!(events(&text(1_200_000)), Err(SpreadsheetError::BrokenXlsx));
        assert_eq!(events(&"<a>b</a>".repeat(300_000)), Ok(900_000));
    }

    #[test]
    fn depth_is_bounded() {
        let nested = |depth| "<a>".repeat(depth) + &"</a>".repeat(depth);
        assert_eq!(events(&nested(64)), Ok(128));
        assert_eq!(events(&nested(65)), Err(SpreadsheetError::BrokenXlsx));
    }
}
