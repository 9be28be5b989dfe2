//! Values that a person would believe for a property of a certain name. Does not guarantee that they match a schema.

/// Texts by the last words of a name, or by that of what has a `name`. Those of the same index belong together, such as a city and its
/// country.
const TEXTS: [(&str, &str); 44] = [
    ("firstname givenname name", "Ada|Bruno|Chiara|Dana"),
    ("lastname surname familyname", "Lopes|Meyer|Rossi|Kim"),
    (
        "fullname displayname author contact customer passenger contactname customername guestname holdername ownername passengername recipientname sendername customer.name employee.name owner.name person.name user.name",
        "Ada Lopes|Bruno Meyer|Chiara Rossi|Dana Kim",
    ),
    (
        "username login nickname handle slug alias",
        "ada|bruno|chiara|dana",
    ),
    (
        "email emailaddress mail",
        "ada@example.com|bruno@example.com|chiara@example.com|dana@example.com",
    ),
    (
        "phone phonenumber mobile mobilenumber telephone telephonenumber fax",
        "+12025550101|+12025550102|+12025550103|+12025550104",
    ),
    (
        "city town origin location.name place.name station.name",
        "Lisbon|Hamburg|Turin|Seoul",
    ),
    ("destination", "Hamburg|Turin|Seoul|Lisbon"),
    (
        "province region county stateorprovince address.state",
        "Lisbon|Hamburg|Piedmont|Seoul",
    ),
    ("country countryname", "Portugal|Germany|Italy|South Korea"),
    ("countrycode", "PT|DE|IT|KR"),
    (
        "street streetaddress address line1",
        "12 Station Road|3 Market Street|48 Mill Lane|7 Park Avenue",
    ),
    ("housenumber housenumberorname", "12|3|48|7"),
    ("zip zipcode postalcode postcode", "11001|20095|10121|04524"),
    ("currency currencycode", "EUR|USD|GBP|CHF"),
    ("language locale lang languagecode", "pt|de|it|ko"),
    (
        "timezone",
        "Europe/Lisbon|Europe/Berlin|Europe/Rome|Asia/Seoul",
    ),
    (
        "company organization organisation brand vendor manufacturer merchant operator supplier companyname merchantname nonprofitname organizationname application.name bank.name brand.name company.name issuer.name merchant.name organization.name platform.name shop.name store.name team.name vendor.name workspace.name",
        "Northwind|Blue Harbour|Pine & Sons|Silver Lake Works",
    ),
    (
        "productname article.name item.name product.name",
        "Desk lamp|Notebook|Coffee mug|Backpack",
    ),
    (
        "campaignname projectname campaign.name event.name goal.name portfolio.name project.name task.name",
        "Spring launch|New website|Summer fair|Office move",
    ),
    (
        "category categoryname category.name group.name label.name tag.name",
        "travel|food|music|sports",
    ),
    ("color colour", "blue|green|red|yellow"),
    (
        "title subject headline",
        "Quarterly report|Notes from the meeting|A walk by the river|Plans for spring",
    ),
    (
        "description summary bio about detail",
        "A short description of what this is.|What it is for, in one sentence.|Everything that matters about it.|A few words about it.",
    ),
    (
        "message text comment note content remark remarks",
        "Thanks, that works for me.|Could we meet on Thursday?|The parcel has arrived.|See you soon.",
    ),
    (
        "reason",
        "Requested by the customer|No longer needed|Ordered by mistake|Arrived too late",
    ),
    ("status state", "active|pending|completed|archived"),
    (
        "token secret apikey password",
        "example-a1b2c3d4|example-e5f6a7b8|example-c9d0e1f2|example-a3b4c5d6",
    ),
    ("reference", "REF-1001|REF-1002|REF-1003|REF-1004"),
    ("sku", "SKU-1001|SKU-1002|SKU-1003|SKU-1004"),
    (
        "iban",
        "PT50000201231234567890154|DE89370400440532013000|IT60X0542811101000000123456|GB82WEST12345698765432",
    ),
    ("bic swift", "BCOMPTPL|COBADEFF|UNCRITMM|NWBKGB2L"),
    ("accountnumber", "00123456|00234567|00345678|00456789"),
    ("lastfour last4", "4242|1111|4444|0005"),
    ("expirymonth expmonth", "03|06|09|12"),
    ("expiryyear expyear", "2030|2031|2032|2033"),
    (
        "hostname host domain",
        "www.example.com|api.example.com|shop.example.com|mail.example.com",
    ),
    (
        "image photo picture avatar logo thumbnail avatarurl imageurl logourl photourl pictureurl thumbnailurl",
        "https://example.com/ada.jpg|https://example.com/bruno.jpg|https://example.com/chiara.jpg|https://example.com/dana.jpg",
    ),
    (
        "url uri href link self website homepage",
        "https://example.com/ada|https://example.com/bruno|https://example.com/chiara|https://example.com/dana",
    ),
    ("ip ipaddress", "192.0.2.1|192.0.2.2|192.0.2.3|192.0.2.4"),
    ("filename file", "report.pdf|photo.jpg|notes.txt|data.csv"),
    (
        "mimetype mediatype contenttype",
        "application/pdf|image/jpeg|text/plain|text/csv",
    ),
    ("version", "1.0.0|1.2.0|2.0.1|3.1.4"),
    (
        "date day birthday birthdate",
        "2026-01-15|2026-02-03|2026-03-21|2026-04-09",
    ),
];

/// Numbers by the last words of a name.
const NUMBERS: [(&str, [f64; 4]); 19] = [
    ("count quantity qty total", [3.0, 5.0, 12.0, 1.0]),
    ("age", [34.0, 27.0, 51.0, 42.0]),
    ("size bytes length", [2048.0, 512.0, 16384.0, 1024.0]),
    ("width", [640.0, 800.0, 1280.0, 1920.0]),
    ("height", [480.0, 600.0, 720.0, 1080.0]),
    ("weight", [12.0, 3.0, 7.0, 25.0]),
    ("year", [2026.0, 2025.0, 2024.0, 2023.0]),
    ("limit pagesize perpage", [20.0, 50.0, 10.0, 100.0]),
    ("offset skip errors failed index", [0.0; 4]),
    ("latitude lat", [38.72, 53.55, 45.07, 37.57]),
    ("longitude lng lon long", [-9.14, 9.99, 7.69, 126.98]),
    ("rating stars score", [4.0, 5.0, 3.0, 2.0]),
    ("taxpercentage taxrate vatrate", [23.0, 19.0, 22.0, 10.0]),
    ("percent percentage progress", [75.0, 50.0, 20.0, 100.0]),
    ("rate ratio probability", [0.5, 0.25, 0.1, 0.75]),
    (
        "duration seconds timeout ttl expiresin",
        [60.0, 300.0, 600.0, 3600.0],
    ),
    ("port", [8080.0, 8443.0, 9090.0, 3000.0]),
    ("id uid gid pid sid", [1.0, 2.0, 3.0, 4.0]),
    (PRICES, [19.99, 24.5, 4.99, 120.0]),
];

/// Names of amounts of money, which integers state in the smallest unit.
const PRICES: &str = "price amount cost fee subtotal tax balance discount amount.value balance.value money.value price.value limit.value";

/// What is only true of something that went wrong or is gone.
const UNUSUAL: [&str; 14] = [
    "archived",
    "blocked",
    "cancelled",
    "canceled",
    "deleted",
    "deprecated",
    "disabled",
    "error",
    "expired",
    "failed",
    "hidden",
    "locked",
    "suspended",
    "truncated",
];

/// 2026-01-15T10:30:00Z, in seconds since 1970.
const EPOCH: f64 = 1_768_473_000.0;

/// A name as words in lower case.
#[derive(Debug, Default)]
pub(super) struct Words {
    words: Vec<String>,
    /// The last word of the name of what has it.
    owner: String,
    /// Whether it is part of the answer to a request that failed.
    pub(super) is_of_failure: bool,
}

impl Words {
    pub(super) fn of(name: &str) -> Self {
        let mut words = vec![String::new()];
        let mut was_lower = false;
        for character in name.chars() {
            if !character.is_alphanumeric() || (was_lower && character.is_uppercase()) {
                words.push(String::new());
            }
            was_lower = character.is_lowercase() || character.is_numeric();
            if character.is_alphanumeric() {
                let last = words.len() - 1;
                words[last].extend(character.to_lowercase());
            }
        }
        words.retain(|word| !word.is_empty());
        Self {
            words,
            ..Self::default()
        }
    }

    /// The same for a property of what has this name.
    pub(super) fn of_owner(mut self, owner: &str) -> Self {
        let mut owner = Self::of(owner).into_singular().words;
        self.owner = owner.pop().unwrap_or_default();
        self
    }

    /// The words with `separator` between them; `None` without any.
    pub(super) fn joined(&self, separator: &str) -> Option<String> {
        (!self.words.is_empty()).then(|| self.words.join(separator))
    }

    /// Texts that a person would believe, the best first, for when not all are allowed.
    pub(super) fn texts(&self, row: usize) -> impl Iterator<Item = String> {
        let separators = [" ", "-", "_", ""].into_iter();
        let joined = separators.filter_map(|separator| self.joined(separator));
        let text = self.text(row);
        let lower = text.as_ref().map(|text| text.to_lowercase());
        let upper = text.as_ref().map(|text| text.to_uppercase());
        text.into_iter().chain(lower).chain(upper).chain(joined)
    }

    /// The name of one of several.
    pub(super) fn into_singular(mut self) -> Self {
        if let Some(last) = self.words.last_mut().filter(|last| last.len() > 3) {
            if let Some(stem) = last.strip_suffix("ies") {
                *last = format!("{stem}y");
            } else if !["ss", "us", "is"].iter().any(|end| last.ends_with(end))
                && let Some(stem) = last.strip_suffix('s')
            {
                *last = stem.to_owned();
            }
        }
        self
    }

    /// The entry of a table for the end of the name, the longest first.
    fn find<'t, T>(&self, table: &'t [(&str, T)]) -> Option<&'t (&'t str, T)> {
        let ends = (0..self.words.len()).map(|first| self.words[first..].concat());
        let owned = self.words.first().filter(|_| self.words.len() == 1);
        let owned = owned.map(|name| [&self.owner, ".", name].concat());
        owned.into_iter().chain(ends).find_map(|end| {
            let is_named = |names: &str| names.split(' ').any(|name| name == end);
            table.iter().find(|(names, _)| is_named(names))
        })
    }

    fn ends_in(&self, words: &[&str]) -> bool {
        self.words
            .last()
            .is_some_and(|last| words.contains(&&**last))
    }

    fn has(&self, is_wanted: impl Fn(&str) -> bool) -> bool {
        self.words.iter().any(|word| is_wanted(word))
    }

    /// A text about something that went wrong; `None` if it is not one that says what that is.
    fn text_of_failure(&self) -> Option<String> {
        const EXPLAINING: [&str; 10] = [
            "cause",
            "comment",
            "description",
            "detail",
            "details",
            "error",
            "message",
            "msg",
            "reason",
            "text",
        ];
        const NAMING: [&str; 6] = ["code", "kind", "name", "status", "title", "type"];
        if self.ends_in(&EXPLAINING) {
            return Some("The request failed.".to_owned());
        }
        self.ends_in(&NAMING).then(|| "error".to_owned())
    }

    pub(super) fn text(&self, row: usize) -> Option<String> {
        if self.is_of_failure || self.has(|word| word == "error") {
            let text = self.text_of_failure();
            if text.is_some() {
                return text;
            }
        }
        if self.ends_in(&["id", "uid", "gid", "pid", "sid"]) {
            return Some((row + 1).to_string());
        }
        if self.ends_in(&["uuid", "guid"]) {
            return Some(uuid(row));
        }
        if self.ends_in(&["at", "time", "timestamp"]) {
            return Some(self.time().to_owned());
        }
        let text = self
            .find(&TEXTS)
            .and_then(|(_, texts)| texts.split('|').nth(row % 4));
        let number = || {
            self.find(&NUMBERS)
                .map(|(_, numbers)| numbers[row % 4].to_string())
        };
        text.map(str::to_owned).or_else(number)
    }

    pub(super) fn number(&self, is_integer: bool, row: usize) -> Option<f64> {
        let is_moment = self.ends_in(&[
            "at",
            "created",
            "date",
            "expires",
            "expiry",
            "modified",
            "time",
            "timestamp",
            "until",
            "updated",
        ]);
        if is_moment && is_integer {
            return Some(if self.is_later() {
                EPOCH + 3600.0
            } else {
                EPOCH
            });
        }
        let Some((names, values)) = self.find(&NUMBERS) else {
            return self.words.first().map(|_| 1.0);
        };
        let value = values[row % 4];
        let is_in_cents = is_integer && *names == PRICES;
        Some(if is_in_cents {
            (value * 100.0).round()
        } else {
            value
        })
    }

    pub(super) fn flag(&self) -> bool {
        !self.has(|word| UNUSUAL.contains(&word)) && !self.leads_to_another_page(false)
    }

    /// A moment, or one an hour later for what begins or expires then.
    pub(super) fn time(&self) -> &'static str {
        match self.is_later() {
            true => "2026-01-15T11:30:00Z",
            false => "2026-01-15T10:30:00Z",
        }
    }

    pub(super) fn date(&self, row: usize) -> String {
        let is_birth = self.has(|word| word.starts_with("birth") || word == "dob");
        let year = if is_birth { 1990 + row % 4 } else { 2026 };
        let day = if self.is_later() { 16 } else { 15 } + row % 12;
        format!("{year}-01-{day}")
    }

    fn is_later(&self) -> bool {
        self.has(|word| {
            ["arriv", "expir"]
                .iter()
                .any(|start| word.starts_with(start))
                || ["due", "end", "ends", "until", "deadline"].contains(&word)
        })
    }

    /// Whether a member of this name leads to what comes after a page; a client that follows it would never end. A cursor that is an
    /// object or a list is something of the API itself.
    pub(super) fn leads_to_another_page(&self, is_compound: bool) -> bool {
        let is_token = self.has(|word| word == "page") && self.ends_in(&["token"]);
        let has_more =
            self.has(|word| word == "has") && self.ends_in(&["more", "prev", "previous"]);
        // A first page has none before it, either.
        let is_before = self.has(|word| word == "prev" || word == "previous")
            && (self.words.len() == 1 || self.ends_in(&["href", "link", "page", "uri", "url"]));
        is_token
            || has_more
            || is_before
            || self.has(|word| word == "next" || !is_compound && word.contains("cursor"))
    }

    /// Whether only something that went wrong has it.
    pub(super) fn is_of_failures(&self) -> bool {
        self.ends_in(&["error", "errors"]) && self.words.len() == 1
    }
}

pub(super) fn uuid(row: usize) -> String {
    let last = 0xfa6_usize.wrapping_sub(row) & 0xfff;
    format!("3fa85f64-5717-4562-b3fc-2c963f66a{last:03x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_name_says_what_it_is() {
        for (name, expected) in [
            ("firstName", Some("Ada")),
            ("billing_city", Some("Lisbon")),
            ("country-code", Some("PT")),
            ("capacity", None),
            ("imageURL", Some("https://example.com/ada.jpg")),
            ("totalAmount", Some("19.99")),
            ("passengerName", Some("Ada Lopes")),
            ("customerId", Some("1")),
            ("created_at", Some("2026-01-15T10:30:00Z")),
            ("token_expires_at", Some("2026-01-15T11:30:00Z")),
            ("", None),
        ] {
            assert_eq!(Words::of(name).text(0).as_deref(), expected, "{name}");
        }
    }

    #[test]
    fn what_has_a_name_says_what_it_is() {
        for (owner, name, expected) in [
            ("Workspaces", "name", "Northwind"),
            ("ResourceUser", "name", "Ada Lopes"),
            ("Pet", "name", "Ada"),
            ("Workspace", "ownerName", "Ada Lopes"),
        ] {
            let words = Words::of(name).of_owner(owner);
            assert_eq!(words.text(0).as_deref(), Some(expected), "{owner}");
        }
        let price = Words::of("value").of_owner("amount");
        assert_eq!(price.number(true, 0), Some(1999.0));
    }

    #[test]
    fn values_of_a_row_belong_together() {
        let texts = ["lastName", "city", "country"].map(|name| Words::of(name).text(1).unwrap());
        assert_eq!(texts, ["Meyer", "Hamburg", "Germany"]);
    }

    #[test]
    fn a_number_is_of_the_size_of_what_it_counts() {
        for (name, is_integer, expected) in [
            ("unit_price", false, Some(19.99)),
            ("unit_price", true, Some(1999.0)),
            ("created", true, Some(EPOCH)),
            ("dueDate", true, Some(EPOCH + 3600.0)),
            ("itemCount", true, Some(3.0)),
            ("other", true, Some(1.0)),
            ("", true, None),
        ] {
            assert_eq!(Words::of(name).number(is_integer, 0), expected, "{name}");
        }
    }

    #[test]
    fn the_name_of_one_of_several_is_singular() {
        for (name, expected) in [
            ("tags", "tag"),
            ("shippingCategories", "shipping category"),
            ("status", "status"),
            ("ids", "ids"),
        ] {
            let words = Words::of(name).into_singular().joined(" ");
            assert_eq!(words.as_deref(), Some(expected));
        }
    }

    #[test]
    fn a_generated_page_leads_to_no_other() {
        for name in [
            "next",
            "nextPage",
            "end_cursor",
            "pageToken",
            "has_more",
            "previous",
            "prevPageUrl",
            "hasPreviousPage",
        ] {
            assert!(Words::of(name).leads_to_another_page(false), "{name}");
        }
        for name in ["hasMoreOver", "previousStatus"] {
            assert!(!Words::of(name).leads_to_another_page(false), "{name}");
        }
        assert!(!Words::of("headCursor").leads_to_another_page(true));
        assert!(!Words::of("hasMore").flag());
    }
}
