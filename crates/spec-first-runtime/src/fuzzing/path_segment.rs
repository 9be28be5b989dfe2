//! Path parameters. The input is the value of the parameter.

use percent_encoding::percent_decode_str;
use url::Url;

use crate::encode_path;
use crate::sample::ItemId;

/// Checks that every accepted value stays in its segment and arrives unchanged.
pub fn check(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let Ok(id) = ItemId::try_from(text.as_ref()) else {
        assert!(text.chars().all(|character| character == '.'), "{text}");
        return;
    };
    assert_eq!(id.as_str(), text);

    let encoded = encode_path(id.as_str());
    let url = Url::parse(&format!("https://my-system.com/before/{encoded}/after"))
        .expect("a segment does not break a URL");
    let segments: Vec<_> = url.path_segments().expect("it has a path").collect();
    assert_eq!(segments, ["before", encoded.as_str(), "after"], "{text}");
    assert_eq!((url.query(), url.fragment()), (None, None), "{text}");
    assert_eq!(url.host_str(), Some("my-system.com"), "{text}");
    let decoded = percent_decode_str(&encoded).decode_utf8();
    assert_eq!(decoded.as_deref(), Ok(text.as_ref()), "{encoded}");
}
