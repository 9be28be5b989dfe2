//! How a builder takes a value.

use quote::ToTokens;
use syn::{Expr, File, ImplItem, ImplItemFn, Item, Stmt, parse_quote};

use super::{last_name, no_longer_applies};
use crate::Error;

/// progenitor writes the conversion of a value into each setter. Calling the runtime instead makes the code of a large document
/// shorter and faster to check.
pub(super) fn convert_in_the_runtime(file: &mut File) -> Result<(), Error> {
    let builders = file.items.iter_mut().filter_map(|item| match item {
        Item::Mod(module) if module.ident == "builder" => module.content.as_mut(),
        _ => None,
    });
    for item in builders.flat_map(|(_, items)| items) {
        let Item::Impl(block) = item else { continue };
        if block.trait_.is_some() {
            continue;
        }
        let builder = last_name(&block.self_ty).unwrap_or_default();
        for item in &mut block.items {
            let ImplItem::Fn(setter) = item else { continue };
            let name = setter.sig.ident.to_string();
            let conversion = conversion(setter).ok_or_else(|| {
                no_longer_applies(
                    "convert_in_the_runtime",
                    format!("`{name}` of the builder of `{builder}` does not convert a value"),
                )
            })?;
            *conversion = parse_quote!(::spec_first_runtime::converted(#name, value));
        }
    }
    Ok(())
}

/// The expression that converts the value of a setter.
fn conversion(setter: &mut ImplItemFn) -> Option<&mut Expr> {
    match setter.block.stmts.first_mut()? {
        Stmt::Expr(Expr::Assign(assignment), _) => Some(&mut *assignment.right),
        _ => None,
    }
    .filter(|right| right.to_token_stream().to_string().contains("try_into ()"))
}
