//! The page in a browser, for documents that one does not trust.

use serde_json::json;
use spec_first_sandbox::Options;
use test_support::browser::{View, look};

use crate::http::start_with;

const DESK: View = View {
    width: 1280,
    is_dark: false,
};

#[tokio::test]
async fn the_document_cannot_run_scripts_or_load_resources() {
    let markup = "<script>hacked=1</script><img src=https://a.example/x.png onerror=hacked=1>";
    let document = json!({
        "openapi": "3.0.3",
        "info": { "title": markup, "version": markup, "description": markup },
        "paths": { "/things": { "get": {
            "summary": markup, "description": markup,
            "responses": { "200": { "description": markup, "content": { "application/json": { "example": markup } } } },
        } } },
    });
    let options = Options::new("document.json", document.to_string());
    let sandbox = start_with(options).await;
    look(sandbox.address(), DESK, |page| async move {
        page.click(".opblock-summary-control").await;
        page.click(".btn.execute").await;
        page.read(".request .status", "200").await;
        page.see(".live-responses-table").await;
        let scripts =
            "return [document.querySelectorAll('#viewer script').length, window.hacked ?? null]";
        assert_eq!(page.run(scripts).await, json!([0, null]));
    })
    .await;
}
