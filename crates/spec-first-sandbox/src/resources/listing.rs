//! A list of resources: those that a query asks for, and the numbers beside them that count them.

use std::collections::{BTreeMap, HashSet};

use serde_json::{Map, Value};

use crate::{
    Call,
    contract::shape::{Members, plain},
};

use super::filling::text_of;

/// What the names of totals call the resources.
const COUNTED: [&str; 6] = ["items", "results", "elements", "records", "entries", "hits"];

/// Parameters that choose a page, and members that name it.
const LIMIT: [&str; 3] = ["limit", "perpage", "pagesize"];
const PAGE: [&str; 2] = ["page", "pagenumber"];
const OFFSET: [&str; 2] = ["offset", "skip"];

/// Parameters that choose what of each resource is shown, and in which order.
const VIEW: [&str; 5] = ["expand", "field", "fields", "include", "sort"];

/// The page that a query asks for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Page {
    limit: Option<usize>,
    number: Option<usize>,
    skipped: usize,
    /// The number of resources on all pages.
    total: usize,
}

impl Page {
    /// The page with all resources.
    pub(super) fn of_all(total: usize) -> Self {
        Self {
            limit: None,
            number: None,
            skipped: 0,
            total,
        }
    }

    pub(super) fn of(call: Call<'_>, total: usize) -> Self {
        let number = |names: &[&str]| {
            let mut query = call.query();
            let (_, value) = query.find(|(name, _)| names.contains(&&*plain(name)))?;
            value.parse::<usize>().ok()
        };
        let limit = number(&LIMIT);
        let page = number(&PAGE);
        // Without a limit, everything is on the first page.
        let length = limit.unwrap_or(total);
        let before = page.map(|page| page.saturating_sub(1).saturating_mul(length));
        Self {
            limit,
            number: page,
            skipped: number(&OFFSET).or(before).unwrap_or_default(),
            total,
        }
    }

    /// Keeps the resources on the page.
    pub(super) fn cut(self, found: &mut Vec<Map<String, Value>>) {
        found.drain(..self.skipped.min(found.len()));
        found.truncate(self.limit.unwrap_or(usize::MAX));
    }

    /// The numbers in a body that say how many resources there are or which page this is, and where they are: beside the list,
    /// and in objects there such as `meta`. `names` are what the resources are called.
    pub(super) fn numbers(
        self,
        body: &Value,
        slot: &[String],
        names: &[&str],
    ) -> Vec<(Vec<String>, usize)> {
        let mut numbers = Vec::new();
        let mut level = Some(body);
        for (depth, name) in slot.iter().enumerate() {
            let mut add = |within: &[&String], value: &Value| {
                let member = within.last().map_or("", |name| name);
                if let Some(number) = self.number_for(member, names).filter(|_| value.is_number()) {
                    let above = slot[..depth].iter().chain(within.iter().copied());
                    numbers.push((above.cloned().collect(), number));
                }
            };
            let members = level.and_then(Value::as_object);
            let beside = members.into_iter().flatten();
            for (beside, value) in beside.filter(|(beside, _)| *beside != name) {
                add(&[beside], value);
                for (member, value) in value.as_object().into_iter().flatten() {
                    add(&[beside, member], value);
                }
            }
            level = members.and_then(|members| members.get(name));
        }
        numbers
    }

    /// The number for a member with this name.
    fn number_for(self, member: &str, names: &[&str]) -> Option<usize> {
        let member = &*plain(member);
        let are_counted = |what: &str| {
            let mut names = names.iter().map(|name| plain(name));
            what.is_empty()
                || COUNTED.contains(&what)
                || names.any(|many| what == many || is_one_of(what, &many))
        };
        let counts = member.strip_prefix("total").is_some_and(are_counted)
            || member
                .strip_suffix("count")
                .is_some_and(|what| what == "total" || are_counted(what));
        match member {
            _ if LIMIT.contains(&member) => self.limit,
            _ if PAGE.contains(&member) || member == "currentpage" => self.number,
            _ if OFFSET.contains(&member) => Some(self.skipped),
            "totalpages" | "pagecount" | "lastpage" => {
                let limit = self.limit.filter(|limit| *limit > 0);
                Some(limit.map_or(1, |limit| self.total.div_ceil(limit)))
            }
            _ => counts.then_some(self.total),
        }
    }
}

/// Whether a name is the singular of another.
fn is_one_of(one: &str, many: &str) -> bool {
    let mut ends = ["s", "es", "list"].iter();
    ends.any(|end| many.strip_suffix(end) == Some(one))
        || one
            .strip_suffix('y')
            .is_some_and(|stem| many.strip_suffix("ies") == Some(stem))
}

/// Keeps the resources whose members have the values that the query asks for.
pub(super) fn filter(call: Call<'_>, found: &mut Vec<Map<String, Value>>, described: &Members<'_>) {
    let attributes = described.get("attributes");
    let attributes = attributes.map(|it| (it.name, Members::of(&it.schema)));
    let shows = [&LIMIT[..], &PAGE, &OFFSET, &VIEW].concat();
    let mut wanted: BTreeMap<Vec<&str>, HashSet<&str>> = BTreeMap::new();
    for (parameter, value) in call.query() {
        let inner = parameter.strip_prefix("filter[");
        let inner = inner.and_then(|it| it.strip_suffix(']'));
        if inner.is_none() && shows.contains(&&*plain(parameter)) {
            continue;
        }
        let name = inner.unwrap_or(parameter);
        // Where JSON:API has the members.
        let attributes = attributes.as_ref().filter(|_| inner.is_some());
        let inside = || {
            let (attributes, within) = attributes?;
            Some(vec![*attributes, member_for(name, within)?])
        };
        let place = member_for(name, described).map(|member| vec![member]);
        let place = place.or_else(inside);
        if let Some(place) = place {
            wanted.entry(place).or_default().extend(value.split(','));
        }
    }
    for (place, wanted) in wanted {
        let is_wanted = |value: &Value| text_of(value).is_some_and(|it| wanted.contains(&*it));
        found.retain(|resource| {
            let mut place = place.iter();
            let first = place.next().and_then(|name| resource.get(*name));
            match place
                .try_fold(first, |value, name| Some(value?.get(*name)))
                .flatten()
            {
                Some(Value::Array(items)) => items.iter().any(is_wanted),
                value => value.is_some_and(is_wanted),
            }
        });
    }
}

/// The member that a query parameter names: `name`, and `tags` for `tag`. A query cannot name the value of an object.
fn member_for<'a>(parameter: &str, described: &Members<'a>) -> Option<&'a str> {
    let one = plain(parameter);
    let mut lists = described.all.iter().filter(|member| {
        is_one_of(&one, &plain(member.name)) && Members::of(&member.schema).items.is_some()
    });
    let member = described.get(parameter).or_else(|| lists.next())?;
    let members = Members::of(&member.schema);
    let values = members.items.as_ref().map(Members::of).unwrap_or(members);
    (!values.is_object()).then_some(member.name)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(page: Page, body: Value, names: &[&str], expected: &[(&str, usize)]) {
        let slot = [names[0].to_owned()];
        let numbers = page.numbers(&body, &slot, names);
        let found = numbers.iter().map(|(at, number)| (at.join("."), *number));
        let expected = expected
            .iter()
            .map(|(at, number)| ((*at).to_owned(), *number));
        assert_eq!(found.collect::<BTreeMap<_, _>>(), expected.collect());
    }

    #[test]
    fn what_counts_the_resources_or_names_the_page_is_set() {
        let page = Page {
            limit: Some(2),
            number: Some(3),
            skipped: 4,
            total: 5,
        };
        let body = json!({
            "pets": [], "petsCount": 9, "count": 9, "totalPrice": 9, "visitCount": 9, "total": "9",
            "meta": {"total_pets": 9, "totalPages": 9, "page": 9, "per_page": 9, "offset": 9},
        });
        let expected = [
            ("count", 5),
            ("meta.offset", 4),
            ("meta.page", 3),
            ("meta.per_page", 2),
            ("meta.totalPages", 3),
            ("meta.total_pets", 5),
            ("petsCount", 5),
        ];
        check(page, body, &["pets"], &expected);
        let one = json!({"x": [], "limit": 9, "page": 9, "lastPage": 9, "petCount": 9});
        let expected = [("lastPage", 1), ("petCount", 5)];
        check(Page::of_all(5), one, &["x", "pets"], &expected);
    }

    #[test]
    fn a_word_that_ends_like_a_count_is_not_one() {
        let body = json!({"discounts": [], "discount": 9, "discountCount": 9});
        check(
            Page::of_all(3),
            body,
            &["discounts"],
            &[("discountCount", 3)],
        );
        let body = json!({"categories": [], "categoryCount": 9, "catCount": 9});
        check(
            Page::of_all(3),
            body,
            &["categories"],
            &[("categoryCount", 3)],
        );
    }
}
