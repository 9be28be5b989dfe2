//! Runs progenitor on a document and turns its panics into errors.

use std::panic::{self, AssertUnwindSafe};
use std::{cell::Cell, sync::Once};

use progenitor::{GenerationSettings, Generator, HooksMode, InterfaceStyle, TagStyle};
use quote::quote;
use spec_first_document::openapiv3::{OpenAPI, PathItem, ReferenceOr};
use spec_first_document::{Document, Finding, Pointer};

use crate::{Error, amendments, api, lowering, unsupported};

/// Generates the client for `document` as a syntax tree with every fix applied.
pub(crate) fn generate_syntax(document: &Document) -> Result<syn::File, Error> {
    let findings = unsupported(document);
    if !findings.is_empty() {
        return Err(Error::Document(findings));
    }
    let mut openapi = document.typed()?;
    let settings = lowering::lower(&mut openapi, base_settings());

    let tokens = match run(&settings, &openapi) {
        Ok(tokens) => tokens,
        Err(reason) => return Err(locate_failure(document, &openapi, &settings, &reason).into()),
    };
    let mut file: syn::File =
        syn::parse2(tokens).map_err(|error| Error::NotRust(error.to_string().into()))?;
    lowering::verify(&file, &openapi)?;
    amendments::amend(&mut file, &openapi)?;
    api::add(&mut file, document)?;
    Ok(file)
}

fn base_settings() -> GenerationSettings {
    let mut settings = GenerationSettings::default();
    settings
        .with_interface(InterfaceStyle::Builder)
        .with_tag(TagStyle::Merged)
        .with_derive("PartialEq")
        .with_inner_type(quote!(::spec_first_runtime::Exchange))
        // By default, a client without hooks compiles and sends requests without credentials.
        .with_hooks(HooksMode::Expected);
    settings
}

fn run(
    settings: &GenerationSettings,
    openapi: &OpenAPI,
) -> Result<proc_macro2::TokenStream, String> {
    let generate = || Generator::new(settings).generate_tokens(openapi);
    match without_panic_output(|| panic::catch_unwind(AssertUnwindSafe(generate))) {
        Ok(Ok(tokens)) => Ok(tokens),
        Ok(Err(error)) => Err(error.to_string()),
        Err(payload) => Err(panic_text(payload.as_ref())),
    }
}

fn panic_text(payload: &(dyn std::any::Any + Send)) -> String {
    let text = payload.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| payload.downcast_ref::<&str>().copied())
        .unwrap_or("it panicked")
        .to_owned()
}

thread_local! {
    static QUIET: Cell<bool> = const { Cell::new(false) };
}

/// Runs `action` without printing panic messages of this thread, because a panic becomes an error.
fn without_panic_output<T>(action: impl FnOnce() -> T) -> T {
    static INSTALL: Once = Once::new();
    INSTALL.call_once(|| {
        let previous = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !QUIET.get() {
                previous(info);
            }
        }));
    });
    QUIET.set(true);
    let result = action();
    QUIET.set(false);
    result
}

/// progenitor does not say where it failed, so this tries each schema, then each operation, separately.
fn locate_failure(
    document: &Document,
    openapi: &OpenAPI,
    settings: &GenerationSettings,
    reason: &str,
) -> Finding {
    let mut without_paths = openapi.clone();
    without_paths.paths.paths.clear();
    if run(settings, &without_paths).is_err() {
        let names = openapi
            .components
            .iter()
            .flat_map(|components| components.schemas.keys());
        for name in names {
            let mut without_one = without_paths.clone();
            if let Some(components) = &mut without_one.components {
                components.schemas.shift_remove(name);
            }
            if run(settings, &without_one).is_ok() {
                let pointer = Pointer::root()
                    .child("components")
                    .child("schemas")
                    .child(name);
                return finding(document, &pointer, &format!("schema `{name}`"), reason);
            }
        }
    }
    for operation in document.operations() {
        let mut alone = without_paths.clone();
        let item = openapi
            .paths
            .paths
            .get(operation.path)
            .and_then(|item| item.as_item());
        let Some(item) = item else { continue };
        let item = ReferenceOr::Item(keep_method(item.clone(), operation.method));
        alone.paths.paths.insert(operation.path.to_owned(), item);
        if let Err(reason) = run(settings, &alone) {
            let name = format!("operation `{}`", operation.name());
            return finding(document, &operation.pointer(), &name, &reason);
        }
    }
    finding(document, &Pointer::root(), "this document", reason)
}

fn keep_method(mut item: PathItem, method: &str) -> PathItem {
    let methods = [
        ("get", &mut item.get),
        ("put", &mut item.put),
        ("post", &mut item.post),
        ("delete", &mut item.delete),
        ("options", &mut item.options),
        ("head", &mut item.head),
        ("patch", &mut item.patch),
        ("trace", &mut item.trace),
    ];
    for (_, operation) in methods.into_iter().filter(|(name, _)| *name != method) {
        *operation = None;
    }
    item
}

fn finding(document: &Document, pointer: &Pointer, subject: &str, reason: &str) -> Finding {
    document.finding(
        "generator",
        pointer,
        format!("the generator does not support {subject}: {reason}"),
        "rewrite it, or add a fix to `spec-first-codegen`",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const PETS: &str = include_str!("../tests/it/pets.yaml");

    /// The document with one error type per operation, without which progenitor panics.
    fn pets() -> String {
        PETS.replace("        '503': {description: Closed}\n", "")
            .replace("        '401': {description: Who}\n", "")
    }

    /// The code that progenitor generates without fixes.
    fn without_fixes() -> String {
        let openapi = Document::parse("pets.yaml", &pets())
            .unwrap()
            .typed()
            .unwrap();
        let tokens = run(&base_settings(), &openapi).unwrap();
        prettyplease::unparse(&syn::parse2(tokens).unwrap())
    }

    #[test]
    fn each_fix_is_still_needed() {
        let client = without_fixes();
        for (fix, defect) in [
            ("keep_error_responses_undecoded", "Error<types::Error>"),
            ("convert_any_of_to_one_of", "pub struct OpenKind"),
            (
                "replace_string_types",
                "pub password: ::std::option::Option<::std::string::String>",
            ),
            ("replace_string_types", "pub struct PetId("),
            ("drop_string_formats", "::chrono::"),
            ("drop_string_formats", "::uuid::"),
            ("drop_string_formats", "::regress::"),
            (
                "remove_constructor_with_default_transport",
                "reqwest::ClientBuilder::new()",
            ),
            ("drop_api_version_header", "\"api-version\""),
            (
                "encode_path_segments_fully",
                "use progenitor_client::{encode_path",
            ),
        ] {
            assert!(
                client.contains(defect),
                "`{fix}` is no longer needed: `{defect}` is not generated"
            );
        }
        assert!(
            !client.contains("cfg_attr"),
            "`derive_json_schema_on_request` is no longer needed"
        );
    }

    #[test]
    fn a_fix_that_no_longer_applies_fails() {
        let openapi = Document::parse("pets.yaml", PETS).unwrap().typed().unwrap();
        let mut file: syn::File = syn::parse_quote!(
            pub mod types {}
        );
        let error = amendments::amend(&mut file, &openapi).unwrap_err();
        assert!(
            matches!(error, Error::FixNoLongerApplies { .. }),
            "{error:?}"
        );
        assert!(
            error
                .to_string()
                .contains("expected 1 occurrences of `Client::new`, found 0"),
            "{error}"
        );

        for (fix, code) in [
            (
                "keep_error_responses_undecoded",
                quote!(
                    type A = Error<types::Pet>;
                ),
            ),
            (
                "replace_string_types",
                quote!(
                    pub struct PetId(String);
                ),
            ),
            (
                "drop_string_formats",
                quote!(
                    type A = ::chrono::NaiveDate;
                ),
            ),
        ] {
            let file = syn::parse2(code).unwrap();
            let error = lowering::verify(&file, &openapi).unwrap_err();
            assert!(error.to_string().contains(fix), "{error}");
        }
    }

    #[test]
    fn a_generator_panic_becomes_an_error() {
        let text = pets().replace("'201': ", "'204': {description: Who}\n        '201': ");
        let document = Document::parse("pets.yaml", &text).unwrap();
        let openapi = document.typed().unwrap();
        let reason = run(&base_settings(), &openapi).unwrap_err();
        let finding = locate_failure(&document, &openapi, &base_settings(), &reason);
        assert_eq!(finding.pointer.as_str(), "/paths/~1pets/post");
        assert!(
            finding
                .message
                .contains("operation `add_pet`: assertion failed"),
            "{finding}"
        );
    }
}
