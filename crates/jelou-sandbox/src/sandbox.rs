//! A sandbox of the panel: the server with the document, and the integrations.

use std::{ops::Deref, sync::Arc};

use spec_first_sandbox::{Resources, StartError, State, StateError};

use crate::{Integration, Options, state::Panel};

/// A running sandbox. It stops when dropped, and panics on drop if it panicked while handling a request.
///
/// Dereferences to [`spec_first_sandbox::Sandbox`], which provides the address and the received requests.
///
/// ```
/// use jelou_sandbox::{Options, ReplyShape, Sandbox};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), jelou_sandbox::StartError> {
/// let options = Options::default().integration("PROJECT_ID").reply_shape(ReplyShape::Enveloped);
/// let sandbox = Sandbox::start(options).await?;
/// println!("serving under {}", sandbox.base_url());
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Sandbox {
    server: spec_first_sandbox::Sandbox,
    panel: Arc<Panel>,
}

impl Sandbox {
    /// Parses the document, opens the state, listens, and serves on the current tokio runtime until the sandbox is dropped. A document
    /// without operations of the panel has the general state, [`Resources`].
    ///
    /// # Errors
    /// The document cannot be served, the seed is invalid, the state file cannot be used, listening on the address fails, or
    /// the options refer to something that the document does not define.
    ///
    /// # Panics
    /// Panics outside a tokio runtime with I/O and time enabled.
    pub async fn start(options: Options) -> Result<Self, StartError> {
        let prepared = spec_first_sandbox::Sandbox::prepare(options.server.clone())?;
        let is_panel = Panel::handles(prepared.operations());
        let panel = Arc::new(Panel::open(&options, is_panel).await?);
        // A seed and a file have integrations, whatever the document.
        let has_integrations = is_panel || options.seed.is_some() || options.state_file.is_some();
        let state: Arc<dyn State> = match has_integrations {
            true => Arc::<Panel>::clone(&panel),
            false => Arc::new(Resources::default()),
        };
        let server = prepared.start(state).await?;
        Ok(Self { server, panel })
    }

    /// Whether the sandbox resumed with the integrations of an existing state file, ignoring those that the options name.
    pub fn resumed(&self) -> bool {
        self.panel.is_continued()
    }

    /// The integration of a project; `None` if it has none.
    ///
    /// # Errors
    /// The state file cannot be read.
    pub async fn integration(&self, project_id: &str) -> Result<Option<Integration>, StateError> {
        self.panel.integration(project_id).await
    }

    /// Stops listening, waits up to five seconds for requests in progress, and releases the state file.
    pub async fn shutdown(self) {
        self.server.shutdown().await;
    }
}

impl Deref for Sandbox {
    type Target = spec_first_sandbox::Sandbox;

    fn deref(&self) -> &Self::Target {
        &self.server
    }
}
