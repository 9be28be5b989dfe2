//! `x-mock-match`: the requests that are answered with an example, by their content.

use serde_json::Value;

use crate::{
    Flaw,
    contract::{
        expression::{Exchanged, evaluate},
        place::Place,
    },
};

const KEY: &str = "x-mock-match";

/// A named example, and what requests that get it have.
#[derive(Debug)]
pub(super) struct Matching {
    pub(super) name: String,
    /// Runtime expressions, each with its value.
    conditions: Vec<(String, String)>,
}

impl Matching {
    /// The conditions of the examples of a response, in document order.
    pub(super) fn all_of(response: &Place<'_>, flaws: &mut Vec<Flaw>) -> Vec<Self> {
        let content = response.entries_of("content").into_iter();
        let examples = content.flat_map(|(_, media)| media.entries_of("examples"));
        let mut all = Vec::new();
        for (name, example) in examples {
            let Some(place) = example.resolve().and_then(|example| example.get(KEY)) else {
                continue;
            };
            let conditions = place.entries().map(|(expression, value)| {
                let value = match value.node.to_json() {
                    Value::String(text) => text,
                    value @ (Value::Number(_) | Value::Bool(_)) => value.to_string(),
                    _ => return None,
                };
                let is_known = expression == "$method" || expression.starts_with("$request.");
                is_known.then(|| (expression.to_owned(), value))
            });
            match conditions.collect::<Option<Vec<_>>>() {
                Some(conditions) if !conditions.is_empty() => all.push(Self {
                    name: name.to_owned(),
                    conditions,
                }),
                _ => flaws.push(place.flaw(
                    "this `x-mock-match` is ignored: it is not a mapping from expressions about the request to texts, numbers or booleans",
                    "write for example `{$request.query.kind: cat}`, or `{'$request.body#/name': Tom}`",
                )),
            }
        }
        all
    }

    pub(super) fn is_met(&self, exchanged: Exchanged<'_>) -> bool {
        let mut conditions = self.conditions.iter();
        conditions
            .all(|(expression, value)| evaluate(expression, exchanged).as_ref() == Some(value))
    }
}
