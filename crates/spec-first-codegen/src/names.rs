//! The Rust names of what the document names.

use std::collections::BTreeSet;

use heck::{ToPascalCase, ToShoutySnakeCase, ToSnakeCase};
use quote::format_ident;
use syn::Ident;

/// The name of a function, a field or a module.
pub(crate) fn snake_ident(name: &str) -> Ident {
    ident(name.to_snake_case(), "x_")
}

/// The name of a type or a variant.
pub(crate) fn pascal_ident(name: &str) -> Ident {
    ident(name.to_pascal_case(), "X")
}

/// The name of a constant.
pub(crate) fn shouty_ident(name: &str) -> Ident {
    ident(name.to_shouty_snake_case(), "X_")
}

/// `name`, made an identifier: keywords get an underscore, as typify does it.
fn ident(name: String, prefix: &str) -> Ident {
    let name: String = name
        .chars()
        .filter(|character| *character == '_' || is_identifier_part(*character))
        .collect();
    let name = match name.chars().next() {
        Some(first) if is_identifier(&first.to_string()) => name,
        _ => format!("{prefix}{name}"),
    };
    match is_identifier(&name) {
        true => format_ident!("{name}"),
        false => format_ident!("{name}_"),
    }
}

/// Whether Rust allows a letter or digit in a name: not all of Unicode are, `²` is not.
pub(crate) fn is_identifier_part(character: char) -> bool {
    match character.is_ascii() {
        true => character.is_ascii_alphanumeric(),
        false => is_identifier(&format!("x{character}")),
    }
}

/// Whether it is a name in Rust; `gen` is a keyword that `syn` does not know.
pub(crate) fn is_identifier(name: &str) -> bool {
    name != "gen" && syn::parse_str::<Ident>(name).is_ok()
}

/// `ident`, or the same with a number if it is taken.
pub(crate) fn free(taken: &mut BTreeSet<String>, ident: Ident) -> Ident {
    let mut free = ident.clone();
    let mut number = 2;
    while !taken.insert(free.to_string()) {
        free = format_ident!("{ident}{number}");
        number += 1;
    }
    free
}

/// The words of `name` without those of `group`, in the singular or the plural: `update_integration` of `integrations` is
/// `update`. The whole name if nothing would be left.
pub(crate) fn name_within(name: &str, group: &str) -> String {
    let name = name.to_snake_case();
    let group = group.to_snake_case();
    let words: Vec<&str> = name.split('_').collect();
    let of_group: Vec<&str> = group.split('_').collect();
    let is_same = |word: &str, other: &str| singular(word) == singular(other);
    let start = words.windows(of_group.len()).position(|window| {
        window
            .iter()
            .zip(&of_group)
            .all(|(word, other)| is_same(word, other))
    });
    let Some(start) = start else { return name };
    let rest: Vec<&str> = words[..start]
        .iter()
        .chain(&words[start + of_group.len()..])
        .copied()
        .collect();
    match rest.is_empty() || rest.iter().all(|word| PREPOSITIONS.contains(word)) {
        true => name,
        false => rest.join("_"),
    }
}

/// Words that are not names on their own.
const PREPOSITIONS: [&str; 7] = ["by", "for", "from", "in", "of", "to", "with"];

fn singular(word: &str) -> String {
    for (plural, singular) in [("ies", "y"), ("sses", "ss"), ("xes", "x")] {
        if let Some(stem) = word.strip_suffix(plural) {
            return format!("{stem}{singular}");
        }
    }
    match word.strip_suffix('s') {
        Some(stem) if !stem.ends_with('s') && stem.len() > 1 => stem.to_owned(),
        _ => word.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_the_group_is_left_out() {
        for (name, group, expected) in [
            ("update_integration", "integrations", "update"),
            (
                "regenerateIntegrationSecret",
                "integrations",
                "regenerate_secret",
            ),
            ("listPets", "pets", "list"),
            ("pets", "pets", "pets"),
            ("get_pet_by_id", "pet", "get_by_id"),
            ("list_categories", "Category", "list"),
            ("createStorePolicy", "store policies", "create"),
            ("login", "users", "login"),
            ("class", "classes", "class"),
        ] {
            assert_eq!(name_within(name, group), expected, "{name} of {group}");
        }
    }

    #[test]
    fn every_name_becomes_an_identifier() {
        for (name, expected) in [
            ("type", "type_"),
            ("gen", "gen_"),
            ("3d", "x_3d"),
            ("", "x_"),
            ("x-Trace ID", "x_trace_id"),
            ("größe", "größe"),
            ("²", "x_"),
            ("m²", "m"),
        ] {
            assert_eq!(snake_ident(name), expected);
        }
        assert_eq!(pascal_ident("self"), "Self_");
        assert_eq!(pascal_ident("+1"), "X1");
    }
}
