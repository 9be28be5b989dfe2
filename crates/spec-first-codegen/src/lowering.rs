//! Fixes to the document as passed to progenitor, so that the document itself need not work around generator bugs.
//!
//! Each fix is one function that says why, and [`verify`] fails if the generated code does not show its effect.

use std::collections::{BTreeMap, BTreeSet};

use heck::ToPascalCase;

use progenitor::{GenerationSettings, TypeImpl};
use spec_first_document::openapiv3::{
    MediaType, OpenAPI, Parameter, ParameterSchemaOrContent, ReferenceOr, Response, Schema,
    SchemaKind, StatusCode, StringFormat, StringType, Type, VariantOrUnknownOrEmpty,
};

use crate::extensions::RUST_TYPE;
use crate::schema_visitor::{for_each_schema, operations_mut};
use crate::{Error, operation_names};

/// The path of the generated module in the client crate, for references within the generated code.
const GENERATED_MODULE: &str = "crate::generated";

/// Applies every fix to `openapi` and `settings`.
pub(crate) fn lower(openapi: &mut OpenAPI, mut settings: GenerationSettings) -> GenerationSettings {
    name_operations(openapi);
    make_default_responses_errors(openapi);
    keep_error_responses_undecoded(openapi);
    name_path_parameters(openapi);
    for_each_schema(openapi, &mut describe_defaults);
    for_each_schema(openapi, &mut convert_any_of_to_one_of);
    replace_string_types(openapi, &mut settings);
    for_each_schema(openapi, &mut drop_string_formats);
    settings
}

/// Verifies that the fixes have an effect on the generated code.
pub(crate) fn verify(file: &syn::File, openapi: &OpenAPI) -> Result<(), Error> {
    let text = prettyplease::unparse(file);
    let fails = |fix, reason: String| Err(Error::FixNoLongerApplies { fix, reason });
    if text.contains("Error::ErrorResponse(ResponseValue::from_response")
        || text.contains("Error<types::")
    {
        return fails(
            "keep_error_responses_undecoded",
            "an error response is decoded, so a decoding failure would lose the status, headers and body".to_owned(),
        );
    }
    for (name, replacement) in replacements(openapi) {
        if text.contains(&format!("pub struct {name}(")) {
            return fails(
                "replace_string_types",
                format!("`{name}` was generated instead of being replaced by `{replacement}`"),
            );
        }
    }
    for foreign in ["::chrono::", "::uuid::", "::regress::"] {
        if text.contains(foreign) {
            return fails(
                "drop_string_formats",
                format!("the generated code uses `{foreign}`"),
            );
        }
    }
    for name in path_parameter_schemas(openapi) {
        if !text.contains(&format!("{GENERATED_MODULE}::identifiers::{name}")) {
            return fails(
                "replace_string_types",
                format!(
                    "the path parameter `{name}` does not have the type that validates path segments"
                ),
            );
        }
    }
    Ok(())
}

/// progenitor needs an `operationId` for the name of the method.
fn name_operations(openapi: &mut OpenAPI) {
    for (path, item) in &mut openapi.paths.paths {
        let ReferenceOr::Item(item) = item else {
            continue;
        };
        let methods = [
            ("get", &mut item.get),
            ("put", &mut item.put),
            ("post", &mut item.post),
            ("delete", &mut item.delete),
            ("head", &mut item.head),
            ("patch", &mut item.patch),
        ];
        for (method, operation) in methods {
            if let Some(operation) = operation {
                let name = || operation_names::name_of(method, path);
                operation.operation_id.get_or_insert_with(name);
            }
        }
    }
}

/// progenitor takes `default` for a success as well as an error, and panics if the two differ. Beside a success, it
/// describes every error that is not listed.
fn make_default_responses_errors(openapi: &mut OpenAPI) {
    for operation in operations_mut(openapi) {
        let responses = &mut operation.responses;
        let is_success = |status: &StatusCode| {
            matches!(status, StatusCode::Code(200..=299) | StatusCode::Range(2))
        };
        if responses.responses.keys().any(is_success)
            && let Some(other) = responses.default.take()
        {
            for class in [4, 5] {
                let errors = responses.responses.entry(StatusCode::Range(class));
                errors.or_insert_with(|| other.clone());
            }
        }
    }
}

/// Gives the inline schema of a textual path parameter a name, so that it gets a type that validates path segments: the
/// name of the parameter, or a numbered one if another schema has that.
fn name_path_parameters(openapi: &mut OpenAPI) {
    let mut components = openapi.components.take().unwrap_or_default();
    let schemas = &mut components.schemas;
    let mut name_schema = |parameter: &mut ReferenceOr<Parameter>| {
        let ReferenceOr::Item(Parameter::Path { parameter_data, .. }) = parameter else {
            return;
        };
        let ParameterSchemaOrContent::Schema(written) = &mut parameter_data.format else {
            return;
        };
        let ReferenceOr::Item(schema) = &written else {
            return;
        };
        if !matches!(schema.schema_kind, SchemaKind::Type(Type::String(_))) {
            return;
        }
        let own = parameter_data.name.to_pascal_case();
        let numbered = (2..).map(|number| format!("{own}{number}"));
        let taken: BTreeMap<String, bool> = schemas
            .iter()
            .map(|(name, known): (&String, &ReferenceOr<Schema>)| {
                (name.to_pascal_case(), known.as_item() == Some(schema))
            })
            .collect();
        let mut names = std::iter::once(own.clone()).chain(numbered);
        let free = |name: &String| taken.get(name).copied().unwrap_or(true);
        let name = names.find(free).unwrap_or(own);
        let reference = format!("#/components/schemas/{name}");
        let named = std::mem::replace(written, ReferenceOr::Reference { reference });
        schemas.entry(name).or_insert(named);
    };
    components
        .parameters
        .values_mut()
        .for_each(&mut name_schema);
    for item in openapi.paths.paths.values_mut() {
        if let ReferenceOr::Item(item) = item {
            item.parameters.iter_mut().for_each(&mut name_schema);
        }
    }
    for operation in operations_mut(openapi) {
        operation.parameters.iter_mut().for_each(&mut name_schema);
    }
    openapi.components = Some(components);
}

/// The generated client would send every default that was not overridden, though the server knows it. It is described
/// instead.
fn describe_defaults(schema: &mut Schema) {
    if let Some(default) = schema.schema_data.default.take() {
        let said = format!("Default: `{default}`.");
        let description = &mut schema.schema_data.description;
        *description = Some(match description.take() {
            Some(text) => format!("{}\n\n{said}", text.trim_end()),
            None => said,
        });
    }
}

/// progenitor decodes error responses that have a schema, so a response with a different body (an HTML page of a proxy,
/// an empty 401) loses its status, headers and body. With the media type `*/*`, the caller gets all of them and decodes
/// what it can.
fn keep_error_responses_undecoded(openapi: &mut OpenAPI) {
    let components = openapi.components.clone().unwrap_or_default();
    let resolve = |response: &ReferenceOr<Response>| match response {
        ReferenceOr::Item(response) => Some(response.clone()),
        ReferenceOr::Reference { reference } => {
            let name = reference.strip_prefix("#/components/responses/")?;
            components.responses.get(name)?.as_item().cloned()
        }
    };
    for operation in operations_mut(openapi) {
        for (status, response) in &mut operation.responses.responses {
            let is_success = matches!(status, StatusCode::Code(200..=299) | StatusCode::Range(2));
            let Some(mut whole) = resolve(response).filter(|_| !is_success) else {
                continue;
            };
            whole.content.clear();
            whole.content.insert("*/*".to_owned(), MediaType::default());
            *response = ReferenceOr::Item(whole);
        }
    }
}

/// typify merges the branches of an `anyOf` into one struct with optional fields, which cannot represent an open enum
/// or a choice of shapes. A `oneOf` becomes an enum that is deserialized as the first matching branch.
/// [`crate::unsupported`] checks that this is correct for each `anyOf`.
fn convert_any_of_to_one_of(schema: &mut Schema) {
    if let SchemaKind::AnyOf { any_of } = &mut schema.schema_kind {
        schema.schema_kind = SchemaKind::OneOf {
            one_of: std::mem::take(any_of),
        };
    }
}

/// Secrets, path parameters and timestamps become types of the runtime, and components with `x-rust-type` that type: secrets
/// are redacted, path parameters cannot change the path, and timestamps keep their original text.
fn replace_string_types(openapi: &mut OpenAPI, settings: &mut GenerationSettings) {
    for (name, replacement) in replacements(openapi) {
        settings.with_replacement(name, replacement, [TypeImpl::FromStr].into_iter());
    }
    for (format, replacement) in [("password", SECRET), ("date-time", TIMESTAMP)] {
        let schema = schemars_for_typify::schema::SchemaObject {
            instance_type: Some(schemars_for_typify::schema::InstanceType::String.into()),
            format: Some(format.to_owned()),
            ..Default::default()
        };
        settings.with_conversion(schema, replacement, std::iter::empty());
    }
}

/// typify maps formats such as `date` and `uuid` to types of other crates, which normalize the value and reject
/// responses with unusual spellings. They stay strings; `surface.txt` still shows the format.
fn drop_string_formats(schema: &mut Schema) {
    let SchemaKind::Type(Type::String(text)) = &mut schema.schema_kind else {
        return;
    };
    let ours = [StringFormat::Password, StringFormat::DateTime];
    if !matches!(&text.format, VariantOrUnknownOrEmpty::Item(format) if ours.contains(format)) {
        text.format = VariantOrUnknownOrEmpty::Empty;
    }
}

const SECRET: &str = "::spec_first_runtime::Secret";
const TIMESTAMP: &str = "::spec_first_runtime::Timestamp";

/// The components replaced by a hand-written type, each with the path of that type.
fn replacements(openapi: &OpenAPI) -> Vec<(String, String)> {
    let path_parameters = path_parameter_schemas(openapi);
    let schemas = openapi
        .components
        .iter()
        .flat_map(|components| &components.schemas);
    schemas
        .filter_map(|(name, schema)| {
            let schema = schema.as_item()?;
            let SchemaKind::Type(Type::String(text)) = &schema.schema_kind else {
                return None;
            };
            if path_parameters.contains(name) {
                return Some((
                    name.clone(),
                    format!("{GENERATED_MODULE}::identifiers::{name}"),
                ));
            }
            let written = schema.schema_data.extensions.get(RUST_TYPE);
            let replacement = written
                .and_then(|path| path.as_str())
                .or_else(|| replacement_type(text))?;
            Some((name.clone(), replacement.to_owned()))
        })
        .collect()
}

fn replacement_type(text: &StringType) -> Option<&'static str> {
    match &text.format {
        VariantOrUnknownOrEmpty::Item(StringFormat::Password) => Some(SECRET),
        VariantOrUnknownOrEmpty::Item(StringFormat::DateTime) => Some(TIMESTAMP),
        _ => None,
    }
}

/// The names of string components used as the schema of a path parameter. Numbers need no validation.
pub(crate) fn path_parameter_schemas(openapi: &OpenAPI) -> Vec<String> {
    let components = openapi.components.as_ref();
    let resolve = |parameter: &ReferenceOr<Parameter>| match parameter {
        ReferenceOr::Item(parameter) => Some(parameter.clone()),
        ReferenceOr::Reference { reference } => {
            let name = reference.strip_prefix("#/components/parameters/")?;
            components?.parameters.get(name)?.as_item().cloned()
        }
    };
    let is_text = |name: &String| {
        let schema = components.and_then(|components| components.schemas.get(name)?.as_item());
        schema.is_some_and(|schema| matches!(schema.schema_kind, SchemaKind::Type(Type::String(_))))
    };
    let items = openapi
        .paths
        .paths
        .values()
        .filter_map(ReferenceOr::as_item);
    let parameters = items.flat_map(|item| {
        let of_operations = item.iter().flat_map(|(_, operation)| &operation.parameters);
        item.parameters.iter().chain(of_operations)
    });
    let names: BTreeSet<String> = parameters
        .filter_map(|parameter| match resolve(parameter)? {
            Parameter::Path { parameter_data, .. } => match parameter_data.format {
                ParameterSchemaOrContent::Schema(ReferenceOr::Reference { reference }) => reference
                    .strip_prefix("#/components/schemas/")
                    .map(str::to_owned),
                _ => None,
            },
            _ => None,
        })
        .filter(is_text)
        .collect();
    names.into_iter().collect()
}
