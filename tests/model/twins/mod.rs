//! For each rule a credential that breaks it, and it alone: [`badge`]s, and [`any`] other.

pub(super) mod any;
pub(super) mod badge;

use serde_json::Value;

/// A rule, where it is found, and the one thing that breaks it.
pub(super) type Twin = (&'static str, &'static str, fn(&mut Value));

pub(super) fn remove(object: &mut Value, name: &str) {
    object.as_object_mut().unwrap().remove(name).expect(name);
}

pub(super) fn earner(badge: &mut Value) -> &mut Value {
    &mut badge["credentialSubject"]
}

pub(super) fn class(badge: &mut Value) -> &mut Value {
    &mut earner(badge)["achievement"]
}

pub(super) fn description(badge: &mut Value, index: usize) -> &mut Value {
    &mut class(badge)["resultDescription"][index]
}

pub(super) fn reached(badge: &mut Value, index: usize) -> &mut Value {
    &mut earner(badge)["result"][index]
}

pub(super) fn identity(badge: &mut Value) -> &mut Value {
    &mut earner(badge)["identifier"][0]
}

pub(super) fn logo(badge: &mut Value) -> &mut Value {
    &mut badge["issuer"]["image"]
}
