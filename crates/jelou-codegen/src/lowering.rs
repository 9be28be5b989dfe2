//! Repairs of what progenitor is given: the document stays right for every other reader, and the generated client becomes
//! right too.
//!
//! Each repair is one function that says why, and [`verify`] fails when the generated code does not show its effect.

use std::collections::BTreeSet;

use openapi_document::openapiv3::{
    MediaType, OpenAPI, Parameter, ParameterSchemaOrContent, ReferenceOr, Response, Schema,
    SchemaKind, StatusCode, StringFormat, StringType, Type, VariantOrUnknownOrEmpty,
};
use progenitor::{GenerationSettings, TypeImpl};

use crate::Error;
use crate::schema_visitor::{for_each_schema, operations_mut};

/// Where the generated module stands in the client crate; generated code names its own parts through it.
const GENERATED_MODULE: &str = "crate::generated";

/// Repairs `openapi` and completes `settings`.
pub(crate) fn lower(openapi: &mut OpenAPI, mut settings: GenerationSettings) -> GenerationSettings {
    keep_error_responses_whole(openapi);
    for_each_schema(openapi, &mut read_any_of_as_the_first_that_fits);
    give_text_types_of_our_own(openapi, &mut settings);
    for_each_schema(openapi, &mut keep_formats_as_text);
    settings
}

/// Makes sure that the repairs show in what was generated.
pub(crate) fn verify(file: &syn::File, openapi: &OpenAPI) -> Result<(), Error> {
    let text = prettyplease::unparse(file);
    let fails = |fix, reason: String| Err(Error::FixNoLongerApplies { fix, reason });
    if text.contains("Error::ErrorResponse(ResponseValue::from_response")
        || text.contains("Error<types::")
    {
        return fails(
            "keep_error_responses_whole",
            "an error response is decoded, so status, headers and body would be lost when that fails".to_owned(),
        );
    }
    for (name, replacement) in replacements(openapi) {
        if text.contains(&format!("pub struct {name}(")) {
            return fails(
                "give_text_types_of_our_own",
                format!("`{name}` was generated, and not replaced by `{replacement}`"),
            );
        }
    }
    for foreign in ["::chrono::", "::uuid::", "::regress::"] {
        if text.contains(foreign) {
            return fails(
                "keep_formats_as_text",
                format!("the generated code uses `{foreign}`"),
            );
        }
    }
    for name in path_parameter_schemas(openapi) {
        if !text.contains(&format!("{GENERATED_MODULE}::identifiers::{name}")) {
            return fails(
                "give_text_types_of_our_own",
                format!(
                    "the path parameter `{name}` does not have the type that cannot leave its segment"
                ),
            );
        }
    }
    Ok(())
}

/// With a schema on an error response, progenitor decodes it, and an error that does not fit (HTML of a proxy, an empty 401)
/// loses status, headers and body. With content `*/*` the caller gets all of them, and decodes as far as possible.
fn keep_error_responses_whole(openapi: &mut OpenAPI) {
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

/// typify merges the branches of an `anyOf` into one struct of optional parts, which reads neither an open enum nor one of
/// several shapes. As `oneOf` it becomes an enum that reads as the first branch that fits. What an `anyOf` must look like for
/// that to be right is checked by [`crate::unsupported`].
fn read_any_of_as_the_first_that_fits(schema: &mut Schema) {
    if let SchemaKind::AnyOf { any_of } = &mut schema.schema_kind {
        schema.schema_kind = SchemaKind::OneOf {
            one_of: std::mem::take(any_of),
        };
    }
}

/// Secrets, path parameters, instants and HTTPS addresses become hand-written types of the client: a secret prints nothing, a
/// path parameter cannot leave its segment, an instant and an address keep the text they were given.
fn give_text_types_of_our_own(openapi: &mut OpenAPI, settings: &mut GenerationSettings) {
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

/// typify gives `date`, `uuid` and the like the types of other crates, which rewrite the text on the wire and refuse a response
/// that spells it differently. They stay text; `surface.txt` still shows the format.
fn keep_formats_as_text(schema: &mut Schema) {
    let SchemaKind::Type(Type::String(text)) = &mut schema.schema_kind else {
        return;
    };
    let ours = [StringFormat::Password, StringFormat::DateTime];
    if !matches!(&text.format, VariantOrUnknownOrEmpty::Item(format) if ours.contains(format)) {
        text.format = VariantOrUnknownOrEmpty::Empty;
    }
}

const SECRET: &str = "crate::secret::Secret";
const TIMESTAMP: &str = "crate::timestamp::Timestamp";
const WEBHOOK_URL: &str = "crate::webhook::WebhookUrl";

/// The components that a type of the client stands for, each with the path of that type.
fn replacements(openapi: &OpenAPI) -> Vec<(String, String)> {
    let path_parameters = path_parameter_schemas(openapi);
    let schemas = openapi
        .components
        .iter()
        .flat_map(|components| &components.schemas);
    schemas
        .filter_map(|(name, schema)| {
            let SchemaKind::Type(Type::String(text)) = &schema.as_item()?.schema_kind else {
                return None;
            };
            if path_parameters.contains(name) {
                return Some((
                    name.clone(),
                    format!("{GENERATED_MODULE}::identifiers::{name}"),
                ));
            }
            type_of_our_own(text).map(|replacement| (name.clone(), replacement.to_owned()))
        })
        .collect()
}

fn type_of_our_own(text: &StringType) -> Option<&'static str> {
    match &text.format {
        VariantOrUnknownOrEmpty::Item(StringFormat::Password) => Some(SECRET),
        VariantOrUnknownOrEmpty::Item(StringFormat::DateTime) => Some(TIMESTAMP),
        VariantOrUnknownOrEmpty::Unknown(format)
            if is_https_url(Some(format), text.pattern.as_deref()) =>
        {
            Some(WEBHOOK_URL)
        }
        _ => None,
    }
}

/// Whether a text with this format and pattern is the address of a webhook.
pub(crate) fn is_https_url(format: Option<&str>, pattern: Option<&str>) -> bool {
    format == Some("uri") && pattern.is_some_and(|pattern| pattern.starts_with("^https://"))
}

/// The names of the components of text that are the schema of a path parameter of some operation. A number cannot leave its
/// segment.
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
