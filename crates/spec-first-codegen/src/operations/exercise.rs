//! Rust code that makes a call from values in JSON, for the round trip: whatever the document describes is called as a person would.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::Ident;

use super::body::{Body, Kind, Value as BodyValue};
use super::parameters::{Parameters, Value};
use super::{Group, Operation};

impl Operation<'_> {
    /// A function that makes the call from `values` and hands it to `driver`.
    pub(super) fn exercise(&self, group: &Group<'_>, function: &Ident) -> TokenStream {
        let (method, call, module) = (&self.method, &self.call, &group.module);
        let path = quote!(client::#module);
        let group = group.method.iter();
        let mut arguments = self.parameters.exercise_required();
        let mut setters = self.parameters.exercise_optional();
        if let Some(body) = &self.body {
            arguments.extend(body.exercise_required());
            setters.extend(body.exercise_optional());
        }
        let media_type = match &self.body {
            Some(body) => {
                let (media_type, is_json) = (body.essence(), body.is_json());
                quote!(Some((#media_type, #is_json)))
            }
            None => quote!(None),
        };
        let value = match self.replies.is_json() {
            true => quote!(|value| ::serde_json::to_value(value).ok()),
            false => quote!(|_| None),
        };
        let error = format_ident!("{}Error", self.named());
        let typed = match self.errors.is_empty() {
            true => quote!(None),
            false => quote!(Some(|error| error.typed::<#path::#error>().is_some())),
        };
        let streamed = match self.replies.accept_streamed(&self.errors) {
            Some(media_types) => quote!(Some(#media_types)),
            None => quote!(None),
        };
        let choices = self.replies.choices();
        let choices = choices.map(|media_type| {
            quote! {
                let reply = call.clone().accept(#media_type).send().await;
                driver.accepted(values, #media_type, reply.map(drop))?;
            }
        });
        quote! {
            async fn #function(driver: &Driver, client: &Client, values: &Values) -> Result<Held, Failure> {
                let mut call = client #(.#group())* .#method(#(#arguments),*);
                #(#setters)*
                #(#choices)*
                driver.exercise::<#path::#call>(client, values, call, #media_type, #value, #typed, #streamed).await
            }
        }
    }
}

impl Parameters {
    fn exercise_required(&self) -> Vec<TokenStream> {
        let required = self.parameters.iter().filter(|it| it.is_required);
        required
            .map(|parameter| {
                let (location, name) = (&parameter.location, &parameter.name);
                match &parameter.value {
                    Value::Text | Value::Secret => quote!(values.text(#location, #name)?),
                    Value::Typed(ty) => quote!(values.parameter::<#ty>(#location, #name)?),
                }
            })
            .collect()
    }

    fn exercise_optional(&self) -> Vec<TokenStream> {
        let optional = self.parameters.iter().filter(|it| !it.is_required);
        optional
            .map(|parameter| {
                let (location, name, setter) =
                    (&parameter.location, &parameter.name, &parameter.ident);
                let value = match &parameter.value {
                    Value::Text | Value::Secret => quote!(values.text(#location, #name)?),
                    Value::Typed(ty) => quote!(values.parameter::<#ty>(#location, #name)?),
                };
                quote!(if values.has_parameter(#location, #name) { call = call.#setter(#value); })
            })
            .collect()
    }
}

impl Body {
    fn exercise_required(&self) -> Vec<TokenStream> {
        if self.is_argument() {
            return vec![self.exercise_whole()];
        }
        self.required()
            .map(|member| self.exercise_member(&member.name, &member.value))
            .collect()
    }

    fn exercise_optional(&self) -> Vec<TokenStream> {
        let media_type = self.essence();
        if self.is_argument() {
            return Vec::new();
        }
        if self.takes_any_part() {
            return vec![quote!(call = call.part("part", values.bytes());)];
        }
        let has_nothing_to_set = !self.is_required && self.optional().next().is_none();
        if self.members().is_empty() || has_nothing_to_set {
            let whole = self.exercise_whole();
            return vec![quote!(if values.has_body(#media_type) { call = call.body(#whole); })];
        }
        self.optional()
            .map(|member| {
                let (name, setter) = (&member.name, &member.ident);
                let value = self.exercise_member(name, &member.value);
                // `null` is what is sent anyway, unless nothing at all can be sent too.
                let has = match &member.value {
                    BodyValue::Typed(ty) if !is_option(ty) => quote!(has_value),
                    _ => quote!(has_member),
                };
                quote!(if values.#has(#media_type, #name) { call = call.#setter(#value); })
            })
            .collect()
    }

    fn exercise_whole(&self) -> TokenStream {
        let media_type = self.essence();
        match &self.kind {
            Kind::Object { ty, .. } | Kind::Whole { ty, .. } => {
                quote!(values.body::<#ty>(#media_type)?)
            }
            Kind::Text | Kind::Bytes => quote!(values.written(#media_type)?),
            Kind::Parts(_) => quote!(values.bytes()),
            Kind::Chosen => {
                let media_type = media_type.replace('*', "x-sample");
                quote!(::spec_first_runtime::Part::bytes(values.bytes()).media_type(#media_type))
            }
        }
    }

    fn exercise_member(&self, name: &str, value: &BodyValue) -> TokenStream {
        let media_type = self.essence();
        match value {
            BodyValue::Typed(ty) => quote!(values.member::<#ty>(#media_type, #name)?),
            BodyValue::Any => quote!(values.member::<::serde_json::Value>(#media_type, #name)?),
            BodyValue::Part => quote!(values.bytes()),
            BodyValue::Parts => quote!(vec![values.bytes().into()]),
        }
    }

    fn is_json(&self) -> bool {
        match &self.kind {
            Kind::Object { is_form, .. } | Kind::Whole { is_form, .. } => !is_form,
            Kind::Parts(_) | Kind::Text | Kind::Bytes | Kind::Chosen => false,
        }
    }

    /// The media type without its parameters.
    fn essence(&self) -> &str {
        let essence = self.described.split(';').next().unwrap_or_default();
        essence.trim()
    }
}

fn is_option(ty: &syn::Type) -> bool {
    let syn::Type::Path(path) = ty else {
        return false;
    };
    path.path
        .segments
        .last()
        .is_some_and(|last| last.ident == "Option")
}
