//! Where sections, components and other parts of a page end.

use super::pages::page;
use super::variants::check_facts;

#[test]
fn the_past_lasts_until_a_heading_of_the_same_level() {
    let sample = |version: &str| {
        format!("```bash\ncurl https://api.pets.example/{version}/pets -H 'x-key: K'\n```\n\n")
    };
    let (old, new) = (sample("v1"), sample("v2"));
    let text = format!(
        "# Moving\n\n## Before\n\n### Request\n\n{old}### Errors\n\n404 Not Found\n\n## Now\n\n{new}"
    );
    let expected = [
        "now/header/x-key = \"K\"",
        "now/method = \"GET\"",
        "now/url = \"https://api.pets.example/v2/pets\"",
    ];
    check_facts(&text, &expected);
    assert_eq!(page(&text).sections, ["before", "now"]);
    let tabs = format!(
        "# Moving\n\n<Tab title=\"v1 (deprecated)\">\n### Request\n\n{old}</Tab>\n\n## Now\n\n{new}"
    );
    check_facts(&tabs, &expected);
    // Plain text has no levels: the headings that are known are below the others.
    let plain = text.replace("Request", "Request example").replace('#', "");
    let plain = plain.replace("```bash\n", "").replace("```\n", "");
    check_facts(&plain.replace(" Moving", "Description"), &expected);
}

#[test]
fn an_element_of_html_ends_where_its_end_tag_is() {
    for html in [
        "<details><div class=\"accordion\">\n\nIt is gone.\n\n</div></details>",
        "<details><summary>More</summary><div class=\"accordion\"><div>\n\nIt is gone.\n\n</div>\n</div>\n</details>",
        "<div class=\"accordion\">\n<div>\n\nIt is gone.\n\n</div>\n</div>",
    ] {
        let sample = "```json\n{\"id\": 1}\n```\n";
        let text = format!("# Pets\n\n## Response example\n\n{html}\n\n{sample}\n{html}\n");
        check_facts(&text, &["response-example/member/id = 1"]);
        assert_eq!(page(&text).cut_off, None, "{text}");
    }
}

#[test]
fn the_past_of_plain_text_lasts_until_what_replaced_it() {
    let part = |version: &str| {
        format!("The {version} address\n\nPOST https://api.toys.example/{version}/toys\n\n")
    };
    let (old, new) = (part("old"), part("new"));
    for [before, after] in [["Before", "After"], ["Antes", "Ahora"], ["Antes", "Depois"]] {
        let expected = [
            "the-new-address/method = \"POST\"",
            "the-new-address/url = \"https://api.toys.example/new/toys\"",
        ];
        let text = format!("Description\n\n{before}\n\n{old}{after}\n\n{new}");
        let stated = page(&text).facts;
        let stated = stated.iter().map(|fact| {
            let id = fact.id.rsplit(':').next().unwrap_or_default();
            format!("{id} = {}", fact.value)
        });
        assert_eq!(stated.collect::<Vec<_>>(), expected, "{text}");
    }
}

#[test]
fn what_plain_text_does_not_attribute_is_not_stated_of_the_section_above() {
    check_facts(
        "Body\n\nname\nstring\nproxy\nUser Object\nHide properties\nport\ninteger\nThe port.\n\nResponse\n\nid\nstring\n\nExample\n\n\
         curl https://toys.example/toys\n{\"id\": 1}\n",
        &[
            "body/field/name = \"string\"",
            "example/member/id = 1",
            "example/method = \"GET\"",
            "example/url = \"https://toys.example/toys\"",
            "response/field/id = \"string\"",
        ],
    );
}

#[test]
fn a_sample_below_a_part_that_is_made_from_a_document_is_not_of_its_headers() {
    check_facts(
        "Headers\n\nContent-Type\nExample:\napplication/json\n\nBody\n\napplication/json\n\nid\nstring\n",
        &[
            "body/field/id = \"string\"",
            "body/media-type/application/json = true",
        ],
    );
}
