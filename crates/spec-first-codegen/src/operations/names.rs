//! The names of calls, and of the methods that begin them.

use std::collections::{BTreeMap, BTreeSet};

use heck::ToSnakeCase;
use quote::format_ident;
use spec_first_document::OperationNode;
use syn::Ident;

use super::{Operation, RESERVED_METHODS};
use crate::names::{free, name_within, pascal_ident, snake_ident};
use crate::operation_names::operation_name;

/// How an operation is named.
pub(super) struct Name {
    pub(super) group: Option<String>,
    pub(super) method: Ident,
    pub(super) call: Ident,
}

/// The names that are taken, by module: methods that begin a call, and types.
pub(super) struct Names(BTreeMap<String, (BTreeSet<String>, BTreeSet<String>)>);

impl Names {
    /// The name of each operation in its group. Those that would be the same without the name of the group keep it.
    pub(super) fn of(operations: &[OperationNode<'_>]) -> (Self, Vec<Name>) {
        let group = |operation: &OperationNode<'_>| {
            let tag = operation.node.items_of("tags").get(0)?.as_str()?;
            Some(tag.to_owned()).filter(|tag| !tag.to_snake_case().is_empty())
        };
        let short = |operation: &OperationNode<'_>| {
            let name = operation_name(operation);
            match group(operation) {
                Some(group) => name_within(&name, &group),
                None => name.to_snake_case(),
            }
        };
        let key =
            |operation: &OperationNode<'_>| (module(group(operation).as_deref()), short(operation));
        let mut uses: BTreeMap<_, usize> = BTreeMap::new();
        for operation in operations {
            *uses.entry(key(operation)).or_default() += 1;
        }
        let mut taken: BTreeMap<_, (BTreeSet<String>, BTreeSet<String>)> = BTreeMap::new();
        let names = operations
            .iter()
            .map(|operation| {
                let group = group(operation);
                let name = match uses.get(&key(operation)) {
                    Some(1) => short(operation),
                    _ => operation_name(operation),
                };
                let module = module(group.as_deref());
                let (methods, calls) = taken.entry(module).or_insert_with(|| match &group {
                    Some(tag) => (
                        BTreeSet::new(),
                        BTreeSet::from([pascal_ident(tag).to_string()]),
                    ),
                    None => (RESERVED_METHODS.map(str::to_owned).into(), BTreeSet::new()),
                });
                Name {
                    method: free(methods, snake_ident(&name)),
                    call: free_call(calls, &pascal_ident(&name)),
                    group,
                }
            })
            .collect();
        (Self(taken), names)
    }

    /// The name of another call of an operation.
    pub(super) fn beside(&mut self, operation: &Operation<'_>, suffix: &str) -> Name {
        let module = module(operation.group.as_deref());
        let (methods, calls) = self.0.entry(module).or_default();
        let method = operation.method.to_string();
        let name = format!(
            "{}_{suffix}",
            method.trim_start_matches("r#").trim_end_matches('_')
        );
        Name {
            group: operation.group.clone(),
            method: free(methods, format_ident!("{name}")),
            call: free_call(
                calls,
                &format_ident!("{}{}", operation.call, pascal_ident(suffix)),
            ),
        }
    }
}

/// The key of a group, which is empty for operations without a tag.
fn module(tag: Option<&str>) -> String {
    tag.unwrap_or_default().to_snake_case()
}

/// `ident`, or the same with a number if it, or a type of its replies or errors, is taken.
fn free_call(taken: &mut BTreeSet<String>, ident: &Ident) -> Ident {
    let numbered = (2..).map(|number| format_ident!("{ident}{number}"));
    let mut candidates = std::iter::once(ident.clone()).chain(numbered);
    let suffixes = ["", "Reply", "Representation", "Error"];
    let types = |call: &Ident| suffixes.map(|suffix| format!("{call}{suffix}"));
    let is_free = |call: &Ident| types(call).iter().all(|name| !taken.contains(name));
    let free = candidates.find(is_free).unwrap_or_else(|| ident.clone());
    taken.extend(types(&free));
    free
}
