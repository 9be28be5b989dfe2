//! Contact, license and links to web pages.

use spec_first_document::{Content, Node, Pointer};

use crate::{report::Report, survey::Survey};

pub(crate) fn check(survey: &Survey<'_>, report: &mut Report<'_>) {
    let root = survey.document.root();
    let at = Pointer::root().child("info");
    if let Some(info) = root.get("info").filter(|info| info.is_mapping()) {
        contact(info, &at, report);
        license(info, &at, report);
        for (holder, key) in [("contact", "url"), ("license", "url")] {
            if let Some(address) = info.get(holder).and_then(|holder| holder.get(key)) {
                check_address(address, &at.child(holder).child(key), report);
            }
        }
        if let Some(address) = info.get("termsOfService") {
            check_address(address, &at.child("termsOfService"), report);
        }
    }
    external_docs(root, &Pointer::root(), report);
}

fn contact(info: Node<'_>, at: &Pointer, report: &mut Report<'_>) {
    let help = "add `contact` with a `url` or an `email`";
    match info.get("contact") {
        None => report.add("missing-contact", at, "the document has no contact", help),
        Some(contact)
            if contact.is_mapping()
                && contact.get("url").is_none()
                && contact.get("email").is_none() =>
        {
            report.add(
                "missing-contact",
                &at.child("contact"),
                "the contact has neither a `url` nor an `email`",
                help,
            );
        }
        Some(_) => {}
    }
}

fn license(info: Node<'_>, at: &Pointer, report: &mut Report<'_>) {
    let help = "add `license` with a `name` and a `url`";
    match info.get("license") {
        None => report.add("missing-license", at, "the document has no license", help),
        Some(license) if license.is_mapping() && license.get("url").is_none() => report.add(
            "missing-license",
            &at.child("license"),
            "the license has no `url`",
            help,
        ),
        Some(_) => {}
    }
}

/// Checks every `externalDocs`, except in data, which may have a key of the same name.
fn external_docs(node: Node<'_>, pointer: &Pointer, report: &mut Report<'_>) {
    match node.content() {
        Content::Mapping(entries) => {
            for entry in entries {
                let at = pointer.child(entry.key);
                match entry.key {
                    "example" | "examples" | "default" | "enum" => continue,
                    "externalDocs" => {
                        if let Some(address) = entry.value.get("url") {
                            check_address(address, &at.child("url"), report);
                        }
                    }
                    _ => external_docs(entry.value, &at, report),
                }
            }
        }
        Content::Sequence(items) => {
            for (index, item) in items.iter().enumerate() {
                external_docs(item, &pointer.child(index), report);
            }
        }
        _ => {}
    }
}

fn check_address(address: Node<'_>, at: &Pointer, report: &mut Report<'_>) {
    let is_absolute = |text: &str| {
        text.split_once("://").is_some_and(|(scheme, rest)| {
            matches!(scheme, "https" | "http") && rest.starts_with(|c: char| c.is_alphanumeric())
        })
    };
    // Invalid URLs are reported by `form`.
    if let Some(text) = address.as_str().filter(|text| !is_absolute(text)) {
        report.add(
            "relative-address",
            at,
            format!("`{text}` is not an absolute URL"),
            "use the full URL, starting with `https://`",
        );
    }
}
