//! The HTML page in a real browser: it is readable on a phone, filters without a script, searches, and loads and runs nothing else.
//!
//! Skipped if Chromium is not installed (`apt-get install chromium`). If `CHROMIUM` is set, it names the program, which is then
//! required.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};
use spec_first_document::Pointer;
use spec_first_review::render::{AcknowledgementFile, Format, Presentation, render};
use spec_first_review::{Input, Options, Step, Surface, SurfaceChange, review};
use test_support::browser::{ARGUMENTS, chromium};

fn page() -> String {
    let read = |name: &str| {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/render");
        fs::read_to_string(folder.join(name))
    };
    let base = |_: &str| read("base.yaml");
    let head = |_: &str| read("head.yaml");
    let (base, head) = (
        Input {
            files: &base,
            path: "base.yaml",
        },
        Input {
            files: &head,
            path: "head.yaml",
        },
    );
    // The first has an unknown origin.
    let places = ["", "/paths/~1reports/get"].map(|pointer| Pointer::parse(pointer).unwrap());
    let code = places.map(|place| SurfaceChange {
        old: Some("fn read_the_report_of_this_quarter<Value>(self, value: Value)".repeat(4)),
        new: None,
        step: Step::Major,
        why: "<img src=x onerror=hacked=1>".to_owned(),
        base: vec![place],
        head: Vec::new(),
    });
    let mut options = Options::default();
    options.surface = Surface::compared(code);
    let mut presentation = Presentation::default();
    presentation.acknowledgement_file = Some(AcknowledgementFile {
        path: "api/acknowledged.yaml".to_owned(),
        until: "2.0.0".to_owned(),
    });
    let review = review(base, head, &options).unwrap();
    render(&review, Format::Html, &presentation)
}

/// Shows the page in a frame of this width and returns the result of the script. The script runs beside the frame, because
/// nothing runs inside it.
fn ask(program: &str, width: u32, script: &str) -> Value {
    let page = page().replace('&', "&amp;").replace('"', "&quot;");
    let text = format!(
        r#"<!doctype html><meta charset="utf-8"><iframe width="{width}" height="800" srcdoc="{page}"></iframe><pre id="found"></pre>
<script>
const frame = document.querySelector("iframe");
frame.onload = () => {{
  const page = frame.contentDocument, view = frame.contentWindow;
  const all = (selector) => [...page.querySelectorAll(selector)];
  const isShown = (element) => element.checkVisibility();
  document.getElementById("found").textContent = JSON.stringify((() => {{ {script} }})());
}};
</script>"#
    );
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("page.html");
    fs::write(&file, text).unwrap();
    let output = Command::new(program)
        .args(ARGUMENTS)
        .args(["--virtual-time-budget=5000", "--dump-dom"])
        .arg(format!(
            "--user-data-dir={}",
            folder.path().join("profile").display()
        ))
        .arg(format!("file://{}", file.display()))
        .output()
        .unwrap();
    let dom = String::from_utf8_lossy(&output.stdout);
    let found = dom
        .split_once("<pre id=\"found\">")
        .and_then(|(_, rest)| rest.split_once("</pre>"))
        .map(|(found, _)| {
            found
                .replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&amp;", "&")
        });
    match found.as_deref().map(serde_json::from_str) {
        Some(Ok(value)) => value,
        _ => panic!(
            "{program} gave {dom}\n{}",
            String::from_utf8_lossy(&output.stderr)
        ),
    }
}

/// Runs the script at this width and compares the result. If there is no browser, says so on stderr.
#[track_caller]
fn check(width: u32, script: &str, expected: &Value) {
    match chromium() {
        Some(program) => assert_eq!(&ask(&program, width, script), expected),
        None => eprintln!("skipped: there is no Chromium; install it or set CHROMIUM to its path"),
    }
}

#[test]
fn the_page_fits_a_phone_and_a_desk() {
    // Everything is opened, so that wide content is not hidden.
    let script = "all('details').forEach((each) => each.open = true);
        const [base, head] = all('.source').slice(0, 2).map((each) => each.getBoundingClientRect());
        return {
            overflows: all('*').some((each) => each.getBoundingClientRect().right > page.documentElement.clientWidth + .5),
            isSideBySide: base.top === head.top && base.right <= head.left,
            isTouchable: all('.filter label').every((each) => each.getBoundingClientRect().height >= 40),
        };";
    let expected = |is_side_by_side: bool| json!({"overflows": false, "isSideBySide": is_side_by_side, "isTouchable": true});
    check(320, script, &expected(false));
    check(390, script, &expected(false));
    check(1280, script, &expected(true));
}

#[test]
fn the_filter_hides_what_is_not_wanted() {
    let script =
        "const shown = () => all('.change').filter(isShown).map((each) => each.dataset.standing);
        const kinds = () => [...new Set(shown())].sort();
        const before = kinds();
        page.getElementById('show-harmless').click();
        page.getElementById('show-undecided').click();
        const filtered = kinds();
        page.getElementById('show-undecided').click();
        return [before, filtered, kinds()];";
    let expected = json!([
        ["breaking", "harmless", "undecided"],
        ["breaking"],
        ["breaking", "undecided"]
    ]);
    check(390, script, &expected);
}

#[test]
fn the_search_leaves_what_has_all_words() {
    let script =
        "const search = page.getElementById('search');
        const find = (words) => {
            search.value = words;
            search.dispatchEvent(new view.Event('input'));
            return [all('.change'), all('.section'), all('.index li')].map((each) => each.filter(isShown).length);
        };
        const [total] = find('');
        const all_again = () => find('')[0] === total;
        return [isShown(search), find('ORDER   changed 120'), find('no such word'), all_again()];";
    check(390, script, &json!([true, [1, 1, 1], [0, 0, 0], true]));
}

#[test]
fn the_index_leads_to_each_component_and_operation() {
    let script = "const links = all('.index a');
        return links.length > 2 && links.every((link) =>
            page.querySelector(`${link.getAttribute('href')} > h2`).textContent.startsWith(link.textContent));";
    check(390, script, &json!(true));
}

#[test]
fn a_heading_is_not_below_the_filter_after_a_jump() {
    let script = "const [section] = all('.section');
        section.scrollIntoView();
        const bottom = page.querySelector('.filter').getBoundingClientRect().bottom;
        return view.scrollY > 0 && section.querySelector('h2').getBoundingClientRect().top >= bottom;";
    check(390, script, &json!(true));
    check(1280, script, &json!(true));
}

#[test]
fn the_number_of_a_line_is_on_one_line() {
    let script = "const [number] = all('.change[open] .line > b');
        const before = number.getBoundingClientRect().height;
        number.textContent = '1234567';
        return [before > 0, number.getBoundingClientRect().height === before];";
    check(390, script, &json!([true, true]));
}

#[test]
fn one_click_selects_the_entry_to_paste() {
    let script = "const [entry] = all('.change[open] .proposal pre');
        return [isShown(entry), view.getComputedStyle(entry).userSelect, entry.textContent.split('\\n').length];";
    check(390, script, &json!([true, "all", 5]));
}

#[test]
fn code_is_shown_with_its_change_and_the_rest_below() {
    let script = "const parts = (selector) => all(selector).map((each) => each.querySelectorAll('.code .removed').length);
        const counts = parts('.change');
        return [counts.filter((count) => count > 0), parts('.difference')];";
    check(390, script, &json!([[1], [1]]));
}

#[test]
fn what_breaks_is_open_and_everything_can_be_reached_by_keyboard() {
    let script = "const open = (standing) => all(`.change[data-standing=${standing}]`).map((each) => each.open);
        const focusable = all('.filter input, .change > summary');
        return {
            breaking: open('breaking').every(Boolean),
            harmless: open('harmless').some(Boolean),
            reachable: focusable.every((each) => (each.focus(), page.activeElement === each)),
            outlined: view.getComputedStyle(page.activeElement).outlineStyle,
        };";
    let expected =
        json!({"breaking": true, "harmless": false, "reachable": true, "outlined": "solid"});
    check(390, script, &expected);
}

#[test]
fn a_document_puts_no_element_into_the_page_and_runs_nothing() {
    let script = "const ours = 'html head meta title style body header p h1 main details summary span code dl div dt dd strong \
            figure figcaption pre mark section h2 ul li fieldset legend label input b nav a'.split(' ');
        const image = page.createElement('img');
        image.setAttribute('onerror', 'parent.hacked = 1');
        const script = page.createElement('script');
        script.textContent = 'parent.hacked = 1';
        page.body.append(image, script);
        image.src = 'data:,';
        return {
            foreign: all('*').map((each) => each.localName).filter((name) => !ours.includes(name)),
            isShownAsText: page.body.textContent.includes('<img src=x onerror=hacked=1>'),
            hacked: window.hacked ?? null,
        };";
    // The first is the search. The others are added by the test itself, to show that the policy of the page blocks even those.
    let expected =
        json!({"foreign": ["script", "img", "script"], "isShownAsText": true, "hacked": null});
    check(390, script, &expected);
}

#[test]
fn both_themes_can_be_read() {
    let script = r"const channel = (value) => value <= .03928 ? value / 12.92 : ((value + .055) / 1.055) ** 2.4;
        const light = (colour) => {
            const canvas = document.createElement('canvas').getContext('2d');
            canvas.fillStyle = colour;
            canvas.fillRect(0, 0, 1, 1);
            const [red, green, blue] = [...canvas.getImageData(0, 0, 1, 1).data].map((value) => channel(value / 255));
            return .2126 * red + .7152 * green + .0722 * blue;
        };
        const contrast = (one, other) => {
            const [dark, bright] = [light(one), light(other)].sort((a, b) => a - b);
            return (bright + .05) / (dark + .05);
        };
        const themes = [page.styleSheets[0].cssRules[0].style];
        for (const rule of page.styleSheets[0].cssRules) {
            if (rule.media?.mediaText.includes('dark')) themes.push(rule.cssRules[0].style);
        }
        const poor = [];
        for (const theme of themes) {
            const of = (name) => theme.getPropertyValue(name).trim();
            for (const ink of ['--ink', '--soft', '--breaking', '--undecided', '--acknowledged', '--harmless']) {
                for (const ground of ['--page', '--card', '--code']) {
                    if (contrast(of(ink), of(ground)) < 4.5) poor.push(`${ink} on ${ground}`);
                }
            }
        }
        return [themes.length, poor];";
    check(390, script, &json!([2, []]));
}
