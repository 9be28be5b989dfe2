//! The code of a body: what the method that begins a call does with its arguments, and the setters.

use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote};
use syn::{Ident, Type, parse_quote};

use super::super::{field, local};
use super::{Body, Kind, Member, Value, is_json};

impl Body {
    pub(in crate::operations) fn arguments(&self) -> Vec<TokenStream> {
        if self.is_argument() {
            return vec![self.argument(&format_ident!("body"))];
        }
        self.required()
            .map(|member| member.argument(&member.ident))
            .collect()
    }

    /// The argument for the whole body.
    fn argument(&self, ident: &Ident) -> TokenStream {
        match &self.kind {
            Kind::Object { ty, .. } | Kind::Whole { ty, .. } => converted(ident, ty),
            Kind::Text => quote!(#ident: impl ::std::convert::Into<::std::string::String>),
            Kind::Chosen => quote!(#ident: impl ::std::convert::Into<::spec_first_runtime::Part>),
            Kind::Parts(_) | Kind::Bytes => {
                quote!(#ident: impl ::std::convert::Into<::spec_first_runtime::Body>)
            }
        }
    }

    /// The value of the field `body` from an argument.
    fn value(&self, call: &TokenStream, ident: &Ident) -> TokenStream {
        match &self.kind {
            Kind::Object { .. } | Kind::Whole { .. } => quote!(#call.convert("body", #ident)),
            Kind::Text | Kind::Parts(_) | Kind::Bytes | Kind::Chosen => {
                quote!(::std::option::Option::Some(#ident.into()))
            }
        }
    }

    /// What the method that begins the call does with its arguments, and the fields of the call.
    pub(in crate::operations) fn begin(&self, call: &Ident) -> (TokenStream, TokenStream) {
        if self.is_argument() {
            let value = self.value(&call.into_token_stream(), &format_ident!("body"));
            return (quote!(let body = #value;), quote!(body));
        }
        let required: Vec<_> = self.required().collect();
        match &self.kind {
            Kind::Object { ty, members, .. } if !required.is_empty() => {
                let names = required.iter().map(|member| &member.ident);
                let converts = required.iter().map(|member| {
                    let (ident, name) = (&member.ident, &member.name);
                    quote!(let #ident = #call.convert(#name, #ident);)
                });
                let fields = members.iter().map(|member| {
                    let (field, ident) = (&member.field, &member.ident);
                    match (member.is_required, member.is_optional) {
                        (true, true) => quote!(#field: ::std::option::Option::Some(#ident)),
                        (true, false) => quote!(#field: #ident),
                        (false, _) => quote!(#field: ::std::default::Default::default()),
                    }
                });
                let some = names.clone();
                let begin = quote! {
                    #(#converts)*
                    let body = match (#(#names,)*) {
                        (#(::std::option::Option::Some(#some),)*) => {
                            ::std::option::Option::Some(#ty { #(#fields),* })
                        }
                        _ => ::std::option::Option::None,
                    };
                };
                (begin, quote!(body))
            }
            Kind::Parts(_) => {
                let is_argument = required.iter().any(|member| member.ident == "parts");
                let parts = local("parts", is_argument);
                let set = required.iter().map(|member| {
                    let [call, parts] = [call, &parts].map(ToTokens::to_token_stream);
                    member.set_part(&call, &parts, &member.ident)
                });
                let begin = quote! {
                    #[allow(unused_mut)]
                    let mut #parts = ::std::vec::Vec::new();
                    #(#set)*
                };
                (begin, field("parts", &parts))
            }
            _ => (quote!(), quote!(body: ::std::option::Option::None)),
        }
    }

    /// The arguments of the method that begins the call with a body of another media type, what it does with them, and the fields of
    /// the call.
    pub(in crate::operations) fn begin_raw(
        &self,
        call: &Ident,
    ) -> (TokenStream, TokenStream, TokenStream) {
        let (media_type, others) = (local("media_type", true), &self.others);
        let arguments = quote! {
            #media_type: &'static str,
            body: impl ::std::convert::Into<::spec_first_runtime::Body>,
        };
        let set = quote!(#call.raw_body(#media_type, body, &[#(#others),*]););
        let fields = match &self.kind {
            Kind::Parts(_) => quote!(parts: ::std::vec::Vec::new()),
            _ => quote!(body: ::std::option::Option::None),
        };
        (arguments, set, fields)
    }

    pub(in crate::operations) fn fields(&self) -> TokenStream {
        match &self.kind {
            Kind::Object { ty, .. } if self.is_built() => {
                let builder = builder(ty);
                quote!(pub(super) body: ::std::option::Option<#builder>,)
            }
            Kind::Object { ty, .. } | Kind::Whole { ty, .. } => {
                quote!(pub(super) body: ::std::option::Option<#ty>,)
            }
            Kind::Parts(_) => {
                quote!(pub(super) parts: ::std::vec::Vec<(&'static str, ::spec_first_runtime::Part)>,)
            }
            Kind::Text => quote!(pub(super) body: ::std::option::Option<::std::string::String>,),
            Kind::Bytes => {
                quote!(pub(super) body: ::std::option::Option<::spec_first_runtime::Body>,)
            }
            Kind::Chosen => {
                quote!(pub(super) body: ::std::option::Option<::spec_first_runtime::Part>,)
            }
        }
    }

    /// Hands the body to the call.
    pub(in crate::operations) fn finish(&self) -> TokenStream {
        let media_type = &self.media_type;
        let styles = &self.form_styles;
        let send = |is_form: bool| match is_form {
            true => quote!(self.call.form(body, &[#(#styles),*]);),
            false => quote!(self.call.json(#media_type, body);),
        };
        match &self.kind {
            Kind::Object {
                ty,
                members,
                is_form,
                least,
            } => {
                let mut send = send(*is_form);
                send.extend((*least > 0).then(|| quote!(self.call.require_members(#least);)));
                let demands_none = members.iter().all(|member| !member.is_required);
                match self.is_required && demands_none {
                    _ if self.is_built() => quote! {
                        if let ::std::option::Option::Some(body) = self.body.take() {
                            match <#ty as ::std::convert::TryFrom<_>>::try_from(body) {
                                ::std::result::Result::Ok(body) => { let body = &body; #send }
                                ::std::result::Result::Err(error) => self.call.refuse("body", error),
                            }
                        }
                    },
                    true => {
                        let empty = empty(ty, members);
                        quote! {
                            let body = &self.body.take().unwrap_or_else(|| #empty);
                            #send
                        }
                    }
                    // There is none, or one of its required members was refused.
                    false => {
                        quote!(if let ::std::option::Option::Some(body) = &self.body { #send })
                    }
                }
            }
            Kind::Whole { is_form, .. } => {
                let send = send(*is_form);
                quote!(if let ::std::option::Option::Some(body) = &self.body { #send })
            }
            Kind::Parts(_) if self.is_required => {
                quote!(self.call.multipart(#media_type, &self.parts, &[]);)
            }
            Kind::Parts(members) => {
                let required = members.iter().filter(|member| member.is_required);
                let required = required.map(|member| &member.name);
                quote! {
                    if !self.parts.is_empty() {
                        self.call.multipart(#media_type, &self.parts, &[#(#required),*]);
                    }
                }
            }
            Kind::Chosen => quote! {
                if let ::std::option::Option::Some(body) = self.body.take() {
                    self.call.part(body, #media_type);
                }
            },
            Kind::Text | Kind::Bytes => quote! {
                if let ::std::option::Option::Some(body) = self.body.take() {
                    self.call.body(#media_type, body);
                }
            },
        }
    }

    pub(in crate::operations) fn setters(&self) -> Vec<TokenStream> {
        let mut setters = Vec::new();
        if let Kind::Object { ty, members, .. } = &self.kind
            && self.optional().next().is_some()
        {
            let object = match members.iter().any(|member| member.is_required) {
                // There is a body, unless one of the arguments was refused.
                true => quote!(self.body.as_mut()),
                false => {
                    let empty = empty(ty, members);
                    quote!(::std::option::Option::Some(self.body.get_or_insert_with(|| #empty)))
                }
            };
            setters.push(match self.is_built() {
                true => {
                    let (builder, empty) = (builder(ty), empty_builder(ty, members));
                    quote!(pub(crate) fn object(&mut self) -> #builder { self.body.take().unwrap_or_else(|| #empty) })
                }
                false => quote! {
                    pub(crate) fn object(&mut self) -> ::std::option::Option<&mut #ty> { #object }
                },
            });
        }
        setters.extend(self.optional().map(|member| self.setter(member)));
        if !self.is_argument() && !matches!(self.kind, Kind::Parts(_)) {
            let ident = format_ident!("value");
            let (argument, value) = (
                self.argument(&ident),
                self.value(&quote!(self.call), &ident),
            );
            let doc = match self.description.as_str() {
                "" => "Sets the whole body.",
                description => description,
            };
            let set = match (&self.kind, self.is_built()) {
                (Kind::Object { ty, .. }, true) => quote! {
                    let value: ::std::option::Option<#ty> = #value;
                    self.body = value.map(::std::convert::Into::into);
                },
                _ => quote!(self.body = #value;),
            };
            setters.push(quote! {
                #[doc = #doc]
                pub fn body(mut self, #argument) -> Self {
                    #set
                    self
                }
            });
        }
        if self.takes_any_part() {
            setters.push(quote! {
                /// Adds a part of this name.
                pub fn part(
                    mut self,
                    name: &'static str,
                    part: impl ::std::convert::Into<::spec_first_runtime::Part>,
                ) -> Self {
                    self.parts.push((name, part.into()));
                    self
                }
            });
        }
        if !self.others.is_empty() && !self.demands_argument() {
            let others = &self.others;
            setters.push(quote! {
                /// Sends this body in another media type that the document describes, in place of everything else that was set
                /// for the body.
                pub fn raw_body(
                    mut self,
                    media_type: &'static str,
                    body: impl ::std::convert::Into<::spec_first_runtime::Body>,
                ) -> Self {
                    self.call.raw_body(media_type, body, &[#(#others),*]);
                    self
                }
            });
        }
        setters
    }

    fn setter(&self, member: &Member) -> TokenStream {
        let (ident, field, name) = (&member.ident, &member.field, &member.name);
        let value = format_ident!("value");
        let argument = member.argument(&value);
        let doc = match member.doc.as_str() {
            "" => format!("Sets `{name}`."),
            doc => doc.to_owned(),
        };
        let set = match &self.kind {
            Kind::Object { .. } => {
                let value = match member.is_optional {
                    true => quote!(::std::option::Option::Some(value)),
                    false => quote!(value),
                };
                if self.is_built() {
                    let Value::Typed(ty) = &member.value else {
                        return quote!();
                    };
                    quote! {
                        let value: ::std::option::Option<#ty> = self.call.convert(#name, value);
                        if let ::std::option::Option::Some(value) = value {
                            self.body = ::std::option::Option::Some(self.object().#field(#value));
                        }
                    }
                } else {
                    quote! {
                        let value = self.call.convert(#name, value);
                        if let (::std::option::Option::Some(value), ::std::option::Option::Some(body)) = (value, self.object()) {
                            body.#field = #value;
                        }
                    }
                }
            }
            _ => member.set_part(&quote!(self.call), &quote!(self.parts), &value),
        };
        quote! {
            #[doc = #doc]
            pub fn #ident(mut self, #argument) -> Self {
                #set
                self
            }
        }
    }
}

impl Member {
    fn argument(&self, ident: &Ident) -> TokenStream {
        match &self.value {
            Value::Typed(ty) => converted(ident, ty),
            Value::Part => quote!(#ident: impl ::std::convert::Into<::spec_first_runtime::Part>),
            Value::Parts => quote!(#ident: ::std::vec::Vec<::spec_first_runtime::Part>),
            Value::Any => quote!(#ident: impl ::serde::Serialize),
        }
    }

    fn set_part(&self, call: &TokenStream, parts: &TokenStream, ident: &Ident) -> TokenStream {
        let name = &self.name;
        let is_json = self.media_type.as_deref().is_some_and(is_json);
        let media_type = self.media_type.iter();
        let media_type = quote!(#(.media_type_or(#media_type))*);
        let limits = match &self.limits {
            Some(limits) => quote!(::std::option::Option::Some(
                ::spec_first_runtime::limits!(#limits)
            )),
            None => quote!(::std::option::Option::None),
        };
        let written = match is_json {
            true => quote!(::spec_first_runtime::Part::value_within(&#ident, #limits)),
            false => quote!(::spec_first_runtime::Part::values_within(&#ident, #limits)),
        };
        match &self.value {
            Value::Part => quote! {
                #parts.retain(|(name, _): &(&'static str, ::spec_first_runtime::Part)| *name != #name);
                let part: ::spec_first_runtime::Part = #ident.into();
                #parts.push((#name, part.file_name_or(#name) #media_type));
            },
            Value::Parts => quote! {
                #parts.retain(|(name, _): &(&'static str, ::spec_first_runtime::Part)| *name != #name);
                #parts.extend(#ident.into_iter().map(|part| (#name, part.file_name_or(#name) #media_type)));
            },
            Value::Typed(_) | Value::Any => quote! {
                #parts.retain(|(name, _): &(&'static str, ::spec_first_runtime::Part)| *name != #name);
                match #written {
                    ::std::result::Result::Ok(written) => #parts.extend(written.into_iter().map(|part| (#name, part #media_type))),
                    ::std::result::Result::Err(reason) => #call.refuse(#name, reason),
                }
            },
        }
    }
}

/// An argument that is converted to `ty`, text for example.
fn converted(ident: &Ident, ty: &Type) -> TokenStream {
    quote!(#ident: impl ::std::convert::TryInto<#ty, Error: ::std::fmt::Display>)
}

/// An object without members.
fn empty(ty: &Type, members: &[Member]) -> TokenStream {
    let fields = members.iter().map(|member| &member.field);
    quote!(#ty { #(#fields: ::std::default::Default::default()),* })
}

/// The builder of a generated type.
fn builder(ty: &Type) -> Type {
    let mut ty = ty.clone();
    if let Type::Path(path) = &mut ty {
        let last = path.path.segments.len().saturating_sub(1);
        path.path.segments.insert(last, parse_quote!(builder));
    }
    ty
}

/// A builder of an object, with the members that have a single value.
fn empty_builder(ty: &Type, members: &[Member]) -> TokenStream {
    let builder = builder(ty);
    let constants = members.iter().filter_map(|member| match &member.value {
        Value::Typed(ty) if member.is_constant => {
            let field = &member.field;
            Some(quote!(.#field(<#ty as ::std::default::Default>::default())))
        }
        _ => None,
    });
    quote!(<#builder as ::std::default::Default>::default() #(#constants)*)
}
