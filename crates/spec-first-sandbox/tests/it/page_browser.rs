//! The page in a browser, for documents that one does not trust.

use serde_json::{Value, json};
use spec_first_sandbox::Options;
use test_support::browser::{View, look};

use crate::http::{send, start_with};

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
        // The long title moves what is below it.
        page.read("#title", "<script>").await;
        page.click(".opblock-summary-control").await;
        page.see(".btn.execute").await;
        // The operation still unfolds, so the button moves.
        page.run("document.querySelector('.btn.execute').click()")
            .await;
        page.read(".request .status", "200").await;
        page.see(".live-responses-table").await;
        let scripts =
            "return [document.querySelectorAll('#viewer script').length, window.hacked ?? null]";
        assert_eq!(page.run(scripts).await, json!([0, null]));
    })
    .await;
}

/// A document with a flaw, several statuses, and state.
const THINGS: &str = "
openapi: 3.0.3
info: {title: Things to keep, version: '1'}
paths:
  /things:
    get: {responses: {'200': {$ref: '#/components/responses/All'}}}
    post:
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}}
      responses: {'201': {$ref: '#/components/responses/One'}, '409': {description: Taken., content: {application/json: {schema: {type: object, properties: {message: {type: string}}}}}}}
components:
  responses:
    All: {description: All., content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Thing'}}}}}
    One: {description: One., content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}}
  schemas:
    Thing: {type: object, properties: {id: {type: integer, readOnly: true}, name: {type: string, maxLength: '9'}}}
";

#[tokio::test]
async fn a_request_is_shown_with_its_answer_found_copied_and_answered_as_preferred() {
    let sandbox = start_with(Options::new("things.yaml", THINGS)).await;
    let body = json!({"name": "Lamp"}).to_string();
    send(&sandbox, "POST", "/things", &[], &body).await;
    send(&sandbox, "GET", "/none", &[], "").await;
    look(sandbox.address(), DESK, |page| async move {
        page.read("#title", "Things to keep").await;
        assert_eq!(page.run("return document.title").await, "Things to keep");
        page.read("#flaws summary", "Problems in the document (1)").await;
        page.click("#flaws summary").await;
        page.read("#known-flaws", "things.yaml:").await;

        page.write("#filter", "201 THINGS").await;
        let shown = "return [...document.querySelectorAll('.request')].filter((each) => each.checkVisibility()).length";
        assert_eq!(page.run(shown).await, 1);
        page.click(".request:nth-child(2) summary").await;
        page.read(".request pre[aria-label=Body]", "\"Lamp\"").await;
        page.read(".request pre[aria-label=Response]", "\"id\"").await;
        let order = "return [...document.querySelector('.request:nth-child(2) details').children].map((each) => each.localName + each.textContent.slice(0, 7))";
        assert_eq!(
            page.run(order).await.as_array().unwrap()[5],
            "detailsHeaders"
        );
        let copied = "
            let copied;
            Object.defineProperty(navigator, 'clipboard', { value: { writeText: async (text) => { copied = text; } } });
            document.querySelector('.request:nth-child(2) .copy').click();
            return new Promise((resolve) => setTimeout(() => resolve(copied)))";
        let copied = page.run(copied).await.as_str().unwrap().to_owned();
        assert!(copied.starts_with("curl -X POST 'http://"), "{copied}");
        assert!(copied.ends_with("--data-raw '{\"name\":\"Lamp\"}'"), "{copied}");
        assert!(!copied.contains("content-length"), "{copied}");

        page.read("#entries .collection h3", "/things").await;
        let prefer = "const prefer = document.querySelector('#prefer'); prefer.value = 'code=409'; return prefer.value";
        assert_eq!(page.run(prefer).await, "code=409");
        page.click(".opblock-post .opblock-summary-control").await;
        page.click(".opblock-post .btn.execute").await;
        page.read(".live-responses-table", "409").await;

        page.click(".known:has(#known-faults) summary").await;
        page.click("#known-faults button").await;
        page.read("#fault-list", "applied 0").await;

        let panels = "return [...document.querySelectorAll('.activity > .panel')].map((each) => [each.clientHeight >= 140, each.scrollHeight - each.clientHeight])";
        let panels = page.run(panels).await;
        assert_eq!((&panels[0][0], &panels[1][0], &panels[2][0]), (&json!(true), &json!(true), &json!(true)), "{panels}");
    })
    .await;
}

/// Two examples of one answer.
const WEATHER: &str = "
openapi: 3.0.3
info: {title: Weather, version: '1'}
paths:
  /weather:
    get:
      responses:
        '200': {description: The sky., content: {application/json: {examples: {sun: {value: clear}, rain: {value: grey}}}}}
";

#[tokio::test]
async fn every_program_gets_the_example_that_is_chosen() {
    let sandbox = start_with(Options::new("weather.yaml", WEATHER)).await;
    let address = sandbox.address();
    let ask = move || test_support::http::send(address, "GET", "/weather", &[], "");
    look(address, DESK, move |page| async move {
        page.see("#shape option:nth-child(4)").await;
        for (index, label, answers) in [
            (2, "the example rain", ["grey", "grey"]),
            (3, "each of these in turn", ["clear", "grey"]),
        ] {
            let choose = format!(
                "document.querySelector('#message').textContent = '';
                const shape = document.querySelector('#shape');
                shape.selectedIndex = {index};
                shape.dispatchEvent(new Event('change'));
                return shape.selectedOptions[0].label"
            );
            assert_eq!(page.run(&choose).await, label);
            page.read("#message", "Every program gets these answers now.")
                .await;
            let mut found = [ask().await.json(), ask().await.json()];
            found.sort_by_key(ToString::to_string);
            assert_eq!(found, answers.map(Value::from), "{label}");
        }
    })
    .await;
}
