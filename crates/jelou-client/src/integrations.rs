//! The operations with the tag `integrations`: the connection of a project with the panel.

use std::future::{Future, IntoFuture};
use std::pin::Pin;
use std::time::Duration;

use spec_first_runtime::{Call, Client as Runtime, Exchange, InvalidInput};

use crate::generated::types::{AuthType, Integration, IntegrationReply, IntegrationUpdate};
use crate::{
    Error, HttpRequest, InvalidWebhookUrl, ProjectId, Reply, Secret, WebhookAuth, WebhookUrl,
    generated, raw,
};

/// The operations on integrations; see [`Client::integrations`](crate::Client::integrations).
#[derive(Clone, Copy, Debug)]
pub struct Integrations<'a> {
    client: &'a Runtime,
}

impl<'a> Integrations<'a> {
    pub(crate) fn new(client: &'a Runtime) -> Self {
        Self { client }
    }

    /// Begins an update of the integration of the project `project_id`; set at least one field.
    ///
    /// Only the fields that are set change. Each is set to the value given, so sending an update again does no harm. Source:
    /// the whole page; `update_integration` in the document.
    ///
    /// ```no_run
    /// # use jelou_client::{Client, WebhookAuth};
    /// # async fn update(client: Client) -> Result<(), jelou_client::Error> {
    /// let integration = client
    ///     .integrations()
    ///     .update("PROJECT_ID")
    ///     .webhook_url("https://my-system.com/webhook/jelou-v2")
    ///     .webhook_auth(WebhookAuth::bearer("WEBHOOK_AUTHORIZATION"))
    ///     .send()
    ///     .await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Fields may be set depending on what is known at run time, and the update may be given to another task, since it holds the
    /// client:
    ///
    /// ```no_run
    /// # use jelou_client::{Client, WebhookAuth};
    /// # async fn update(client: Client, url: Option<String>, token: Option<String>) -> Result<(), Box<dyn std::error::Error>> {
    /// let mut update = client.integrations().update("PROJECT_ID");
    /// if let Some(url) = url {
    ///     update = update.webhook_url(url);
    /// }
    /// if let Some(token) = token {
    ///     update = update.webhook_auth(WebhookAuth::bearer(token));
    /// }
    /// let reply = tokio::spawn(update.into_future()).await??;
    /// # Ok(())
    /// # }
    /// ```
    pub fn update(&self, project_id: impl AsRef<str>) -> UpdateIntegration {
        let parsed = ProjectId::try_from(project_id.as_ref());
        UpdateIntegration {
            call: self.client.call(),
            request: match parsed {
                Ok(project_id) => Ok(Request {
                    project_id,
                    update: None,
                }),
                Err(error) => Err(InvalidInput::new("project id", error)),
            },
        }
    }
}

/// An update of an integration, field by field. [`UpdateIntegration::send`] sends it, and so does awaiting it; both report a value
/// that cannot be sent.
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `send` is called and awaited"]
pub struct UpdateIntegration {
    call: Call,
    request: Result<Request, InvalidInput>,
}

/// The result of the generated code.
type Called = Result<raw::ResponseValue<IntegrationReply>, raw::Error<raw::ByteStream>>;

#[derive(Clone, Debug)]
struct Request {
    project_id: ProjectId,
    /// `None` until a field is set.
    update: Option<IntegrationUpdate>,
}

impl UpdateIntegration {
    /// Makes Jelou deliver events to `url` from now on: a public HTTPS address. Takes text, or a [`WebhookUrl`] that was checked
    /// before.
    ///
    /// Source: `Parámetros del cuerpo` and `Cuerpo` of the page; `webhook-url-constraint` in the reconciliation.
    ///
    /// ```no_run
    /// # use jelou_client::{Client, WebhookUrl};
    /// # async fn update(client: Client) -> Result<(), jelou_client::Error> {
    /// let update = client.integrations().update("PROJECT_ID");
    /// update.webhook_url("https://my-system.com/webhook/jelou-v2").send().await?;
    /// # Ok(())
    /// # }
    /// # async fn update_for_development(client: Client) -> Result<(), Box<dyn std::error::Error>> {
    /// let local = WebhookUrl::for_development("http://localhost:8080/webhook")?;
    /// client.integrations().update("PROJECT_ID").webhook_url(local).send().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn webhook_url<U>(self, url: U) -> Self
    where
        U: TryInto<WebhookUrl, Error: Into<InvalidWebhookUrl>>,
    {
        let parsed = url.try_into().map_err(|error| {
            let error: InvalidWebhookUrl = error.into();
            InvalidInput::new("webhook URL", error)
        });
        self.set(parsed, |update, url| update.webhook_url = Some(url))
    }

    /// Sets how Jelou authenticates to the webhook: sets `authType` and `authorization` together, and removes `authorization` from
    /// the update for [`WebhookAuth::None`].
    ///
    /// The last call wins, field by field: this one replaces what [`auth_type`](Self::auth_type) and
    /// [`authorization`](Self::authorization) set before, and each of them replaces its own field of what this one set.
    ///
    /// Source: `Cuerpo` of the page; `auth-type-values` and `authorization-format` in the reconciliation.
    ///
    /// ```no_run
    /// # use jelou_client::{Client, WebhookAuth};
    /// # async fn update(client: Client) -> Result<(), jelou_client::Error> {
    /// let update = client.integrations().update("PROJECT_ID");
    /// update.webhook_auth(WebhookAuth::api_key("WEBHOOK_API_KEY")).send().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn webhook_auth(self, auth: WebhookAuth) -> Self {
        self.set(Ok(auth), |update, auth| {
            update.auth_type = Some(auth.auth_type());
            update.authorization = auth.authorization().cloned();
        })
    }

    /// Sends `authType` alone and keeps the stored credentials. The page does not say how the API treats that.
    /// [`webhook_auth`](Self::webhook_auth) sets both fields; the last call wins.
    ///
    /// Source: `Cuerpo` of the page; `auth-type-values` and `credentials-without-auth-type` in the reconciliation.
    ///
    /// ```no_run
    /// # use jelou_client::{Client, types::AuthType};
    /// # async fn update(client: Client) -> Result<(), jelou_client::Error> {
    /// let update = client.integrations().update("PROJECT_ID");
    /// update.auth_type(AuthType::NoAuth).send().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn auth_type(self, auth_type: AuthType) -> Self {
        self.set(Ok(auth_type), |update, auth_type| {
            update.auth_type = Some(auth_type)
        })
    }

    /// Sends `authorization` alone, exactly as given, for example to renew a token if you know which `authType` is stored.
    /// [`webhook_auth`](Self::webhook_auth) sets both fields; the last call wins.
    ///
    /// Source: `Cuerpo` of the page; `authorization-format` and `credentials-without-auth-type` in the reconciliation.
    ///
    /// ```no_run
    /// # use jelou_client::Client;
    /// # async fn update(client: Client) -> Result<(), jelou_client::Error> {
    /// let update = client.integrations().update("PROJECT_ID");
    /// update.authorization("WEBHOOK_AUTHORIZATION").send().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn authorization(self, authorization: impl Into<Secret>) -> Self {
        self.set(Ok(authorization.into()), |update, authorization| {
            update.authorization = Some(authorization);
        })
    }

    /// Adds a header to this request, such as `traceparent`, or replaces one of [`ClientBuilder::header`].
    ///
    /// Headers that carry credentials, that the client sets, or that HTTP derives from the request are refused.
    ///
    /// [`ClientBuilder::header`]: crate::ClientBuilder::header
    ///
    /// ```no_run
    /// # use jelou_client::Client;
    /// # async fn update(client: Client, traceparent: &str) -> Result<(), jelou_client::Error> {
    /// let update = client.integrations().update("PROJECT_ID").header("traceparent", traceparent);
    /// update.webhook_url("https://my-system.com/webhook/jelou-v2").send().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn header(mut self, name: &str, value: &str) -> Self {
        if let Err(error) = self.call.header(name, value)
            && self.request.is_ok()
        {
            self.request = Err(error);
        }
        self
    }

    /// Limits this request including retries and waits; replaces [`RetryPolicy::deadline`](crate::RetryPolicy::deadline). Each
    /// attempt is still limited by [`ClientBuilder::request_timeout`](crate::ClientBuilder::request_timeout).
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.call.timeout(timeout);
        self
    }

    fn set<T>(
        mut self,
        value: Result<T, InvalidInput>,
        set: impl FnOnce(&mut IntegrationUpdate, T),
    ) -> Self {
        if let Ok(request) = &mut self.request {
            match value {
                Ok(value) => set(request.update.get_or_insert_default(), value),
                Err(error) => self.request = Err(error),
            }
        }
        self
    }

    /// Sends the update and reads the integration from the response.
    ///
    /// # Errors
    /// [`Error::InvalidInput`] before anything is sent, also if no field is set; every other variant of [`Error`] afterwards.
    pub async fn send(self) -> Result<Reply<Integration>, Error> {
        let Self { call, request } = self;
        let exchange = call.exchange();
        let result = Self::call(request, &exchange).await?;
        exchange.reply(result)
    }

    /// The request that [`send`](Self::send) would send, for inspection. Nothing is sent.
    ///
    /// # Errors
    /// [`Error::InvalidInput`].
    ///
    /// ```no_run
    /// # async fn show(client: jelou_client::Client) -> Result<(), jelou_client::Error> {
    /// let update = client.integrations().update("PROJECT_ID");
    /// let request = update.webhook_url("https://my-system.com/webhook/jelou-v2").prepare().await?;
    /// println!("{} {}", request.method(), request.url());
    /// # Ok(())
    /// # }
    /// ```
    pub async fn prepare(self) -> Result<HttpRequest, Error> {
        let Self { call, request } = self;
        let exchange = call.rehearsal();
        _ = Self::call(request, &exchange).await?;
        exchange.prepared()
    }

    async fn call(
        request: Result<Request, InvalidInput>,
        exchange: &Exchange,
    ) -> Result<Called, Error> {
        let Request { project_id, update } = request?;
        let update = update.ok_or_else(|| InvalidInput::new("update", "no field of it is set"))?;
        let generated = generated::client(exchange);
        let call = generated.update_integration().project_id(project_id);
        Ok(call.body(update).send().await)
    }
}

impl IntoFuture for UpdateIntegration {
    type Output = Result<Reply<Integration>, Error>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    /// [`send`](Self::send).
    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}
