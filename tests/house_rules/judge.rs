//! Whether a module may name what it names.

use super::names::{Named, names};
use super::{Breach, Room, Source};
use crate::architecture::{DOORS, PURE, ROOMS, WORLD};

/// Everything in `files` that names what it may not.
pub(crate) fn breaches(files: &[Source]) -> Vec<Breach> {
    let mut test_modules = Vec::new();
    let mut found = Vec::new();
    for file in files {
        let module = module(&file.path);
        if !module.is_empty() && room_of(&module).is_none() {
            let rule = "this room has no rules: give it a line in tests/architecture.rs";
            found.push((module.clone(), file.breach(1, rule.to_owned())));
        }
        match names(&module, &file.text) {
            Ok(names) => {
                test_modules.extend(names.test_modules);
                for named in names.named {
                    if let Some(rule) = judge(&module, &named) {
                        found.push((module.clone(), file.breach(named.line, rule)));
                    }
                }
            }
            Err(error) => found.push((module, file.breach(1, error.to_string()))),
        }
    }
    found.retain(|(module, _)| !test_modules.iter().any(|tests| module.starts_with(tests)));
    found.into_iter().map(|(_, breach)| breach).collect()
}

/// Fails if a room may name one that stands after it.
pub(crate) fn assert_ordered() {
    for (place, room) in ROOMS.iter().enumerate() {
        for named in room.may_name {
            let earlier = ROOMS[..place].iter().any(|other| other.path == *named);
            let around = within(&segments(room.path), named);
            assert!(
                earlier || around,
                "{} may name {named}, which stands after it",
                room.path
            );
        }
    }
}

/// The module a file is: `src/a/b.rs` and `src/a/b/mod.rs` are `a::b`, `src/lib.rs` is the root.
fn module(file: &str) -> Vec<String> {
    let path = file
        .trim_start_matches("src/")
        .trim_end_matches(".rs")
        .replace('/', "::");
    let mut module = segments(&path);
    module.pop_if(|last| last == "mod" || last == "lib");
    module
}

fn segments(path: &str) -> Vec<String> {
    path.split("::").map(str::to_owned).collect()
}

fn within(path: &[String], prefix: &str) -> bool {
    path.starts_with(&segments(prefix))
}

/// The innermost room a module is in.
fn room_of(module: &[String]) -> Option<&'static Room> {
    let rooms = ROOMS.iter().filter(|room| within(module, room.path));
    rooms.max_by_key(|room| room.path.len())
}

/// The rule that is broken when `module` names that.
fn judge(module: &[String], named: &Named) -> Option<String> {
    let room = room_of(module)?;
    if named.ours {
        ours(room, module, named)
    } else {
        theirs(room, module, &named.path)
    }
}

fn ours(room: &Room, module: &[String], named: &Named) -> Option<String> {
    if named.path.is_empty() || named.path[0] == "*" {
        return Some("name the module you mean, not everything".to_owned());
    }
    let target = room_of(&named.path).map(|room| room.path);
    // The door of a folder names its own parts, to open them to others.
    let part = named.path.starts_with(module);
    // Parts of the core name each other and never its door, which would hide their order.
    let through_the_door = target == Some("openbadges") && room.path.starts_with("openbadges::");
    let listed = room.may_name.iter().any(|may| within(&named.path, may));
    if part || target == Some(room.path) || (listed && target.is_some() && !through_the_door) {
        return None;
    }
    let path = named.path.join("::");
    Some(format!(
        "`{}` may not name `{path}` (tests/architecture.rs)",
        room.path
    ))
}

fn theirs(room: &Room, module: &[String], path: &[String]) -> Option<String> {
    let name = path.join("::");
    if PURE.iter().any(|pure| within(module, pure)) {
        let world = WORLD.iter().any(|world| leads_to(path, world));
        let now = path.len() > 1
            && path
                .last()
                .is_some_and(|last| last == "now" || last == "now_utc");
        let rule = format!(
            "`{}` is pure: `{name}` belongs to the world outside",
            room.path
        );
        return (world || now).then_some(rule);
    }
    let (_, rooms) = DOORS.iter().find(|(door, _)| leads_to(path, door))?;
    let here = rooms.iter().any(|name| within(module, name));
    (!here).then(|| format!("`{name}` is named in `{}` only", rooms.join("`, `")))
}

/// Whether a path names that, something inside it, or all that it is inside of (`use std::*`).
fn leads_to(path: &[String], name: &str) -> bool {
    let around = path.strip_suffix(&["*".to_owned()]).unwrap_or(path);
    within(path, name) || segments(name).starts_with(around)
}
