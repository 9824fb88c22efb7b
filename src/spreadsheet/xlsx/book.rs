//! What a workbook is made of: which sheet is read, where its texts are, which styles show dates.

use std::collections::HashMap;
use std::io::{Read, Seek};

use quick_xml::events::Event;

use super::super::SpreadsheetError;
use super::package::Package;
use super::texts::attribute;

/// More sheets or relationships than any workbook has.
const MANY: usize = 10_000;

/// The parts that are read.
pub(super) struct Book {
    /// The name of the first visible sheet.
    pub(super) name: String,
    /// Its part.
    pub(super) sheet: usize,
    /// The part of shared strings.
    pub(super) strings: Option<usize>,
    /// The part of styles.
    pub(super) styles: Option<usize>,
    /// Whether days are counted from 1904.
    pub(super) from_1904: bool,
}

/// What one part says of another: where it is, and what.
struct Relationship {
    path: String,
    kind: String,
}

impl Book {
    pub(super) fn read<F: Read + Seek>(package: &mut Package<F>) -> Result<Self, SpreadsheetError> {
        let top = relationships(package, "_rels/.rels", "")?;
        let book = of_kind(&top, "officeDocument").map_or("xl/workbook.xml", |path| path);
        let (folder, file) = book.rsplit_once('/').unwrap_or(("", book));
        let slash = if folder.is_empty() { "" } else { "/" };
        let parts = format!("{folder}{slash}_rels/{file}.rels");
        let parts = relationships(package, &parts, folder)?;
        let (sheets, from_1904) = sheets(package, book)?;
        let is_sheet = |id: &str| {
            let part = parts.get(id)?;
            part.kind.eq("worksheet").then_some(part.path.as_str())
        };
        let mut visible = sheets.iter().filter(|sheet| sheet.visible);
        let (name, path) = visible
            .find_map(|sheet| Some((sheet.name.clone(), is_sheet(&sheet.relationship)?)))
            .ok_or(SpreadsheetError::NoSheet)?;
        let part = |kind| of_kind(&parts, kind).and_then(|path| package.find(path));
        Ok(Self {
            name,
            sheet: package.find(path).ok_or(SpreadsheetError::BrokenXlsx)?,
            strings: part("sharedStrings"),
            styles: part("styles"),
            from_1904,
        })
    }
}

fn of_kind<'a>(parts: &'a HashMap<String, Relationship>, kind: &str) -> Option<&'a str> {
    let part = parts.values().find(|part| part.kind == kind);
    part.map(|part| part.path.as_str())
}

/// The relationships in a part, by their identifiers; none where there is no such part.
fn relationships<F: Read + Seek>(
    package: &mut Package<F>,
    path: &str,
    folder: &str,
) -> Result<HashMap<String, Relationship>, SpreadsheetError> {
    let mut found = HashMap::new();
    let Some(index) = package.find(path) else {
        return Ok(found);
    };
    let (mut xml, _) = package.part(index)?;
    loop {
        match xml.next()? {
            Event::Start(element) if element.local_name().as_ref() == "Relationship" => {
                let get = |name| attribute(&element, name);
                if let (Some(id), Some(kind), Some(target)) =
                    (get("Id"), get("Type"), get("Target"))
                {
                    let kind = kind.rsplit('/').next().unwrap_or_default().to_owned();
                    let path = resolved(folder, &target);
                    found.insert(id.into_owned(), Relationship { path, kind });
                }
            }
            Event::Eof => return Ok(found),
            _ => {}
        }
        if found.len() > MANY {
            return Err(SpreadsheetError::BrokenXlsx);
        }
    }
}

/// A target as a path from the root of the archive.
fn resolved(folder: &str, target: &str) -> String {
    let (start, target) = match target.strip_prefix('/') {
        Some(absolute) => ("", absolute),
        None => (folder, target),
    };
    let mut path: Vec<&str> = start.split('/').filter(|name| !name.is_empty()).collect();
    for name in target.split('/') {
        match name {
            "" | "." => {}
            ".." => drop(path.pop()),
            name => path.push(name),
        }
    }
    path.join("/")
}

struct Sheet {
    name: String,
    visible: bool,
    relationship: String,
}

/// The sheets in their order, and whether days are counted from 1904.
fn sheets<F: Read + Seek>(
    package: &mut Package<F>,
    path: &str,
) -> Result<(Vec<Sheet>, bool), SpreadsheetError> {
    let index = package.find(path).ok_or(SpreadsheetError::BrokenXlsx)?;
    let (mut xml, _) = package.part(index)?;
    let mut sheets = Vec::new();
    let mut from_1904 = false;
    loop {
        match xml.next()? {
            Event::Start(element) => match element.local_name().as_ref() {
                "sheet" => {
                    let get = |name| attribute(&element, name).unwrap_or_default().into_owned();
                    sheets.push(Sheet {
                        name: get("name"),
                        visible: matches!(get("state").as_str(), "" | "visible"),
                        relationship: get("id"),
                    });
                }
                "workbookPr" => {
                    let truth = attribute(&element, "date1904");
                    from_1904 |= truth.is_some_and(|truth| matches!(&*truth, "1" | "true"));
                }
                _ => {}
            },
            Event::Eof => return Ok((sheets, from_1904)),
            _ => {}
        }
        if sheets.len() > MANY {
            return Err(SpreadsheetError::BrokenXlsx);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_relative_to_their_folder_or_to_the_root() {
        for (folder, target, path) in [
            ("xl", "worksheets/sheet1.xml", "xl/worksheets/sheet1.xml"),
            ("xl", "/xl/styles.xml", "xl/styles.xml"),
            ("xl/worksheets", "../media/a.png", "xl/media/a.png"),
            ("", "./xl/workbook.xml", "xl/workbook.xml"),
            ("xl", "../../../x", "x"),
        ] {
            assert_eq!(resolved(folder, target), path);
        }
    }
}
