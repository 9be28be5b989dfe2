//! The page in a browser: what people do and see there, and what they can reach without a mouse.

use fantoccini::key::Key;
use jelou_sandbox::Options;
use serde_json::{Value, json};

use test_support::{
    browser::{Page, View, look},
    server::{Answer, Server},
};

use crate::{
    control::control,
    http::{BODY, KEY, PATH, patch, send, start, start_with},
};

const DESK: View = View {
    width: 1280,
    is_dark: false,
};

const PHONE: View = View {
    width: 360,
    is_dark: true,
};

/// The content security policy blocked nothing, and nothing was loaded from elsewhere.
const COMPLAINTS: &str = "
    const refused = [];
    new ReportingObserver((reports) => refused.push(...reports), { types: ['csp-violation'], buffered: true }).observe();
    return new Promise((resolve) => setTimeout(() => resolve({
        refused: refused.map((report) => `${report.body.effectiveDirective} ${report.body.blockedURL}`),
        foreign: performance.getEntriesByType('resource').map((each) => each.name)
            .filter((name) => !name.startsWith(location.origin + '/') && !name.startsWith('data:')),
    })))";

/// Text that cannot be read, elements that do not fit, and controls without a name.
const FLAWS: &str = include_str!("page/flaws.js");

async fn has_no_complaints(page: &Page) {
    let none = json!({ "refused": [], "foreign": [] });
    assert_eq!(page.run(COMPLAINTS).await, none);
}

#[tokio::test]
async fn an_update_by_hand_is_seen_in_the_requests_and_in_the_state() {
    let sandbox = start().await;
    let was_seen = look(sandbox.address(), DESK, |page| async move {
        page.read("#entries", "PROJECT_ID").await;
        page.click(".opblock-patch .opblock-summary-control").await;
        page.click(".btn.execute").await;
        page.read(".request .status", "401").await;

        page.click(".btn.authorize").await;
        page.write(".auth-container input", "CANARY7b1f").await;
        page.click(".auth-btn-wrapper .authorize").await;
        page.click(".auth-btn-wrapper .btn-done").await;
        page.write(
            ".body-param__text",
            r#"{"webhookUrl":"https://a.example/by-hand"}"#,
        )
        .await;
        page.click(".btn.execute").await;

        page.read(".live-responses-table", "https://a.example/by-hand")
            .await;
        page.read(".request:first-child", "PATCH").await;
        page.read(
            ".request:first-child",
            "/jelouapi/v1/external-support/PROJECT_ID",
        )
        .await;
        page.read(".request:first-child", "update_integration")
            .await;
        page.read(".request:first-child .status", "200").await;
        page.read("#request-count", "2").await;
        page.read("#announcement", "returned 200").await;
        page.read("#entries .is-changed", "https://a.example/by-hand")
            .await;
        page.click(".request:first-child summary").await;
        page.click(".request:first-child .more summary").await;
        page.read(".request:first-child .headers", "[redacted]")
            .await;
        page.read(".request:first-child pre", "https://a.example/by-hand")
            .await;
        let live = page
            .run("return document.querySelector('.activity').textContent")
            .await;
        assert!(!live.to_string().contains("CANARY7b1f"), "{live}");
        has_no_complaints(&page).await;
    })
    .await;
    if was_seen {
        let request = &sandbox.received()[1];
        assert_eq!(
            request.body,
            r#"{"webhookUrl":"https://a.example/by-hand"}"#
        );
    }
}

#[tokio::test]
async fn somebody_writes_as_a_user_and_sees_what_the_webhook_answered() {
    let webhook = Server::start(|_| Answer::new("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
    let seed = json!({"integrations": {"PROJECT_ID": {
        "webhookUrl": format!("{}/", webhook.origin()), "signingSecret": "CANARY7b1f"}}});
    let sandbox = start_with(Options::default().seed("seed.json", seed.to_string())).await;
    let was_seen = look(sandbox.address(), DESK, |page| async move {
        page.read("#forms summary", "Write as a user").await;
        page.click("#forms summary").await;
        for (field, text) in [("project", "NONE"), ("bot", "BOT_ID"), ("user", "USER_ID")] {
            page.write(&format!("#messages-{field}"), text).await;
        }
        page.write("#messages-text", "¿Hay alguien?").await;
        page.click("#forms button").await;
        page.read("#forms .problem", "has no integration").await;
        page.write("#messages-project", "PROJECT_ID").await;
        page.click("#forms button").await;
        page.read("#forms .entry", r#"[{"status":200}]"#).await;
        page.read("#entries", "¿Hay alguien?").await;
        let left = "return [document.querySelector('#messages-text').value, document.querySelector('#messages-user').value]";
        assert_eq!(page.run(left).await, json!(["", "USER_ID"]));
        has_no_complaints(&page).await;
    })
    .await;
    if was_seen {
        let delivered = sandbox.deliveries();
        assert_eq!(delivered.len(), 1);
        assert!(delivered[0].body.contains("¿Hay alguien?"), "{delivered:?}");
    }
}

#[tokio::test]
async fn an_update_on_a_phone_needs_no_pointer() {
    let sandbox = start().await;
    look(sandbox.address(), PHONE, |page| async move {
        let (enter, control, all) = (Key::Enter.to_string(), Key::Control, 'a');
        page.tab_to(".skip").await;
        page.tab_to(".btn.authorize").await;
        page.press(&enter).await;
        page.see(".auth-container input:focus").await;
        page.press("KEY").await;
        page.tab_to(".auth-btn-wrapper .authorize").await;
        page.press(&enter).await;
        page.see(".auth-btn-wrapper .btn:not(.authorize, .btn-done)")
            .await;
        // Nothing behind the dialog can be focused.
        page.tab_to(".close-modal").await;
        page.press(&Key::Escape.to_string()).await;
        page.see(".btn.authorize:focus").await;
        page.tab_to(".opblock-patch .opblock-summary-control").await;
        page.press(&enter).await;
        page.tab_to(".body-param__text").await;
        page.press(&format!("{control}{all}")).await;
        page.press(r#"{"authType":"basic"}"#).await;
        page.tab_to(".btn.execute").await;
        page.press(&enter).await;
        page.read(".request .status", "200").await;
        page.read("#entries .is-changed", "basic").await;

        page.tab_to(".request summary").await;
        let outline = "return getComputedStyle(document.activeElement).outlineStyle";
        assert_eq!(page.run(outline).await, json!("solid"));
        page.press(&enter).await;
        page.read(".request pre", "basic").await;
        page.tab_to("#reset").await;
        page.press(&enter).await;
        page.read("#entries", "no_auth").await;
    })
    .await;
}

async fn can_be_read(view: View) {
    let sandbox = start().await;
    patch(&sandbox, r#"{"authType":"bearer"}"#).await;
    patch(&sandbox, r#"{"authType":"","authorization":"x"}"#).await;
    send(
        &sandbox,
        "GET",
        &format!("/{}", "long/".repeat(60)),
        &[],
        "",
    )
    .await;
    look(sandbox.address(), view, move |page| async move {
        let none = json!({ "faint": [], "wide": [], "nameless": [] });
        page.read("#request-count", "3").await;
        page.click(".opblock-patch .opblock-summary-control").await;
        page.click(".models-control").await;
        page.click(".btn.execute").await;
        page.see(".live-responses-table").await;
        page.read("#request-count", "4").await;
        page.run("document.querySelectorAll('.request summary, .known summary, .writing summary').forEach((each) => each.click())")
            .await;
        page.see(".request .headers").await;
        assert_eq!(page.run(FLAWS).await, none, "{view:?}");

        page.click(".btn.authorize").await;
        page.see(".modal-ux").await;
        assert_eq!(page.run(FLAWS).await, none, "{view:?}, dialog");
        page.click(".close-modal").await;

        let other = if view.is_dark { "light" } else { "dark" };
        page.run(&format!(
            "document.querySelector('.themes [value={other}]').click()"
        ))
        .await;
        page.see(&format!("[data-theme={other}]")).await;
        assert_eq!(page.run(FLAWS).await, none, "{view:?}, switched");
        has_no_complaints(&page).await;
    })
    .await;
}

#[tokio::test]
async fn it_is_readable_on_a_desktop_in_both_themes() {
    can_be_read(DESK).await;
}

#[tokio::test]
async fn it_is_readable_on_a_phone_in_both_themes() {
    can_be_read(PHONE).await;
}

#[tokio::test]
async fn it_is_readable_on_the_smallest_phone() {
    can_be_read(View {
        width: 320,
        is_dark: false,
    })
    .await;
}

#[tokio::test]
async fn the_content_of_a_request_is_only_ever_text() {
    const MARKUP: &str = "<img src=x onerror=hacked=1>";
    let sandbox = start_with(Options::default().integration(MARKUP)).await;
    let body = json!({ MARKUP: MARKUP }).to_string();
    send(&sandbox, "PATCH", PATH, &[KEY, ("x-markup", MARKUP)], &body).await;
    look(sandbox.address(), DESK, |page| async move {
        page.click(".request summary").await;
        page.click(".request .more summary").await;
        page.read(".request .problem", MARKUP).await;
        page.read(".request .headers", MARKUP).await;
        page.read(".request pre", MARKUP).await;
        page.read("#entries h4", MARKUP).await;
        let images =
            "return [document.querySelectorAll('.activity img').length, window.hacked ?? null]";
        assert_eq!(page.run(images).await, json!([0, null]));
        has_no_complaints(&page).await;
    })
    .await;
}

#[tokio::test]
async fn requests_can_be_paused_and_cleared() {
    let sandbox = std::sync::Arc::new(start().await);
    let shared = std::sync::Arc::clone(&sandbox);
    look(sandbox.address(), DESK, |page| async move {
        patch(&shared, r#"{"authType":"bearer"}"#).await;
        page.read("#request-count", "1").await;
        page.click("#pause").await;
        page.read("#connection", "paused").await;
        patch(&shared, r#"{"authType":"basic"}"#).await;
        // A separate stream receives it, so the paused one would have, too.
        page.run(
            "return new Promise((resolve) => {
                const stream = new EventSource('/_sandbox/events?after=1');
                stream.addEventListener('request', () => {
                    stream.close();
                    requestAnimationFrame(() => requestAnimationFrame(() => resolve(true)));
                });
            })",
        )
        .await;
        assert_eq!(shown(&page).await, 1);
        page.click("#pause").await;
        page.read("#request-count", "2").await;
        page.click("#clear").await;
        page.read("#request-count", "0").await;
        page.see("#no-requests:not([hidden])").await;
        assert!(shared.received().is_empty());
        patch(&shared, r#"{"authType":"bearer"}"#).await;
        page.read("#request-count", "1").await;
        // Numbering continues, so nothing is shown twice.
        assert_eq!(shown(&page).await, 1);
        // A reset from elsewhere also clears the page.
        control(&shared, "POST", "/reset", "").await;
        page.read("#request-count", "0").await;
    })
    .await;
}

#[tokio::test]
async fn a_fault_set_by_hand_applies_until_it_is_removed() {
    let sandbox = std::sync::Arc::new(start().await);
    let shared = std::sync::Arc::clone(&sandbox);
    look(sandbox.address(), DESK, |page| async move {
        page.write("#fault", "explode").await;
        page.click("#fault-form [type=submit]").await;
        page.read("#fault-problem", "explode").await;
        page.write("#fault", "status=503 retry-after=2").await;
        page.click("#fault-form [type=submit]").await;
        page.read("#fault-list", "status=503 retry-after=2").await;
        assert_eq!(patch(&shared, BODY).await.status, 503);
        page.read(".request:first-child .status", "503").await;
        page.read(".request:first-child .fault", "status=503").await;
        page.read("#fault-list", "applied 1").await;
        page.click("#clear-faults").await;
        page.see("#no-faults:not([hidden])").await;
        assert_eq!(patch(&shared, BODY).await.status, 200);
        page.click(".known summary").await;
        page.read("#known-faults", "retry-after").await;
        has_no_complaints(&page).await;
    })
    .await;
}

#[tokio::test]
async fn the_page_notices_that_the_sandbox_is_gone() {
    let sandbox = start().await;
    let address = sandbox.address();
    look(address, DESK, |page| async move {
        drop(sandbox);
        page.read("#connection", "not reachable").await;
    })
    .await;
}

async fn shown(page: &Page) -> Value {
    page.run("return document.querySelectorAll('.request').length")
        .await
}
