//! Spans and events, with OpenTelemetry's names for HTTP clients. They contain no secrets and no bodies.
//!
//! They do not contain the full URL either, because it contains identifiers; `url.template` tells operations apart.

use std::time::Duration;

use tracing::Span;
use url::Url;

use crate::api::{Operation, Package, SpanFields};
use crate::transport::Ending;

/// Opens a span for one call, from the first attempt to the last.
pub(crate) fn span(package: Package, operation: Option<&Operation>, url: &Url) -> Span {
    (package.span)(&SpanFields {
        method: operation.map_or("_OTHER", |operation| operation.method),
        path: operation.map_or("", |operation| operation.path),
        url,
    })
}

/// The span of a call, with the name `$name`.
#[doc(hidden)]
#[macro_export]
macro_rules! call_span {
    ($name:expr, $fields:expr) => {{
        let $crate::SpanFields { method, path, url } = $fields;
        $crate::tracing::info_span!(
            $name,
            otel.name = format_args!("{method} {path}"),
            otel.kind = "client",
            http.request.method = method,
            url.template = path,
            url.scheme = url.scheme(),
            server.address = url.host_str(),
            server.port = url.port_or_known_default(),
            http.request.resend_count = $crate::tracing::field::Empty,
            http.response.status_code = $crate::tracing::field::Empty,
            "error.type" = $crate::tracing::field::Empty,
        )
    }};
}

/// Records how the call ended and the number of attempts before the last one.
pub(crate) fn record(span: &Span, ending: &Ending, earlier: u32) {
    if earlier > 0 {
        span.record("http.request.resend_count", earlier);
    }
    let (status, error) = match ending {
        Ending::Answered(response) | Ending::Begun(response, _) => (Some(response.status()), None),
        Ending::Failed {
            status: None,
            failure,
        } => (None, Some(failure.name())),
        Ending::Failed { status, .. } => (*status, Some("broken_off")),
    };
    if let Some(status) = status {
        span.record("http.response.status_code", status);
    }
    match (error, status) {
        (Some(error), _) => {
            span.record("error.type", error);
        }
        // OpenTelemetry: an error status is its own type.
        (None, Some(status @ 400..)) => {
            span.record("error.type", tracing::field::display(status));
        }
        _ => {}
    }
}

/// Notes that the request is sent for the `number`th time again.
pub(crate) fn note_resend(number: u32, wait: Duration) {
    tracing::debug!(resend = number, ?wait, "sending the request again");
}
