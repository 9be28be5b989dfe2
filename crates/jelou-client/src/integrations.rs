//! The operations with the tag `integrations`: the connection of a project with the panel.

use std::marker::PhantomData;

use crate::exchange::Exchange;
use crate::generated::types::{AuthType, Integration, IntegrationReply, IntegrationUpdate};
use crate::{
    Client, Error, HttpRequest, InvalidWebhookUrl, ProjectId, Reply, Secret, WebhookAuth,
    WebhookUrl, raw,
};

/// The operations on integrations; see [`Client::integrations`].
#[derive(Clone, Copy, Debug)]
pub struct Integrations<'a> {
    client: &'a Client,
}

impl<'a> Integrations<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self { client }
    }

    /// Begins an update of the integration of the project `project_id`; it can be sent once at least one field is set.
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
    /// An update without a field does not compile:
    ///
    /// ```compile_fail
    /// # async fn update(client: jelou_client::Client) {
    /// client.integrations().update("PROJECT_ID").send().await;
    /// # }
    /// ```
    pub fn update(&self, project_id: impl AsRef<str>) -> UpdateIntegration<'a, NothingToUpdate> {
        let parsed = ProjectId::try_from(project_id.as_ref());
        let parsed = parsed.map_err(|error| Error::invalid_input("project id", error.to_string()));
        UpdateIntegration {
            client: self.client,
            request: parsed.map(|project_id| Request {
                project_id,
                update: IntegrationUpdate::default(),
            }),
            state: PhantomData,
        }
    }
}

/// The state of an [`UpdateIntegration`] to which no field was given yet; it cannot be sent.
#[derive(Clone, Copy, Debug)]
pub struct NothingToUpdate;

/// The state of an [`UpdateIntegration`] that can be sent.
#[derive(Clone, Copy, Debug)]
pub struct SomethingToUpdate;

/// An update of an integration, field by field. A value that cannot be sent is reported by [`UpdateIntegration::send`].
#[derive(Debug)]
#[must_use = "nothing is sent before `send` is called and awaited"]
pub struct UpdateIntegration<'a, State> {
    client: &'a Client,
    request: Result<Request, Error>,
    state: PhantomData<State>,
}

/// What the generated code makes of a call.
type Called = Result<raw::ResponseValue<IntegrationReply>, raw::Error<raw::ByteStream>>;

#[derive(Debug)]
struct Request {
    project_id: ProjectId,
    update: IntegrationUpdate,
}

impl<'a, State> UpdateIntegration<'a, State> {
    /// Lets Jelou deliver events to `url` from now on: a public address, reached by HTTPS. Takes text, or a [`WebhookUrl`] that
    /// was checked before.
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
    pub fn webhook_url<U>(self, url: U) -> UpdateIntegration<'a, SomethingToUpdate>
    where
        U: TryInto<WebhookUrl, Error: Into<InvalidWebhookUrl>>,
    {
        let parsed = url.try_into().map_err(|error| {
            let error: InvalidWebhookUrl = error.into();
            Error::invalid_input("webhook URL", error.to_string())
        });
        self.set(parsed, |update, url| update.webhook_url = Some(url))
    }

    /// Lets Jelou authenticate to the webhook in this way, with these credentials: sets `authType` and `authorization`
    /// together, and takes `authorization` out of the update for [`WebhookAuth::None`].
    ///
    /// Of several calls the last one wins, field by field: this one replaces what [`auth_type`](Self::auth_type) and
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
    pub fn webhook_auth(self, auth: WebhookAuth) -> UpdateIntegration<'a, SomethingToUpdate> {
        self.set(Ok(auth), |update, auth| {
            update.auth_type = Some(auth.auth_type());
            update.authorization = auth.authorization().cloned();
        })
    }

    /// Sends `authType` alone, and lets the stored credentials be: for those who know what the API makes of that, since the
    /// page does not say. [`webhook_auth`](Self::webhook_auth) sets both fields; the last call wins.
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
    pub fn auth_type(self, auth_type: AuthType) -> UpdateIntegration<'a, SomethingToUpdate> {
        self.set(Ok(auth_type), |update, auth_type| {
            update.auth_type = Some(auth_type)
        })
    }

    /// Sends `authorization` alone, exactly as given: for those who know which `authType` is stored, to renew a token for
    /// example. [`webhook_auth`](Self::webhook_auth) sets both fields; the last call wins.
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
    pub fn authorization(
        self,
        authorization: impl Into<Secret>,
    ) -> UpdateIntegration<'a, SomethingToUpdate> {
        self.set(Ok(authorization.into()), |update, authorization| {
            update.authorization = Some(authorization);
        })
    }

    fn set<T>(
        self,
        value: Result<T, Error>,
        set: impl FnOnce(&mut IntegrationUpdate, T),
    ) -> UpdateIntegration<'a, SomethingToUpdate> {
        let request = self.request.and_then(|mut request| {
            set(&mut request.update, value?);
            Ok(request)
        });
        UpdateIntegration {
            client: self.client,
            request,
            state: PhantomData,
        }
    }
}

impl UpdateIntegration<'_, SomethingToUpdate> {
    /// Sends the update, once, and reads the integration out of the answer.
    ///
    /// # Errors
    /// [`Error::InvalidInput`] before anything is sent; every other variant of [`Error`] afterwards.
    pub async fn send(self) -> Result<Reply<Integration>, Error> {
        let exchange = self.client.exchange();
        let result = self.call(&exchange).await?;
        Reply::read(exchange.finish(result)?, &exchange)
    }

    /// The request that [`send`](Self::send) would send, to be looked at. Nothing is sent.
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
        let exchange = self.client.exchange().rehearsing();
        _ = self.call(&exchange).await?;
        exchange.prepared()
    }

    async fn call(self, exchange: &Exchange) -> Result<Called, Error> {
        let Request { project_id, update } = self.request?;
        let generated = self.client.generated(exchange);
        let call = generated.update_integration().project_id(project_id);
        Ok(call.body(update).send().await)
    }
}
