//! Fixes to the code that progenitor generates. Each is one function that says why and fails if it no longer applies.

use quote::ToTokens;
use spec_first_document::openapiv3::OpenAPI;
use syn::visit_mut::{self, VisitMut};
use syn::{
    Attribute, Block, File, ImplItem, ItemEnum, ItemImpl, ItemMod, ItemStruct, Stmt, UsePath,
    UseTree, parse_quote,
};

use crate::{Error, lowering};

/// Applies every fix.
pub(crate) fn amend(file: &mut File, openapi: &OpenAPI) -> Result<(), Error> {
    remove_constructor_with_default_transport(file)?;
    drop_api_version_header(file, openapi)?;
    derive_json_schema_on_request(file)?;
    encode_path_segments_fully(file)?;
    define_path_parameters(file, openapi)
}

/// `Client::new` builds its own transport, which follows redirects (forwarding `x-api-key`), does not limit response
/// sizes, and panics if TLS cannot be set up. `Client::new_with_client` remains.
fn remove_constructor_with_default_transport(file: &mut File) -> Result<(), Error> {
    struct Remover(usize);
    impl VisitMut for Remover {
        fn visit_item_impl_mut(&mut self, block: &mut ItemImpl) {
            if block.trait_.is_some() || block.self_ty.to_token_stream().to_string() != "Client" {
                return;
            }
            let before = block.items.len();
            block.items.retain(
                |item| !matches!(item, ImplItem::Fn(function) if function.sig.ident == "new"),
            );
            self.0 += before - block.items.len();
        }
    }
    let mut remover = Remover(0);
    remover.visit_file_mut(file);
    expect(
        "remove_constructor_with_default_transport",
        "`Client::new`",
        remover.0,
        1,
    )
}

/// progenitor sends the document version in an `api-version` header with every request, which the API does not
/// document.
fn drop_api_version_header(file: &mut File, openapi: &OpenAPI) -> Result<(), Error> {
    struct Dropper(usize);
    impl VisitMut for Dropper {
        fn visit_block_mut(&mut self, block: &mut Block) {
            let before = block.stmts.len();
            block.stmts.retain(|statement| !is_api_version(statement));
            self.0 += before - block.stmts.len();
            visit_mut::visit_block_mut(self, block);
        }
    }
    fn is_api_version(statement: &Stmt) -> bool {
        matches!(statement, Stmt::Expr(syn::Expr::MethodCall(_), _))
            && statement
                .to_token_stream()
                .to_string()
                .contains("\"api-version\"")
    }
    let mut dropper = Dropper(0);
    dropper.visit_file_mut(file);
    expect(
        "drop_api_version_header",
        "a header `api-version`",
        dropper.0,
        openapi.operations().count(),
    )
}

/// The generated types derive `JsonSchema` only with the `schemars` feature, so that other users do not compile
/// `schemars`. progenitor can only derive it unconditionally.
fn derive_json_schema_on_request(file: &mut File) -> Result<(), Error> {
    struct Deriver(usize);
    impl Deriver {
        fn amend(&mut self, attributes: &mut Vec<Attribute>) {
            let is_data = |attribute: &Attribute| {
                attribute.path().is_ident("derive")
                    && attribute
                        .to_token_stream()
                        .to_string()
                        .contains("Serialize")
            };
            if let Some(position) = attributes.iter().position(is_data) {
                let derive =
                    parse_quote!(#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]);
                attributes.insert(position + 1, derive);
                self.0 += 1;
            }
        }
    }
    impl VisitMut for Deriver {
        fn visit_item_struct_mut(&mut self, item: &mut ItemStruct) {
            self.amend(&mut item.attrs);
        }
        fn visit_item_enum_mut(&mut self, item: &mut ItemEnum) {
            self.amend(&mut item.attrs);
        }
    }
    let mut deriver = Deriver(0);
    deriver.visit_file_mut(file);
    let data_types = file
        .to_token_stream()
        .to_string()
        .matches(":: serde :: Serialize")
        .count();
    expect(
        "derive_json_schema_on_request",
        "a type that derives `Serialize`",
        deriver.0,
        data_types,
    )
}

/// progenitor does not encode backslashes, which URL parsers treat as slashes, so `a\b` would address another path. The
/// runtime has an `encode_path` that encodes every special character.
fn encode_path_segments_fully(file: &mut File) -> Result<(), Error> {
    struct Replacer(usize);
    impl VisitMut for Replacer {
        fn visit_use_path_mut(&mut self, path: &mut UsePath) {
            let UseTree::Group(group) = &mut *path.tree else {
                return;
            };
            if path.ident == "progenitor_client" {
                let before = group.items.len();
                let items = std::mem::take(&mut group.items);
                group.items = items.into_iter().filter(|tree| !is_encoder(tree)).collect();
                self.0 += before - group.items.len();
            }
        }
    }
    fn is_encoder(tree: &UseTree) -> bool {
        matches!(tree, UseTree::Name(name) if name.ident == "encode_path")
    }
    let mut replacer = Replacer(0);
    replacer.visit_file_mut(file);
    file.items.insert(
        0,
        parse_quote! { #[allow(unused_imports)] use ::spec_first_runtime::encode_path; },
    );
    expect(
        "encode_path_segments_fully",
        "an import of `encode_path`",
        replacer.0,
        1,
    )
}

/// Defines the types of path parameters with a macro of the runtime that rejects values which would change the path:
/// progenitor does not escape dots, so an identifier `..` would address another path.
fn define_path_parameters(file: &mut File, openapi: &OpenAPI) -> Result<(), Error> {
    let mut types = Vec::new();
    for name in lowering::path_parameter_schemas(openapi) {
        let schemas = openapi
            .components
            .as_ref()
            .map(|components| &components.schemas);
        let schema = schemas
            .and_then(|schemas| schemas.get(&name))
            .and_then(|schema| schema.as_item());
        let description = schema
            .and_then(|schema| schema.schema_data.description.clone())
            .unwrap_or_default();
        let description = description.trim();
        // Invalid names have already been rejected, but this must not panic anyway.
        let name: syn::Ident =
            syn::parse_str(&name).map_err(|error| Error::NotRust(error.to_string().into()))?;
        types.push(quote::quote!(
            ::spec_first_runtime::path_segment! { #[doc = #description] #name }
        ));
    }
    let module: ItemMod = parse_quote! {
        /// Types of path parameters.
        pub mod identifiers { #(#types)* }
    };
    file.items.push(syn::Item::Mod(module));
    Ok(())
}

fn expect(fix: &'static str, what: &str, found: usize, expected: usize) -> Result<(), Error> {
    if found == expected {
        return Ok(());
    }
    Err(Error::FixNoLongerApplies {
        fix,
        reason: format!("expected {expected} occurrences of {what}, found {found}"),
    })
}
