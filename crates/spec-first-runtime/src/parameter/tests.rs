use serde_json::json;

use super::*;

#[track_caller]
fn check(parameter: Parameter, value: Value, expected: &str) {
    let written = parameter.write(value.clone()).unwrap();
    assert_eq!(
        written.unwrap_or_default(),
        expected,
        "{parameter:?} {value}"
    );
}

/// The table of styles in the OpenAPI Specification 3.1, section 4.8.12.
#[test]
fn the_styles_are_those_of_openapi() {
    let array = json!(["blue", "black", "brown"]);
    let object = json!({"B": 100, "G": 200, "R": 150});
    let path = Parameter::path("color");
    let query = Parameter::query("color");
    for (parameter, of_text, of_array, of_object) in [
        (
            path.style(Style::Matrix, false),
            ";color=blue",
            ";color=blue,black,brown",
            ";color=B,100,G,200,R,150",
        ),
        (
            path.style(Style::Matrix, true),
            ";color=blue",
            ";color=blue;color=black;color=brown",
            ";B=100;G=200;R=150",
        ),
        (
            path.style(Style::Label, false),
            ".blue",
            ".blue,black,brown",
            ".B,100,G,200,R,150",
        ),
        (
            path.style(Style::Label, true),
            ".blue",
            ".blue.black.brown",
            ".B=100.G=200.R=150",
        ),
        (path, "blue", "blue,black,brown", "B,100,G,200,R,150"),
        (
            path.style(Style::Simple, true),
            "blue",
            "blue,black,brown",
            "B=100,G=200,R=150",
        ),
        (
            query,
            "color=blue",
            "color=blue&color=black&color=brown",
            "B=100&G=200&R=150",
        ),
        (
            query.style(Style::Form, false),
            "color=blue",
            "color=blue,black,brown",
            "color=B,100,G,200,R,150",
        ),
        (
            query.style(Style::SpaceDelimited, false),
            "color=blue",
            "color=blue%20black%20brown",
            "color=B%20100%20G%20200%20R%20150",
        ),
        (
            query.style(Style::PipeDelimited, false),
            "color=blue",
            "color=blue%7Cblack%7Cbrown",
            "color=B%7C100%7CG%7C200%7CR%7C150",
        ),
        (
            query.style(Style::DeepObject, true),
            "color=blue",
            "color[]=blue&color[]=black&color[]=brown",
            "color[B]=100&color[G]=200&color[R]=150",
        ),
        (
            Parameter::header("color"),
            "blue",
            "blue,black,brown",
            "B,100,G,200,R,150",
        ),
        (
            Parameter::cookie("color"),
            "color=blue",
            "color=blue; color=black; color=brown",
            "B=100; G=200; R=150",
        ),
        (
            Parameter::cookie("color").style(Style::Form, false),
            "color=blue",
            "color=blue,black,brown",
            "color=B,100,G,200,R,150",
        ),
    ] {
        check(parameter, json!("blue"), of_text);
        check(parameter, array.clone(), of_array);
        check(parameter, object.clone(), of_object);
    }
}

#[test]
fn a_value_keeps_the_limits_of_the_document() {
    for parameter in [Parameter::query("q"), Parameter::path("p")] {
        let limited = parameter.limits(crate::limits!(r#"{"maxLength":2}"#));
        assert!(limited.write(json!("ab")).is_ok());
        let refused = limited.write(json!("abc")).unwrap_err();
        assert_eq!(refused, "it has more than 2 characters");
    }
}

#[test]
fn no_value_can_leave_its_place() {
    let text = json!("a/b?c=d&e#f g;h+i%j");
    let encoded = "a%2Fb%3Fc%3Dd%26e%23f%20g%3Bh%2Bi%25j";
    check(Parameter::path("p"), text.clone(), encoded);
    check(Parameter::query("q"), text.clone(), &format!("q={encoded}"));
    let reserved = Parameter::query("q").allow_reserved();
    check(reserved, text.clone(), "q=a/b?c%3Dd%26e%23f%20g;h%2Bi%25j");
    check(Parameter::cookie("c"), json!("a; b=c"), "c=a%3B%20b=c");
    let cookie = Parameter::cookie("c").style(Style::Cookie, true);
    check(cookie, json!("a, %20; b\n"), "c=a, %20%3B b%0A");
    check(cookie, json!(["a", "b"]), "c=a; c=b");
    check(
        Parameter::query("q").json(),
        json!({"a": [1]}),
        "q=%7B%22a%22%3A%5B1%5D%7D",
    );
    let form = json!({"a b": "c&d", "list": [1, 2], "joined": [1, 2]});
    let written = "a+b=c%26d&joined=1%2C2&list=1&list=2";
    let styles = &[("joined", FormStyle::Commas)];
    let query = Parameter::querystring("q");
    check(query.form(styles), form.clone(), written);
    check(query.form(styles), json!({}), "");
    check(query.json(), json!({"a": 1}), "%7B%22a%22%3A1%7D");
    check(query, json!("$.a&b"), "%24.a%26b");
    check(Parameter::header("h").form(styles), form.clone(), written);
    let encoded = "q=a%2Bb%3Dc%2526d%26joined%3D1%252C2%26list%3D1%26list%3D2";
    check(Parameter::query("q").form(styles), form, encoded);
    for value in [json!(""), json!(".."), json!([]), json!(null)] {
        Parameter::path("p").write(value).unwrap_err();
    }
}

#[test]
fn nothing_is_sent_for_what_has_nothing_in_it() {
    for value in [json!(null), json!([]), json!({}), json!({"a": null})] {
        for parameter in [
            Parameter::query("q"),
            Parameter::query("q").style(Style::Form, false),
            Parameter::query("q").style(Style::DeepObject, true),
            Parameter::header("q"),
            Parameter::cookie("q"),
        ] {
            let written = parameter.write(value.clone());
            assert_eq!(written, Ok(None), "{parameter:?} {value}");
        }
    }
    let deep = Parameter::query("q").style(Style::DeepObject, true);
    assert_eq!(deep.write(json!({"a": {"b": null}})), Ok(None));
}

#[test]
fn what_is_encoded_already_is_so_once_if_reserved_characters_are_allowed() {
    let reserved = Parameter::query("q").allow_reserved();
    check(reserved, json!("a%2Fb/c%%41%4"), "q=a%2Fb/c%25%41%254");
}
