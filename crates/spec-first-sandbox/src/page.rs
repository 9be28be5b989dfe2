//! The web page at `/`: an interactive reference of the served document, and a live view of the requests.
//!
//! It consists of static files and gets its data from the control API.

use std::sync::Arc;

use axum::{
    Router,
    body::Body,
    http::{HeaderName, HeaderValue, header},
    response::{IntoResponse, Response},
    routing::get,
};

use crate::{
    contract::Contract,
    exchange::{Exchange, respond},
};

/// Headers of every file, in addition to the content type: only local scripts run, only this server can be contacted, and the
/// page cannot be framed. Swagger UI loads its icons from `data:` URLs.
const HEADERS: [(HeaderName, HeaderValue); 6] = [
    (
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; \
             base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        ),
    ),
    (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    (
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    ),
    (
        header::REFERRER_POLICY,
        HeaderValue::from_static("no-referrer"),
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        HeaderValue::from_static("same-origin"),
    ),
    // A different version may listen on the same port later.
    (header::CACHE_CONTROL, HeaderValue::from_static("no-cache")),
];

/// A file of the page.
#[derive(Clone, Copy, Debug)]
struct File {
    path: &'static str,
    media_type: &'static str,
    content: Content,
}

#[derive(Clone, Copy, Debug)]
enum Content {
    Plain(&'static str),
    /// Sent as it is, also to clients that do not ask for gzip: these files are for browsers, and every browser takes it.
    Gzip(&'static [u8]),
}

const PAGE: File = File {
    path: "/_sandbox/page/",
    media_type: "text/html; charset=utf-8",
    content: Content::Plain(include_str!("page/page.html")),
};

const STYLE: &str = "text/css; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";

/// The files that the page loads.
const FILES: [File; 15] = [
    File {
        path: "/_sandbox/page/icon.svg",
        media_type: "image/svg+xml",
        content: Content::Plain(include_str!("page/icon.svg")),
    },
    File {
        path: "/_sandbox/page/page.css",
        media_type: STYLE,
        content: Content::Plain(include_str!("page/page.css")),
    },
    File {
        path: "/_sandbox/page/reference.css",
        media_type: STYLE,
        content: Content::Plain(include_str!("page/reference.css")),
    },
    script("/_sandbox/page/theme.js", include_str!("page/theme.js")),
    script("/_sandbox/page/page.js", include_str!("page/page.js")),
    script("/_sandbox/page/control.js", include_str!("page/control.js")),
    script(
        "/_sandbox/page/requests.js",
        include_str!("page/requests.js"),
    ),
    script("/_sandbox/page/state.js", include_str!("page/state.js")),
    script("/_sandbox/page/faults.js", include_str!("page/faults.js")),
    script("/_sandbox/page/forms.js", include_str!("page/forms.js")),
    script("/_sandbox/page/access.js", include_str!("page/access.js")),
    script(
        "/_sandbox/page/reference.js",
        include_str!("page/reference.js"),
    ),
    File {
        path: "/_sandbox/page/swagger-ui.js",
        media_type: SCRIPT,
        content: Content::Gzip(include_bytes!(concat!(
            env!("OUT_DIR"),
            "/swagger-ui.js.gz"
        ))),
    },
    File {
        path: "/_sandbox/page/swagger-ui.css",
        media_type: STYLE,
        content: Content::Gzip(include_bytes!(concat!(
            env!("OUT_DIR"),
            "/swagger-ui.css.gz"
        ))),
    },
    File {
        path: "/_sandbox/page/swagger-ui-license.txt",
        media_type: "text/plain; charset=utf-8",
        content: Content::Gzip(include_bytes!(concat!(
            env!("OUT_DIR"),
            "/swagger-ui-license.txt.gz"
        ))),
    },
];

const fn script(path: &'static str, text: &'static str) -> File {
    File {
        path,
        media_type: SCRIPT,
        content: Content::Plain(text),
    }
}

/// The routes of the page and its files. If the document defines `/`, the page is not served there.
pub(crate) fn router(contract: &Contract) -> Router<Arc<Exchange>> {
    let files = FILES.into_iter().chain([PAGE]);
    let mut router = files.fold(Router::new(), |router, file| {
        router.route(file.path, get(async move || file.answer()))
    });
    if matches!(contract.routes.find("/", None), Ok(None)) {
        let page = get(async || PAGE.answer()).fallback(respond);
        router = router.route("/", page);
    }
    router
}

impl File {
    fn answer(self) -> Response {
        let content_type = HeaderValue::from_static(self.media_type);
        let headers = (HEADERS, [(header::CONTENT_TYPE, content_type)]);
        match self.content {
            Content::Plain(text) => (headers, Body::from(text)).into_response(),
            Content::Gzip(bytes) => {
                let gzip = HeaderValue::from_static("gzip");
                (
                    headers,
                    [(header::CONTENT_ENCODING, gzip)],
                    Body::from(bytes),
                )
                    .into_response()
            }
        }
    }
}
