//! What a document says beyond its types. The values are generated.

use std::collections::HashMap;
use std::fmt;

use tracing::Span;
use url::Url;

use crate::base_url::{self, BaseUrl};
use crate::server::{self, ServerVariable};
use crate::{Limits, Signature};

/// What the runtime knows about an API: the generated client has it as `API`, and [`Client::builder`](crate::Client::builder)
/// takes it.
///
/// ```
/// use spec_first_runtime::{Api, Operation, SecurityScheme};
///
/// static API: Api = Api::new(spec_first_runtime::package!())
///     .servers(&["https://api.example.com/v1"])
///     .secret_properties(&["password"])
///     .operations(&[Operation::new("get_item", "GET", "/items/{itemId}")
///         .security(&[&[("key", SecurityScheme::ApiKeyHeader("x-api-key"))]])
///         .idempotent(true)]);
/// assert_eq!(API.default_base_url(), Some("https://api.example.com/v1"));
/// ```
#[derive(Clone, Copy)]
pub struct Api {
    pub(crate) package: Package,
    servers: &'static [&'static str],
    server_variables: Option<(&'static str, &'static [ServerVariable])>,
    secret_properties: &'static [&'static str],
    pub(crate) error_messages: &'static [&'static str],
    pub(crate) operations: &'static [Operation],
}

impl Api {
    /// An API without servers and operations. `package` is the crate that its users depend on.
    pub const fn new(package: Package) -> Self {
        Self {
            package,
            servers: &[],
            server_variables: None,
            secret_properties: &[],
            error_messages: &[],
            operations: &[],
        }
    }

    /// Sets the URLs of the servers, in the order of the document.
    pub const fn servers(mut self, servers: &'static [&'static str]) -> Self {
        self.servers = servers;
        self
    }

    /// Sets the template of the URL of the first server, and its variables.
    pub const fn server_variables(
        mut self,
        template: &'static str,
        variables: &'static [ServerVariable],
    ) -> Self {
        self.server_variables = Some((template, variables));
        self
    }

    /// Sets the names of the properties that contain a secret.
    pub const fn secret_properties(mut self, names: &'static [&'static str]) -> Self {
        self.secret_properties = names;
        self
    }

    /// Sets the names of the members in which this API explains an error, in addition to those that many APIs have, such as
    /// `message`, `detail` and `errors`.
    pub const fn error_messages(mut self, names: &'static [&'static str]) -> Self {
        self.error_messages = names;
        self
    }

    /// Sets the operations, in the order of the document.
    pub const fn operations(mut self, operations: &'static [Operation]) -> Self {
        self.operations = operations;
        self
    }

    /// The base URL of a client that is given none: the first server of the document.
    pub fn default_base_url(&self) -> Option<&'static str> {
        self.servers.first().copied()
    }

    /// The URL of the first server with these values of its variables, and the defaults of the others; `None` if it has none.
    ///
    /// # Errors
    /// No server of the document has the variable, or it does not have the value.
    pub(crate) fn base_url_with(
        &self,
        values: &[(String, String)],
    ) -> Result<Option<String>, String> {
        let of_operations = self.operations.iter();
        let of_operations = of_operations.filter_map(|operation| operation.server_variables);
        let all = self.server_variables.into_iter().chain(of_operations);
        server::check_names(all.flat_map(|(_, variables)| variables), values)?;
        let first = self.server_variables;
        first
            .map(|(template, variables)| server::expand(template, variables, values))
            .transpose()
    }

    /// The servers of operations, each checked once like a base URL. What is relative leads from the base URL.
    ///
    /// # Errors
    /// A variable does not have the value.
    pub(crate) fn operation_servers(
        &self,
        base: &Url,
        values: &[(String, String)],
        allows_plain_http: bool,
    ) -> Result<HashMap<&'static str, Result<BaseUrl, String>>, String> {
        let mut servers = HashMap::new();
        for operation in self.operations {
            let Some(server) = operation
                .server
                .filter(|server| !servers.contains_key(server))
            else {
                continue;
            };
            let expanded = match operation.server_variables {
                Some((template, variables)) => server::expand(template, variables, values)?,
                None => server.to_owned(),
            };
            let joined = base.join(&expanded).map_or(expanded, Into::into);
            servers.insert(server, base_url::check(&joined, allows_plain_http));
        }
        Ok(servers)
    }

    /// Whether it is the name of a property that contains a secret.
    pub(crate) fn is_secret(&self, name: &str) -> bool {
        self.secret_properties.contains(&name)
    }

    /// Whether it is the URL of a server of the document, without a slash at its end.
    pub(crate) fn has_server(&self, url: &str) -> bool {
        let mut servers = self.servers.iter();
        servers.any(|server| server.trim_end_matches('/') == url)
    }

    /// Whether a credential of some operation travels in the header `name`.
    pub(crate) fn is_credential_header(&self, name: &str) -> bool {
        let schemes = self
            .operations
            .iter()
            .flat_map(|operation| operation.security);
        let mut schemes = schemes.copied().flatten();
        schemes.any(|(_, scheme)| {
            let header = scheme.header_name();
            header.is_some_and(|header| header.eq_ignore_ascii_case(name))
        })
    }
}

impl fmt::Debug for Api {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Api")
            .field("package", &self.package)
            .finish_non_exhaustive()
    }
}

/// The crate that a client belongs to: how it names itself to servers and in traces. [`package!`](crate::package) makes it.
#[derive(Clone, Copy)]
pub struct Package {
    name: &'static str,
    version: &'static str,
    pub(crate) span: fn(&SpanFields<'_>) -> Span,
}

impl Package {
    /// See [`package!`](crate::package), which knows the arguments.
    #[doc(hidden)]
    pub const fn new(
        name: &'static str,
        version: &'static str,
        span: fn(&SpanFields<'_>) -> Span,
    ) -> Self {
        Self {
            name,
            version,
            span,
        }
    }

    /// The product in `User-Agent`, such as `pets-client/1.2.0`.
    pub(crate) fn user_agent(&self) -> String {
        format!("{}/{}", self.name, self.version)
    }
}

impl fmt::Debug for Package {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.user_agent())
    }
}

/// The [`Package`] of the crate that is compiled.
///
/// Its name and version are in `User-Agent`, and its calls are spans named `CRATE.request`.
#[macro_export]
macro_rules! package {
    () => {
        $crate::Package::new(
            env!("CARGO_PKG_NAME"),
            env!("CARGO_PKG_VERSION"),
            // The name of a span is part of the code that opens it.
            |fields| $crate::call_span!(concat!(env!("CARGO_CRATE_NAME"), ".request"), fields),
        )
    };
}

/// The attributes of a call that are known when it begins.
#[doc(hidden)]
#[derive(Debug)]
pub struct SpanFields<'a> {
    pub method: &'a str,
    pub path: &'a str,
    pub url: &'a Url,
}

/// An operation of the document.
#[derive(Clone, Copy, Debug)]
pub struct Operation {
    pub(crate) operation_id: &'static str,
    pub(crate) method: &'static str,
    pub(crate) path: &'static str,
    /// Where the path ends, and the query or fragment that it may be written with begins.
    path_end: usize,
    pub(crate) security: &'static [&'static [(&'static str, SecurityScheme)]],
    pub(crate) is_idempotent: bool,
    pub(crate) accept: Option<&'static str>,
    /// Those of a body.
    pub(crate) limits: Option<fn() -> &'static Limits>,
    pub(crate) server: Option<&'static str>,
    server_variables: Option<(&'static str, &'static [ServerVariable])>,
    pub(crate) idempotency_keys: &'static [&'static str],
    pub(crate) has_secret_body: bool,
}

impl Operation {
    /// An operation without credentials that is not idempotent. `method` is in upper case; `path` is the template of the
    /// document.
    pub const fn new(operation_id: &'static str, method: &'static str, path: &'static str) -> Self {
        let mut path_end = 0;
        while path_end < path.len() && !matches!(path.as_bytes()[path_end], b'?' | b'#') {
            path_end += 1;
        }
        Self {
            operation_id,
            method,
            path,
            path_end,
            security: &[],
            is_idempotent: false,
            accept: None,
            limits: None,
            server: None,
            server_variables: None,
            idempotency_keys: &[],
            has_secret_body: false,
        }
    }

    /// The path, and the query and fragment that it may be written with.
    pub(crate) fn split_path(&self) -> (&'static str, &'static str) {
        self.path.split_at(self.path_end)
    }

    /// Sets the alternatives of which one must be satisfied, each a list of schemes that are sent together, with their names in the
    /// document.
    pub const fn security(
        mut self,
        alternatives: &'static [&'static [(&'static str, SecurityScheme)]],
    ) -> Self {
        self.security = alternatives;
        self
    }

    /// Sets whether applying the operation twice has the same effect as applying it once, so that it may be sent again.
    pub const fn idempotent(mut self, is_idempotent: bool) -> Self {
        self.is_idempotent = is_idempotent;
        self
    }

    /// Sets the media types of the answer: the value of the header `Accept`.
    pub const fn accept(mut self, media_types: &'static str) -> Self {
        self.accept = Some(media_types);
        self
    }

    /// Sets the limits of a body in JSON or of a form, which are checked before it is sent: those of [`limits!`](crate::limits!).
    pub const fn limits(mut self, limits: fn() -> &'static Limits) -> Self {
        self.limits = Some(limits);
        self
    }

    /// Sets the server of this operation, unless the client is given another for all of them.
    pub const fn server(mut self, url: &'static str) -> Self {
        self.server = Some(url);
        self
    }

    /// Sets the template of the URL of its server, and its variables.
    pub const fn server_variables(
        mut self,
        template: &'static str,
        variables: &'static [ServerVariable],
    ) -> Self {
        self.server_variables = Some((template, variables));
        self
    }

    /// Says that all of a body is secret, and not only its secret properties: a text or a map of texts with `format: password`.
    pub const fn secret_body(mut self) -> Self {
        self.has_secret_body = true;
        self
    }

    /// Sets the headers, in lower case, that get a new UUID for each call unless it sets one itself: `Idempotency-Key`.
    pub const fn idempotency_keys(mut self, headers: &'static [&'static str]) -> Self {
        self.idempotency_keys = headers;
        self
    }
}

/// How a credential is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SecurityScheme {
    /// In the header with this name, in lower case.
    ApiKeyHeader(&'static str),
    /// As a signature of the body.
    Signature(Signature),
    /// In the query parameter with this name.
    ApiKeyQuery(&'static str),
    /// In the cookie with this name.
    ApiKeyCookie(&'static str),
    /// As user name and password in `Authorization: Basic`.
    HttpBasic,
    /// As a token in `Authorization: Bearer`, also for OAuth 2 and OpenID Connect.
    Bearer,
    /// By the certificate of the client, which is configured with [`ClientBuilder::http`](crate::ClientBuilder::http).
    MutualTls,
}

impl SecurityScheme {
    /// The name of the header that carries the credential.
    fn header_name(self) -> Option<&'static str> {
        match self {
            Self::ApiKeyHeader(name) => Some(name),
            Self::Signature(signature) => Some(signature.header()),
            Self::ApiKeyQuery(_) | Self::ApiKeyCookie(_) | Self::MutualTls => None,
            Self::HttpBasic | Self::Bearer => Some("authorization"),
        }
    }
}
