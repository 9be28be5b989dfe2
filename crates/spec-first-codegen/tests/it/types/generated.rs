/// Types used as operation parameters and responses.
#[allow(clippy::all)]
pub mod types {
    ///`Anyone`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default, PartialEq)]
    pub struct Anyone {
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub id: ::std::option::Option<::std::string::String>,
    }
    impl Anyone {
        pub fn builder() -> builder::Anyone {
            Default::default()
        }
    }
    ///`Base`
    #[derive(::serde::Serialize, Clone, Debug, PartialEq)]
    #[serde(untagged)]
    pub enum Base {
        Subtype(BaseSubtype),
        /// A value that fits none of the others.
        Other(::serde_json::Value),
    }
    impl<'de> ::serde::Deserialize<'de> for Base {
        fn deserialize<D: ::serde::Deserializer<'de>>(
            deserializer: D,
        ) -> ::std::result::Result<Self, D::Error> {
            ::spec_first_runtime::choose(
                deserializer,
                &[
                    ::spec_first_runtime::Branch::new(
                            "object",
                            |value| {
                                ::serde::Deserialize::deserialize(value).map(Self::Subtype)
                            },
                        )
                        .properties(&["kind", "own"])
                        .required(&["kind"])
                        .selected_by("kind", &["Subtype"]),
                ],
                ::std::option::Option::Some(Self::Other),
            )
        }
    }
    impl ::std::convert::From<BaseSubtype> for Base {
        fn from(value: BaseSubtype) -> Self {
            Self::Subtype(value)
        }
    }
    ///`BaseSubtype`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct BaseSubtype {
        pub kind: ::std::string::String,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub own: ::std::option::Option<::std::string::String>,
    }
    impl BaseSubtype {
        pub fn builder() -> builder::BaseSubtype {
            Default::default()
        }
    }
    ///`Berry`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct Berry {
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub color: ::std::option::Option<::std::string::String>,
        pub kind: ::std::string::String,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub seeds: ::std::option::Option<i64>,
    }
    impl Berry {
        pub fn builder() -> builder::Berry {
            Default::default()
        }
    }
    ///`Bike`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct Bike {
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub bell: ::std::option::Option<bool>,
        pub kind: ::std::string::String,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub towed: ::std::option::Option<Vehicle>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub wheels: ::std::option::Option<i64>,
    }
    impl Bike {
        pub fn builder() -> builder::Bike {
            Default::default()
        }
    }
    ///`Book`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct Book {
        pub cover: ::std::boxed::Box<Sheet>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub index: ::std::option::Option<::std::boxed::Box<Sheet>>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub next: ::std::option::Option<BookNext>,
    }
    impl Book {
        pub fn builder() -> builder::Book {
            Default::default()
        }
    }
    ///`BookNext`
    #[derive(::serde::Serialize, Clone, Debug, PartialEq)]
    #[serde(untagged)]
    pub enum BookNext {
        Book(::std::boxed::Box<Book>),
        Sheet(::std::boxed::Box<Sheet>),
        /// A value that fits none of the others.
        Other(::serde_json::Value),
    }
    impl<'de> ::serde::Deserialize<'de> for BookNext {
        fn deserialize<D: ::serde::Deserializer<'de>>(
            deserializer: D,
        ) -> ::std::result::Result<Self, D::Error> {
            ::spec_first_runtime::choose(
                deserializer,
                &[
                    ::spec_first_runtime::Branch::new(
                            "object",
                            |value| {
                                ::serde::Deserialize::deserialize(value).map(Self::Book)
                            },
                        )
                        .properties(&["cover", "index", "next"])
                        .required(&["cover"]),
                    ::spec_first_runtime::Branch::new(
                            "object",
                            |value| {
                                ::serde::Deserialize::deserialize(value).map(Self::Sheet)
                            },
                        )
                        .properties(
                            &["first", "second", "third", "fourth", "fifth", "sixth"],
                        ),
                ],
                ::std::option::Option::Some(Self::Other),
            )
        }
    }
    impl ::std::convert::From<Book> for BookNext {
        fn from(value: Book) -> Self {
            Self::Book(::std::boxed::Box::new(value))
        }
    }
    impl ::std::convert::From<Sheet> for BookNext {
        fn from(value: Sheet) -> Self {
            Self::Sheet(::std::boxed::Box::new(value))
        }
    }
    ///`Both`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct Both {
        ///Limits: `minimum: 1`.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub id: ::std::option::Option<i64>,
        ///Limits: `pattern: ^[a-z]+$`.
        pub name: ::std::string::String,
        #[serde(
            default,
            deserialize_with = "::spec_first_runtime::read_nullable",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub note: ::std::option::Option<::std::option::Option<::std::string::String>>,
    }
    impl Both {
        pub fn builder() -> builder::Both {
            Default::default()
        }
    }
    ///`Box`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default, PartialEq)]
    pub struct Box {
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub value: ::std::option::Option<Option>,
    }
    impl Box {
        pub fn builder() -> builder::Box {
            Default::default()
        }
    }
    ///`Car`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct Car {
        pub kind: ::std::string::String,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub seats: ::std::option::Option<i64>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub towed: ::std::option::Option<Vehicle>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub wheels: ::std::option::Option<i64>,
    }
    impl Car {
        pub fn builder() -> builder::Car {
            Default::default()
        }
    }
    ///`Cat`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default, PartialEq)]
    pub struct Cat {
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub kind: ::std::option::Option<::std::string::String>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub name: ::std::option::Option<::std::string::String>,
    }
    impl Cat {
        pub fn builder() -> builder::Cat {
            Default::default()
        }
    }
    ///`Circle`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default, PartialEq)]
    pub struct Circle {
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub radius: ::std::option::Option<f64>,
    }
    impl Circle {
        pub fn builder() -> builder::Circle {
            Default::default()
        }
    }
    ///`Color`
    #[derive(
        ::serde::Deserialize,
        ::serde::Serialize,
        Clone,
        Copy,
        Debug,
        Eq,
        Hash,
        Ord,
        PartialEq,
        PartialOrd
    )]
    pub enum Color {
        #[serde(rename = "red")]
        Red,
        #[serde(rename = "green")]
        Green,
    }
    impl ::std::fmt::Display for Color {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            match *self {
                Self::Red => f.write_str("red"),
                Self::Green => f.write_str("green"),
            }
        }
    }
    impl ::std::str::FromStr for Color {
        type Err = self::error::ConversionError;
        fn from_str(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            match value {
                "red" => Ok(Self::Red),
                "green" => Ok(Self::Green),
                _ => Err("invalid value".into()),
            }
        }
    }
    impl ::std::convert::TryFrom<&str> for Color {
        type Error = self::error::ConversionError;
        fn try_from(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl ::std::convert::TryFrom<::std::string::String> for Color {
        type Error = self::error::ConversionError;
        fn try_from(
            value: ::std::string::String,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    ///`Combined`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default, PartialEq)]
    pub struct Combined {
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub cells: ::std::option::Option<
            ::std::collections::HashMap<::std::string::String, CombinedCellsValue>,
        >,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub rows: ::std::option::Option<::std::vec::Vec<CombinedRowsItem>>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub span: ::std::option::Option<CombinedSpan>,
    }
    impl Combined {
        pub fn builder() -> builder::Combined {
            Default::default()
        }
    }
    ///`CombinedCellsValue`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default, PartialEq)]
    pub struct CombinedCellsValue {
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub left: ::std::option::Option<::std::string::String>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub right: ::std::option::Option<i64>,
    }
    impl CombinedCellsValue {
        pub fn builder() -> builder::CombinedCellsValue {
            Default::default()
        }
    }
    ///`CombinedRowsItem`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default, PartialEq)]
    pub struct CombinedRowsItem {
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub deep: ::std::option::Option<CombinedRowsItemDeep>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub left: ::std::option::Option<::std::string::String>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub right: ::std::option::Option<i64>,
    }
    impl CombinedRowsItem {
        pub fn builder() -> builder::CombinedRowsItem {
            Default::default()
        }
    }
    ///`CombinedRowsItemDeep`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default, PartialEq)]
    pub struct CombinedRowsItemDeep {
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub a: ::std::option::Option<::std::string::String>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub b: ::std::option::Option<::std::string::String>,
    }
    impl CombinedRowsItemDeep {
        pub fn builder() -> builder::CombinedRowsItemDeep {
            Default::default()
        }
    }
    ///`CombinedSpan`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct CombinedSpan {
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub during: ::std::option::Option<bool>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub part: ::std::option::Option<::std::boxed::Box<Combined>>,
        pub since: ::std::string::String,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub until: ::std::option::Option<::spec_first_runtime::Secret>,
    }
    impl CombinedSpan {
        pub fn builder() -> builder::CombinedSpan {
            Default::default()
        }
    }
    ///`Contact`
    #[derive(::serde::Serialize, Clone, Debug, PartialEq)]
    #[serde(untagged)]
    pub enum Contact {
        Anyone(Anyone),
        Person(Person),
        /// A value that fits none of the others.
        Other(::serde_json::Value),
    }
    impl<'de> ::serde::Deserialize<'de> for Contact {
        fn deserialize<D: ::serde::Deserializer<'de>>(
            deserializer: D,
        ) -> ::std::result::Result<Self, D::Error> {
            ::spec_first_runtime::choose(
                deserializer,
                &[
                    ::spec_first_runtime::Branch::new(
                            "object",
                            |value| {
                                ::serde::Deserialize::deserialize(value).map(Self::Anyone)
                            },
                        )
                        .properties(&["id"]),
                    ::spec_first_runtime::Branch::new(
                            "object",
                            |value| {
                                ::serde::Deserialize::deserialize(value).map(Self::Person)
                            },
                        )
                        .properties(&["id", "email"])
                        .required(&["email"]),
                ],
                ::std::option::Option::Some(Self::Other),
            )
        }
    }
    impl ::std::convert::From<Anyone> for Contact {
        fn from(value: Anyone) -> Self {
            Self::Anyone(value)
        }
    }
    impl ::std::convert::From<Person> for Contact {
        fn from(value: Person) -> Self {
            Self::Person(value)
        }
    }
    ///`DefaultType`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default, PartialEq)]
    pub struct DefaultType {
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub value: ::std::option::Option<::std::string::String>,
    }
    impl DefaultType {
        pub fn builder() -> builder::DefaultType {
            Default::default()
        }
    }
    ///`Dog`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default, PartialEq)]
    pub struct Dog {
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub barks: ::std::option::Option<bool>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub kind: ::std::option::Option<::std::string::String>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub name: ::std::option::Option<::std::string::String>,
    }
    impl Dog {
        pub fn builder() -> builder::Dog {
            Default::default()
        }
    }
    ///`ErrType`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    #[serde(transparent)]
    pub struct ErrType(pub i64);
    impl ::std::ops::Deref for ErrType {
        type Target = i64;
        fn deref(&self) -> &i64 {
            &self.0
        }
    }
    impl ::std::convert::From<ErrType> for i64 {
        fn from(value: ErrType) -> Self {
            value.0
        }
    }
    impl ::std::convert::From<i64> for ErrType {
        fn from(value: i64) -> Self {
            Self(value)
        }
    }
    impl ::std::fmt::Display for ErrType {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            self.0.fmt(f)
        }
    }
    impl ::std::str::FromStr for ErrType {
        type Err = <i64 as ::std::str::FromStr>::Err;
        fn from_str(value: &str) -> ::std::result::Result<Self, Self::Err> {
            Ok(Self(value.parse()?))
        }
    }
    impl ::std::convert::TryFrom<&str> for ErrType {
        type Error = <i64 as ::std::str::FromStr>::Err;
        fn try_from(value: &str) -> ::std::result::Result<Self, Self::Error> {
            value.parse()
        }
    }
    impl ::std::convert::TryFrom<String> for ErrType {
        type Error = <i64 as ::std::str::FromStr>::Err;
        fn try_from(value: String) -> ::std::result::Result<Self, Self::Error> {
            value.parse()
        }
    }
    ///`Error`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default, PartialEq)]
    pub struct Error {
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub message: ::std::option::Option<::std::string::String>,
    }
    impl Error {
        pub fn builder() -> builder::Error {
            Default::default()
        }
    }
    ///`Expression`
    #[derive(::serde::Serialize, Clone, Debug, PartialEq)]
    #[serde(untagged)]
    pub enum Expression {
        Int64(i64),
        Negation(::std::boxed::Box<ExpressionNegation>),
        /// A value that fits none of the others.
        Other(::serde_json::Value),
    }
    impl<'de> ::serde::Deserialize<'de> for Expression {
        fn deserialize<D: ::serde::Deserializer<'de>>(
            deserializer: D,
        ) -> ::std::result::Result<Self, D::Error> {
            ::spec_first_runtime::choose(
                deserializer,
                &[
                    ::spec_first_runtime::Branch::new(
                        "number",
                        |value| {
                            ::serde::Deserialize::deserialize(value).map(Self::Int64)
                        },
                    ),
                    ::spec_first_runtime::Branch::new(
                            "object",
                            |value| {
                                ::serde::Deserialize::deserialize(value).map(Self::Negation)
                            },
                        )
                        .properties(&["negated"])
                        .required(&["negated"]),
                ],
                ::std::option::Option::Some(Self::Other),
            )
        }
    }
    impl ::std::convert::From<i64> for Expression {
        fn from(value: i64) -> Self {
            Self::Int64(value)
        }
    }
    impl ::std::convert::From<ExpressionNegation> for Expression {
        fn from(value: ExpressionNegation) -> Self {
            Self::Negation(::std::boxed::Box::new(value))
        }
    }
    ///negation
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct ExpressionNegation {
        pub negated: Expression,
    }
    impl ExpressionNegation {
        pub fn builder() -> builder::ExpressionNegation {
            Default::default()
        }
    }
    ///`Fruit`
    #[derive(::serde::Serialize, Clone, Debug, PartialEq)]
    #[serde(untagged)]
    pub enum Fruit {
        Berry(Berry),
        Base(FruitBase),
        /// A value that fits none of the others.
        Other(::serde_json::Value),
    }
    impl<'de> ::serde::Deserialize<'de> for Fruit {
        fn deserialize<D: ::serde::Deserializer<'de>>(
            deserializer: D,
        ) -> ::std::result::Result<Self, D::Error> {
            ::spec_first_runtime::choose(
                deserializer,
                &[
                    ::spec_first_runtime::Branch::new(
                            "object",
                            |value| {
                                ::serde::Deserialize::deserialize(value).map(Self::Berry)
                            },
                        )
                        .properties(&["kind", "color", "seeds"])
                        .required(&["kind"])
                        .selected_by("kind", &["Berry"]),
                    ::spec_first_runtime::Branch::new(
                            "object",
                            |value| {
                                ::serde::Deserialize::deserialize(value).map(Self::Base)
                            },
                        )
                        .properties(&["kind", "color"])
                        .required(&["kind"])
                        .selected_by("kind", &["Fruit"]),
                ],
                ::std::option::Option::Some(Self::Other),
            )
        }
    }
    impl ::std::convert::From<Berry> for Fruit {
        fn from(value: Berry) -> Self {
            Self::Berry(value)
        }
    }
    impl ::std::convert::From<FruitBase> for Fruit {
        fn from(value: FruitBase) -> Self {
            Self::Base(value)
        }
    }
    ///`FruitBase`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct FruitBase {
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub color: ::std::option::Option<::std::string::String>,
        pub kind: ::std::string::String,
    }
    impl FruitBase {
        pub fn builder() -> builder::FruitBase {
            Default::default()
        }
    }
    ///`Merged`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct Merged {
        pub id: ::std::string::String,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub size: ::std::option::Option<i64>,
    }
    impl Merged {
        pub fn builder() -> builder::Merged {
            Default::default()
        }
    }
    ///`Names`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct Names {
        #[serde(
            rename = "extra",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub extra2: ::std::option::Option<::std::string::String>,
        #[serde(
            rename = "fooBar",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub foo_bar: ::std::option::Option<::std::string::String>,
        #[serde(
            rename = "foo_bar",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub foo_bar2: ::std::option::Option<::std::string::String>,
        #[serde(rename = "@id", skip_serializing_if = "::std::option::Option::is_none")]
        pub id: ::std::option::Option<::std::string::String>,
        #[serde(rename = "self", skip_serializing_if = "::std::option::Option::is_none")]
        pub self_: ::std::option::Option<::std::string::String>,
        #[serde(rename = "type", skip_serializing_if = "::std::option::Option::is_none")]
        pub type_: ::std::option::Option<::std::string::String>,
        #[serde(rename = "2fa", skip_serializing_if = "::std::option::Option::is_none")]
        pub x2fa: ::std::option::Option<::std::string::String>,
        #[serde(flatten)]
        pub extra: ::std::collections::HashMap<::std::string::String, i64>,
    }
    impl Names {
        pub fn builder() -> builder::Names {
            Default::default()
        }
    }
    ///`Nested`
    #[derive(::serde::Serialize, Clone, Debug, PartialEq)]
    #[serde(untagged)]
    pub enum Nested {
        Anyone(Anyone),
        Variant1(NestedVariant1),
        /// A value that fits none of the others.
        Other(::serde_json::Value),
    }
    impl<'de> ::serde::Deserialize<'de> for Nested {
        fn deserialize<D: ::serde::Deserializer<'de>>(
            deserializer: D,
        ) -> ::std::result::Result<Self, D::Error> {
            ::spec_first_runtime::choose(
                deserializer,
                &[
                    ::spec_first_runtime::Branch::new(
                            "object",
                            |value| {
                                ::serde::Deserialize::deserialize(value).map(Self::Anyone)
                            },
                        )
                        .properties(&["id"]),
                    ::spec_first_runtime::Branch::new(
                            "object",
                            |value| {
                                ::serde::Deserialize::deserialize(value).map(Self::Variant1)
                            },
                        )
                        .properties(&["radius", "message"]),
                ],
                ::std::option::Option::Some(Self::Other),
            )
        }
    }
    impl ::std::convert::From<Anyone> for Nested {
        fn from(value: Anyone) -> Self {
            Self::Anyone(value)
        }
    }
    impl ::std::convert::From<NestedVariant1> for Nested {
        fn from(value: NestedVariant1) -> Self {
            Self::Variant1(value)
        }
    }
    ///`NestedVariant1`
    #[derive(::serde::Serialize, Clone, Debug, PartialEq)]
    #[serde(untagged)]
    pub enum NestedVariant1 {
        Circle(Circle),
        Error(Error),
        /// A value that fits none of the others.
        Other(::serde_json::Value),
    }
    impl<'de> ::serde::Deserialize<'de> for NestedVariant1 {
        fn deserialize<D: ::serde::Deserializer<'de>>(
            deserializer: D,
        ) -> ::std::result::Result<Self, D::Error> {
            ::spec_first_runtime::choose(
                deserializer,
                &[
                    ::spec_first_runtime::Branch::new(
                            "object",
                            |value| {
                                ::serde::Deserialize::deserialize(value).map(Self::Circle)
                            },
                        )
                        .properties(&["radius"]),
                    ::spec_first_runtime::Branch::new(
                            "object",
                            |value| {
                                ::serde::Deserialize::deserialize(value).map(Self::Error)
                            },
                        )
                        .properties(&["message"]),
                ],
                ::std::option::Option::Some(Self::Other),
            )
        }
    }
    impl ::std::convert::From<Circle> for NestedVariant1 {
        fn from(value: Circle) -> Self {
            Self::Circle(value)
        }
    }
    impl ::std::convert::From<Error> for NestedVariant1 {
        fn from(value: Error) -> Self {
            Self::Error(value)
        }
    }
    ///`Newer`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default, PartialEq)]
    pub struct Newer {
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub anything: ::std::option::Option<::serde_json::Value>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub by_pattern: ::std::option::Option<
            ::std::collections::HashMap<::std::string::String, i64>,
        >,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub conditional: ::std::option::Option<::std::string::String>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub either: ::std::option::Option<Anyone>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub file: ::std::option::Option<::std::string::String>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub pair: ::std::option::Option<::std::vec::Vec<::serde_json::Value>>,
        ///A part.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub part: ::std::option::Option<NewerPart>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub requiring: ::std::option::Option<NewerRequiring>,
    }
    impl Newer {
        pub fn builder() -> builder::Newer {
            Default::default()
        }
    }
    ///`NewerPart`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default, PartialEq)]
    pub struct NewerPart {
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub length: ::std::option::Option<i64>,
    }
    impl NewerPart {
        pub fn builder() -> builder::NewerPart {
            Default::default()
        }
    }
    ///`NewerRequiring`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct NewerRequiring {
        pub id: ::std::string::String,
    }
    impl NewerRequiring {
        pub fn builder() -> builder::NewerRequiring {
            Default::default()
        }
    }
    ///`Numbers`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default, PartialEq)]
    pub struct Numbers {
        ///Limits: `maximum: 1.8446744073709552e+19`, `minimum: 0`.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub counter: ::std::option::Option<u64>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub exact: ::std::option::Option<NumbersExact>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub fixed: ::std::option::Option<i64>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub float: ::std::option::Option<f64>,
        ///Limits: `maximum: 18446744073709551615`.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub large: ::std::option::Option<u64>,
        ///Values: `1`, `2`.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub listed: ::std::option::Option<i64>,
        ///Values: `1`, `"two"`, `null`.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub mixed: ::std::option::Option<::serde_json::Value>,
        ///Limits: `exclusiveMinimum: 0`.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub positive: ::std::option::Option<i64>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub small: ::std::option::Option<i64>,
    }
    impl Numbers {
        pub fn builder() -> builder::Numbers {
            Default::default()
        }
    }
    ///`NumbersExact`
    #[derive(::serde::Serialize, Clone, Debug, PartialEq)]
    #[serde(untagged)]
    pub enum NumbersExact {
        Number(f64),
        Int64(i64),
        /// A value that fits none of the others.
        Other(::serde_json::Value),
    }
    impl<'de> ::serde::Deserialize<'de> for NumbersExact {
        fn deserialize<D: ::serde::Deserializer<'de>>(
            deserializer: D,
        ) -> ::std::result::Result<Self, D::Error> {
            ::spec_first_runtime::choose(
                deserializer,
                &[
                    ::spec_first_runtime::Branch::new(
                        "number",
                        |value| {
                            ::serde::Deserialize::deserialize(value).map(Self::Int64)
                        },
                    ),
                    ::spec_first_runtime::Branch::new(
                        "number",
                        |value| {
                            ::serde::Deserialize::deserialize(value).map(Self::Number)
                        },
                    ),
                ],
                ::std::option::Option::Some(Self::Other),
            )
        }
    }
    impl ::std::fmt::Display for NumbersExact {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            match self {
                Self::Number(x) => x.fmt(f),
                Self::Int64(x) => x.fmt(f),
                Self::Other(x) => x.fmt(f),
            }
        }
    }
    impl ::std::convert::From<f64> for NumbersExact {
        fn from(value: f64) -> Self {
            Self::Number(value)
        }
    }
    impl ::std::convert::From<i64> for NumbersExact {
        fn from(value: i64) -> Self {
            Self::Int64(value)
        }
    }
    ///`OkType`
    #[derive(
        ::serde::Deserialize,
        ::serde::Serialize,
        Clone,
        Debug,
        Eq,
        Hash,
        Ord,
        PartialEq,
        PartialOrd
    )]
    #[serde(transparent)]
    pub struct OkType(pub ::std::string::String);
    impl ::std::ops::Deref for OkType {
        type Target = ::std::string::String;
        fn deref(&self) -> &::std::string::String {
            &self.0
        }
    }
    impl ::std::convert::From<OkType> for ::std::string::String {
        fn from(value: OkType) -> Self {
            value.0
        }
    }
    impl ::std::convert::From<::std::string::String> for OkType {
        fn from(value: ::std::string::String) -> Self {
            Self(value)
        }
    }
    impl ::std::fmt::Display for OkType {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            self.0.fmt(f)
        }
    }
    impl ::std::str::FromStr for OkType {
        type Err = ::std::convert::Infallible;
        fn from_str(value: &str) -> ::std::result::Result<Self, Self::Err> {
            Ok(Self(value.to_string()))
        }
    }
    ///`OpenText`
    #[derive(
        ::serde::Deserialize,
        ::serde::Serialize,
        Clone,
        Debug,
        Eq,
        Hash,
        Ord,
        PartialEq,
        PartialOrd
    )]
    #[serde(from = "::std::string::String")]
    pub enum OpenText {
        #[serde(rename = "red")]
        Red,
        #[serde(rename = "green")]
        Green,
        /// A value that the document does not list.
        #[serde(untagged)]
        Other(::std::string::String),
    }
    impl ::std::fmt::Display for OpenText {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            match self {
                Self::Red => f.write_str("red"),
                Self::Green => f.write_str("green"),
                Self::Other(text) => f.write_str(text),
            }
        }
    }
    impl ::std::str::FromStr for OpenText {
        type Err = ::std::convert::Infallible;
        fn from_str(
            value: &str,
        ) -> ::std::result::Result<Self, ::std::convert::Infallible> {
            Ok(value.into())
        }
    }
    impl ::std::convert::From<&str> for OpenText {
        fn from(value: &str) -> Self {
            match value {
                "red" => Self::Red,
                "green" => Self::Green,
                other => Self::Other(other.to_owned()),
            }
        }
    }
    impl ::std::convert::From<::std::string::String> for OpenText {
        fn from(value: ::std::string::String) -> Self {
            value.as_str().into()
        }
    }
    ///`Option`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default, PartialEq)]
    pub struct Option {
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub value: ::std::option::Option<::std::string::String>,
    }
    impl Option {
        pub fn builder() -> builder::Option {
            Default::default()
        }
    }
    ///`Outcome`
    #[derive(
        ::serde::Deserialize,
        ::serde::Serialize,
        Clone,
        Debug,
        Eq,
        Hash,
        Ord,
        PartialEq,
        PartialOrd
    )]
    #[serde(from = "::std::string::String")]
    pub enum Outcome {
        #[serde(rename = "ok")]
        Ok,
        #[serde(rename = "err")]
        Err,
        #[serde(rename = "error")]
        Error,
        #[serde(rename = "self")]
        Self_,
        /// A value that the document does not list.
        #[serde(untagged)]
        Other(::std::string::String),
    }
    impl ::std::fmt::Display for Outcome {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            match self {
                Self::Ok => f.write_str("ok"),
                Self::Err => f.write_str("err"),
                Self::Error => f.write_str("error"),
                Self::Self_ => f.write_str("self"),
                Self::Other(text) => f.write_str(text),
            }
        }
    }
    impl ::std::str::FromStr for Outcome {
        type Err = ::std::convert::Infallible;
        fn from_str(
            value: &str,
        ) -> ::std::result::Result<Self, ::std::convert::Infallible> {
            Ok(value.into())
        }
    }
    impl ::std::convert::From<&str> for Outcome {
        fn from(value: &str) -> Self {
            match value {
                "ok" => Self::Ok,
                "err" => Self::Err,
                "error" => Self::Error,
                "self" => Self::Self_,
                other => Self::Other(other.to_owned()),
            }
        }
    }
    impl ::std::convert::From<::std::string::String> for Outcome {
        fn from(value: ::std::string::String) -> Self {
            value.as_str().into()
        }
    }
    ///`Payment`
    #[derive(::serde::Serialize, Clone, Debug, PartialEq)]
    #[serde(untagged)]
    pub enum Payment {
        Cash(PaymentCash),
        Card(PaymentCard),
        /// A value that fits none of the others.
        Other(::serde_json::Value),
    }
    impl<'de> ::serde::Deserialize<'de> for Payment {
        fn deserialize<D: ::serde::Deserializer<'de>>(
            deserializer: D,
        ) -> ::std::result::Result<Self, D::Error> {
            ::spec_first_runtime::choose(
                deserializer,
                &[
                    ::spec_first_runtime::Branch::new(
                            "object",
                            |value| {
                                ::serde::Deserialize::deserialize(value).map(Self::Cash)
                            },
                        )
                        .properties(&["amount", "coins"])
                        .required(&["amount", "coins"]),
                    ::spec_first_runtime::Branch::new(
                            "object",
                            |value| {
                                ::serde::Deserialize::deserialize(value).map(Self::Card)
                            },
                        )
                        .properties(&["amount", "account", "limit"])
                        .required(&["amount"]),
                ],
                ::std::option::Option::Some(Self::Other),
            )
        }
    }
    impl ::std::convert::From<PaymentCash> for Payment {
        fn from(value: PaymentCash) -> Self {
            Self::Cash(value)
        }
    }
    impl ::std::convert::From<PaymentCard> for Payment {
        fn from(value: PaymentCard) -> Self {
            Self::Card(value)
        }
    }
    ///card
    #[derive(::serde::Serialize, Clone, Debug, PartialEq)]
    #[serde(untagged)]
    pub enum PaymentCard {
        Debit(PaymentCardDebit),
        Credit(PaymentCardCredit),
        /// A value that fits none of the others.
        Other(::serde_json::Value),
    }
    impl<'de> ::serde::Deserialize<'de> for PaymentCard {
        fn deserialize<D: ::serde::Deserializer<'de>>(
            deserializer: D,
        ) -> ::std::result::Result<Self, D::Error> {
            ::spec_first_runtime::choose(
                deserializer,
                &[
                    ::spec_first_runtime::Branch::new(
                            "object",
                            |value| {
                                ::serde::Deserialize::deserialize(value).map(Self::Debit)
                            },
                        )
                        .properties(&["amount", "account"])
                        .required(&["amount", "account"]),
                    ::spec_first_runtime::Branch::new(
                            "object",
                            |value| {
                                ::serde::Deserialize::deserialize(value).map(Self::Credit)
                            },
                        )
                        .properties(&["amount", "limit"])
                        .required(&["amount", "limit"]),
                ],
                ::std::option::Option::Some(Self::Other),
            )
        }
    }
    impl ::std::convert::From<PaymentCardDebit> for PaymentCard {
        fn from(value: PaymentCardDebit) -> Self {
            Self::Debit(value)
        }
    }
    impl ::std::convert::From<PaymentCardCredit> for PaymentCard {
        fn from(value: PaymentCardCredit) -> Self {
            Self::Credit(value)
        }
    }
    ///credit
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct PaymentCardCredit {
        pub amount: f64,
        pub limit: f64,
    }
    impl PaymentCardCredit {
        pub fn builder() -> builder::PaymentCardCredit {
            Default::default()
        }
    }
    ///debit
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct PaymentCardDebit {
        pub account: ::std::string::String,
        pub amount: f64,
    }
    impl PaymentCardDebit {
        pub fn builder() -> builder::PaymentCardDebit {
            Default::default()
        }
    }
    ///cash
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct PaymentCash {
        pub amount: f64,
        pub coins: i64,
    }
    impl PaymentCash {
        pub fn builder() -> builder::PaymentCash {
            Default::default()
        }
    }
    ///`Person`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct Person {
        pub email: ::std::string::String,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub id: ::std::option::Option<::std::string::String>,
    }
    impl Person {
        pub fn builder() -> builder::Person {
            Default::default()
        }
    }
    ///`Pet`
    #[derive(::serde::Serialize, Clone, Debug, PartialEq)]
    #[serde(untagged)]
    pub enum Pet {
        Cat(Cat),
        Dog(Dog),
        /// A value that fits none of the others.
        Other(::serde_json::Value),
    }
    impl<'de> ::serde::Deserialize<'de> for Pet {
        fn deserialize<D: ::serde::Deserializer<'de>>(
            deserializer: D,
        ) -> ::std::result::Result<Self, D::Error> {
            ::spec_first_runtime::choose(
                deserializer,
                &[
                    ::spec_first_runtime::Branch::new(
                            "object",
                            |value| {
                                ::serde::Deserialize::deserialize(value).map(Self::Cat)
                            },
                        )
                        .properties(&["kind", "name"])
                        .selected_by("kind", &["kitten"]),
                    ::spec_first_runtime::Branch::new(
                            "object",
                            |value| {
                                ::serde::Deserialize::deserialize(value).map(Self::Dog)
                            },
                        )
                        .properties(&["kind", "name", "barks"])
                        .selected_by("kind", &["Dog"]),
                ],
                ::std::option::Option::Some(Self::Other),
            )
        }
    }
    impl ::std::convert::From<Cat> for Pet {
        fn from(value: Cat) -> Self {
            Self::Cat(value)
        }
    }
    impl ::std::convert::From<Dog> for Pet {
        fn from(value: Dog) -> Self {
            Self::Dog(value)
        }
    }
    ///`Refined`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default, PartialEq)]
    pub struct Refined {
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub span: ::std::option::Option<RefinedSpan>,
    }
    impl Refined {
        pub fn builder() -> builder::Refined {
            Default::default()
        }
    }
    ///`RefinedSpan`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default, PartialEq)]
    pub struct RefinedSpan {
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub from: ::std::option::Option<::std::string::String>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub to: ::std::option::Option<::std::string::String>,
    }
    impl RefinedSpan {
        pub fn builder() -> builder::RefinedSpan {
            Default::default()
        }
    }
    ///`Reply`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct Reply {
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub animal: ::std::option::Option<ReplyAnimal>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub at: ::std::option::Option<::spec_first_runtime::Timestamp>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub contact: ::std::option::Option<Contact>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub day: ::std::option::Option<::std::string::String>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub expression: ::std::option::Option<Expression>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub fruit: ::std::option::Option<Fruit>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub merged: ::std::option::Option<Merged>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub names: ::std::option::Option<Names>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub nested: ::std::option::Option<Nested>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub newer: ::std::option::Option<Newer>,
        #[serde(rename = "nickName")]
        pub nick_name: ::std::option::Option<::std::string::String>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub numbers: ::std::option::Option<Numbers>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub open: ::std::option::Option<OpenText>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub payment: ::std::option::Option<Payment>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub pet: ::std::option::Option<Pet>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub scalar: ::std::option::Option<Scalar>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub shape: ::std::option::Option<Shape>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub spelled: ::std::option::Option<Spelled>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub subtype: ::std::option::Option<Subtype>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub tags: ::std::option::Option<::std::vec::Vec<::std::string::String>>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub tree: ::std::option::Option<Tree>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub uuid: ::std::option::Option<::std::string::String>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub vehicle: ::std::option::Option<Vehicle>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub vote: ::std::option::Option<Vote>,
    }
    impl Reply {
        pub fn builder() -> builder::Reply {
            Default::default()
        }
    }
    ///`ReplyAnimal`
    #[derive(
        ::serde::Deserialize,
        ::serde::Serialize,
        Clone,
        Debug,
        Eq,
        Hash,
        Ord,
        PartialEq,
        PartialOrd
    )]
    #[serde(from = "::std::string::String")]
    pub enum ReplyAnimal {
        #[serde(rename = "cat")]
        Cat,
        #[serde(rename = "dog")]
        Dog,
        /// A value that the document does not list.
        #[serde(untagged)]
        Other(::std::string::String),
    }
    impl ::std::fmt::Display for ReplyAnimal {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            match self {
                Self::Cat => f.write_str("cat"),
                Self::Dog => f.write_str("dog"),
                Self::Other(text) => f.write_str(text),
            }
        }
    }
    impl ::std::str::FromStr for ReplyAnimal {
        type Err = ::std::convert::Infallible;
        fn from_str(
            value: &str,
        ) -> ::std::result::Result<Self, ::std::convert::Infallible> {
            Ok(value.into())
        }
    }
    impl ::std::convert::From<&str> for ReplyAnimal {
        fn from(value: &str) -> Self {
            match value {
                "cat" => Self::Cat,
                "dog" => Self::Dog,
                other => Self::Other(other.to_owned()),
            }
        }
    }
    impl ::std::convert::From<::std::string::String> for ReplyAnimal {
        fn from(value: ::std::string::String) -> Self {
            value.as_str().into()
        }
    }
    ///`Result`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default, PartialEq)]
    pub struct Result {
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub error: ::std::option::Option<Error>,
    }
    impl Result {
        pub fn builder() -> builder::Result {
            Default::default()
        }
    }
    ///`Row`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default, PartialEq)]
    pub struct Row {
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub a: ::std::option::Option<::std::string::String>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub b: ::std::option::Option<::std::string::String>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub c: ::std::option::Option<::std::string::String>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub d: ::std::option::Option<::std::string::String>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub e: ::std::option::Option<::std::string::String>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub f: ::std::option::Option<::std::string::String>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub g: ::std::option::Option<::std::string::String>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub h: ::std::option::Option<::std::string::String>,
    }
    impl Row {
        pub fn builder() -> builder::Row {
            Default::default()
        }
    }
    ///`Scalar`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    #[serde(untagged)]
    pub enum Scalar {
        String(::std::string::String),
        Int64(i64),
        Boolean(bool),
        /// A value that fits none of the others.
        Other(::serde_json::Value),
    }
    impl ::std::fmt::Display for Scalar {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            match self {
                Self::String(x) => x.fmt(f),
                Self::Int64(x) => x.fmt(f),
                Self::Boolean(x) => x.fmt(f),
                Self::Other(x) => x.fmt(f),
            }
        }
    }
    impl ::std::convert::From<i64> for Scalar {
        fn from(value: i64) -> Self {
            Self::Int64(value)
        }
    }
    impl ::std::convert::From<bool> for Scalar {
        fn from(value: bool) -> Self {
            Self::Boolean(value)
        }
    }
    ///`SelfType`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    #[serde(transparent)]
    pub struct SelfType(pub bool);
    impl ::std::ops::Deref for SelfType {
        type Target = bool;
        fn deref(&self) -> &bool {
            &self.0
        }
    }
    impl ::std::convert::From<SelfType> for bool {
        fn from(value: SelfType) -> Self {
            value.0
        }
    }
    impl ::std::convert::From<bool> for SelfType {
        fn from(value: bool) -> Self {
            Self(value)
        }
    }
    impl ::std::fmt::Display for SelfType {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            self.0.fmt(f)
        }
    }
    impl ::std::str::FromStr for SelfType {
        type Err = <bool as ::std::str::FromStr>::Err;
        fn from_str(value: &str) -> ::std::result::Result<Self, Self::Err> {
            Ok(Self(value.parse()?))
        }
    }
    impl ::std::convert::TryFrom<&str> for SelfType {
        type Error = <bool as ::std::str::FromStr>::Err;
        fn try_from(value: &str) -> ::std::result::Result<Self, Self::Error> {
            value.parse()
        }
    }
    impl ::std::convert::TryFrom<String> for SelfType {
        type Error = <bool as ::std::str::FromStr>::Err;
        fn try_from(value: String) -> ::std::result::Result<Self, Self::Error> {
            value.parse()
        }
    }
    ///`SendKindsBody`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default, PartialEq)]
    pub struct SendKindsBody {
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub both: ::std::option::Option<Both>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub update: ::std::option::Option<Update>,
    }
    impl SendKindsBody {
        pub fn builder() -> builder::SendKindsBody {
            Default::default()
        }
    }
    ///`SendKindsResponse`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default, PartialEq)]
    pub struct SendKindsResponse {
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub both: ::std::option::Option<Both>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub reply: ::std::option::Option<::std::boxed::Box<Reply>>,
    }
    impl SendKindsResponse {
        pub fn builder() -> builder::SendKindsResponse {
            Default::default()
        }
    }
    ///`SendKindsSort`
    #[derive(
        ::serde::Deserialize,
        ::serde::Serialize,
        Clone,
        Copy,
        Debug,
        Eq,
        Hash,
        Ord,
        PartialEq,
        PartialOrd
    )]
    pub enum SendKindsSort {
        #[serde(rename = "name")]
        Name,
        #[serde(rename = "-name")]
        MinusName,
    }
    impl ::std::fmt::Display for SendKindsSort {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            match *self {
                Self::Name => f.write_str("name"),
                Self::MinusName => f.write_str("-name"),
            }
        }
    }
    impl ::std::str::FromStr for SendKindsSort {
        type Err = self::error::ConversionError;
        fn from_str(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            match value {
                "name" => Ok(Self::Name),
                "-name" => Ok(Self::MinusName),
                _ => Err("invalid value".into()),
            }
        }
    }
    impl ::std::convert::TryFrom<&str> for SendKindsSort {
        type Error = self::error::ConversionError;
        fn try_from(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl ::std::convert::TryFrom<::std::string::String> for SendKindsSort {
        type Error = self::error::ConversionError;
        fn try_from(
            value: ::std::string::String,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    ///`Shape`
    #[derive(::serde::Serialize, Clone, Debug, PartialEq)]
    #[serde(untagged)]
    pub enum Shape {
        Circle(ShapeCircle),
        Square(ShapeSquare),
        /// A value that fits none of the others.
        Other(::serde_json::Value),
    }
    impl<'de> ::serde::Deserialize<'de> for Shape {
        fn deserialize<D: ::serde::Deserializer<'de>>(
            deserializer: D,
        ) -> ::std::result::Result<Self, D::Error> {
            ::spec_first_runtime::choose(
                deserializer,
                &[
                    ::spec_first_runtime::Branch::new(
                            "object",
                            |value| {
                                ::serde::Deserialize::deserialize(value).map(Self::Circle)
                            },
                        )
                        .properties(&["type", "size"])
                        .selected_by("type", &["circle"]),
                    ::spec_first_runtime::Branch::new(
                            "object",
                            |value| {
                                ::serde::Deserialize::deserialize(value).map(Self::Square)
                            },
                        )
                        .properties(&["type", "size"])
                        .selected_by("type", &["square"]),
                ],
                ::std::option::Option::Some(Self::Other),
            )
        }
    }
    impl ::std::convert::From<ShapeCircle> for Shape {
        fn from(value: ShapeCircle) -> Self {
            Self::Circle(value)
        }
    }
    impl ::std::convert::From<ShapeSquare> for Shape {
        fn from(value: ShapeSquare) -> Self {
            Self::Square(value)
        }
    }
    ///circle
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default, PartialEq)]
    pub struct ShapeCircle {
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub size: ::std::option::Option<f64>,
        #[serde(rename = "type", skip_serializing_if = "::std::option::Option::is_none")]
        pub type_: ::std::option::Option<ShapeCircleType>,
    }
    impl ShapeCircle {
        pub fn builder() -> builder::ShapeCircle {
            Default::default()
        }
    }
    ///`ShapeCircleType`
    #[derive(
        ::serde::Deserialize,
        ::serde::Serialize,
        Clone,
        Debug,
        Eq,
        Hash,
        Ord,
        PartialEq,
        PartialOrd
    )]
    #[serde(from = "::std::string::String")]
    pub enum ShapeCircleType {
        #[serde(rename = "circle")]
        Circle,
        /// A value that the document does not list.
        #[serde(untagged)]
        Other(::std::string::String),
    }
    impl ::std::fmt::Display for ShapeCircleType {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            match self {
                Self::Circle => f.write_str("circle"),
                Self::Other(text) => f.write_str(text),
            }
        }
    }
    impl ::std::str::FromStr for ShapeCircleType {
        type Err = ::std::convert::Infallible;
        fn from_str(
            value: &str,
        ) -> ::std::result::Result<Self, ::std::convert::Infallible> {
            Ok(value.into())
        }
    }
    impl ::std::convert::From<&str> for ShapeCircleType {
        fn from(value: &str) -> Self {
            match value {
                "circle" => Self::Circle,
                other => Self::Other(other.to_owned()),
            }
        }
    }
    impl ::std::convert::From<::std::string::String> for ShapeCircleType {
        fn from(value: ::std::string::String) -> Self {
            value.as_str().into()
        }
    }
    ///square
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default, PartialEq)]
    pub struct ShapeSquare {
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub size: ::std::option::Option<f64>,
        #[serde(rename = "type", skip_serializing_if = "::std::option::Option::is_none")]
        pub type_: ::std::option::Option<ShapeSquareType>,
    }
    impl ShapeSquare {
        pub fn builder() -> builder::ShapeSquare {
            Default::default()
        }
    }
    ///`ShapeSquareType`
    #[derive(
        ::serde::Deserialize,
        ::serde::Serialize,
        Clone,
        Debug,
        Eq,
        Hash,
        Ord,
        PartialEq,
        PartialOrd
    )]
    #[serde(from = "::std::string::String")]
    pub enum ShapeSquareType {
        #[serde(rename = "square")]
        Square,
        /// A value that the document does not list.
        #[serde(untagged)]
        Other(::std::string::String),
    }
    impl ::std::fmt::Display for ShapeSquareType {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            match self {
                Self::Square => f.write_str("square"),
                Self::Other(text) => f.write_str(text),
            }
        }
    }
    impl ::std::str::FromStr for ShapeSquareType {
        type Err = ::std::convert::Infallible;
        fn from_str(
            value: &str,
        ) -> ::std::result::Result<Self, ::std::convert::Infallible> {
            Ok(value.into())
        }
    }
    impl ::std::convert::From<&str> for ShapeSquareType {
        fn from(value: &str) -> Self {
            match value {
                "square" => Self::Square,
                other => Self::Other(other.to_owned()),
            }
        }
    }
    impl ::std::convert::From<::std::string::String> for ShapeSquareType {
        fn from(value: ::std::string::String) -> Self {
            value.as_str().into()
        }
    }
    ///`Sheet`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default, PartialEq)]
    pub struct Sheet {
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub fifth: ::std::option::Option<Row>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub first: ::std::option::Option<Row>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub fourth: ::std::option::Option<Row>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub second: ::std::option::Option<Row>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub sixth: ::std::option::Option<Row>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub third: ::std::option::Option<Row>,
    }
    impl Sheet {
        pub fn builder() -> builder::Sheet {
            Default::default()
        }
    }
    ///`Span`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct Span {
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub part: ::std::option::Option<::std::boxed::Box<Combined>>,
        pub since: ::std::string::String,
    }
    impl Span {
        pub fn builder() -> builder::Span {
            Default::default()
        }
    }
    ///`Spelled`
    #[derive(::serde::Serialize, Clone, Debug, PartialEq)]
    #[serde(untagged)]
    pub enum Spelled {
        Color(Color),
        String(::std::string::String),
        /// A value that fits none of the others.
        Other(::serde_json::Value),
    }
    impl<'de> ::serde::Deserialize<'de> for Spelled {
        fn deserialize<D: ::serde::Deserializer<'de>>(
            deserializer: D,
        ) -> ::std::result::Result<Self, D::Error> {
            let value = <::serde_json::Value as ::serde::Deserialize>::deserialize(
                deserializer,
            )?;
            ::std::result::Result::Ok(
                match value {
                    ::serde_json::Value::String(text) => {
                        if let ::std::result::Result::Ok(value) = text.parse() {
                            Self::Color(value)
                        } else {
                            Self::String(text)
                        }
                    }
                    value => Self::Other(value),
                },
            )
        }
    }
    impl ::std::fmt::Display for Spelled {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            match self {
                Self::Color(x) => x.fmt(f),
                Self::String(x) => x.fmt(f),
                Self::Other(x) => x.fmt(f),
            }
        }
    }
    impl ::std::convert::From<Color> for Spelled {
        fn from(value: Color) -> Self {
            Self::Color(value)
        }
    }
    ///`StringType`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default, PartialEq)]
    pub struct StringType {
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub value: ::std::option::Option<::std::string::String>,
    }
    impl StringType {
        pub fn builder() -> builder::StringType {
            Default::default()
        }
    }
    ///`Subtype`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct Subtype {
        pub kind: ::std::string::String,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub own: ::std::option::Option<::std::string::String>,
    }
    impl Subtype {
        pub fn builder() -> builder::Subtype {
            Default::default()
        }
    }
    ///`Taxi`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct Taxi {
        pub kind: ::std::string::String,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub seats: ::std::option::Option<i64>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub towed: ::std::option::Option<Vehicle>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub wheels: ::std::option::Option<i64>,
    }
    impl Taxi {
        pub fn builder() -> builder::Taxi {
            Default::default()
        }
    }
    ///`Tree`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct Tree {
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub children: ::std::option::Option<::std::vec::Vec<Tree>>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none", default)]
        pub parent: ::std::option::Option<::std::boxed::Box<Tree>>,
        pub value: ::std::string::String,
    }
    impl Tree {
        pub fn builder() -> builder::Tree {
            Default::default()
        }
    }
    ///`Tree2`
    #[derive(
        ::serde::Deserialize,
        ::serde::Serialize,
        Clone,
        Debug,
        Eq,
        Hash,
        Ord,
        PartialEq,
        PartialOrd
    )]
    #[serde(transparent)]
    pub struct Tree2(pub ::std::string::String);
    impl ::std::ops::Deref for Tree2 {
        type Target = ::std::string::String;
        fn deref(&self) -> &::std::string::String {
            &self.0
        }
    }
    impl ::std::convert::From<Tree2> for ::std::string::String {
        fn from(value: Tree2) -> Self {
            value.0
        }
    }
    impl ::std::convert::From<::std::string::String> for Tree2 {
        fn from(value: ::std::string::String) -> Self {
            Self(value)
        }
    }
    impl ::std::fmt::Display for Tree2 {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            self.0.fmt(f)
        }
    }
    impl ::std::str::FromStr for Tree2 {
        type Err = ::std::convert::Infallible;
        fn from_str(value: &str) -> ::std::result::Result<Self, Self::Err> {
            Ok(Self(value.to_string()))
        }
    }
    ///`Update`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Default, PartialEq)]
    #[serde(deny_unknown_fields)]
    pub struct Update {
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub answers: ::std::option::Option<::std::vec::Vec<::std::string::String>>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub code: ::std::option::Option<i64>,
        #[doc = "How much: */ or /* or \"\\.\n\nDefault: `\"low\"`."]
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub level: ::std::option::Option<UpdateLevel>,
        ///Limits: `maxLength: 3`.
        #[serde(
            default,
            deserialize_with = "::spec_first_runtime::read_nullable",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub name: ::std::option::Option<::std::option::Option<::std::string::String>>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub password: ::std::option::Option<::spec_first_runtime::Secret>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub pin: ::std::option::Option<::spec_first_runtime::Secret>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub tags: ::std::option::Option<::std::vec::Vec<::std::string::String>>,
    }
    impl Update {
        pub fn builder() -> builder::Update {
            Default::default()
        }
    }
    #[doc = "How much: */ or /* or \"\\.\n\nDefault: `\"low\"`."]
    #[derive(
        ::serde::Deserialize,
        ::serde::Serialize,
        Clone,
        Copy,
        Debug,
        Eq,
        Hash,
        Ord,
        PartialEq,
        PartialOrd
    )]
    pub enum UpdateLevel {
        #[serde(rename = "low")]
        Low,
        #[serde(rename = "high")]
        High,
    }
    impl ::std::fmt::Display for UpdateLevel {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            match *self {
                Self::Low => f.write_str("low"),
                Self::High => f.write_str("high"),
            }
        }
    }
    impl ::std::str::FromStr for UpdateLevel {
        type Err = self::error::ConversionError;
        fn from_str(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            match value {
                "low" => Ok(Self::Low),
                "high" => Ok(Self::High),
                _ => Err("invalid value".into()),
            }
        }
    }
    impl ::std::convert::TryFrom<&str> for UpdateLevel {
        type Error = self::error::ConversionError;
        fn try_from(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl ::std::convert::TryFrom<::std::string::String> for UpdateLevel {
        type Error = self::error::ConversionError;
        fn try_from(
            value: ::std::string::String,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    ///`Vec`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    #[serde(transparent)]
    pub struct Vec(pub ::std::vec::Vec<Box>);
    impl ::std::ops::Deref for Vec {
        type Target = ::std::vec::Vec<Box>;
        fn deref(&self) -> &::std::vec::Vec<Box> {
            &self.0
        }
    }
    impl ::std::convert::From<Vec> for ::std::vec::Vec<Box> {
        fn from(value: Vec) -> Self {
            value.0
        }
    }
    impl ::std::convert::From<::std::vec::Vec<Box>> for Vec {
        fn from(value: ::std::vec::Vec<Box>) -> Self {
            Self(value)
        }
    }
    ///`Vehicle`
    #[derive(::serde::Serialize, Clone, Debug, PartialEq)]
    #[serde(untagged)]
    pub enum Vehicle {
        Bike(::std::boxed::Box<Bike>),
        Car(::std::boxed::Box<Car>),
        Base(::std::boxed::Box<VehicleBase>),
        /// A value that fits none of the others.
        Other(::serde_json::Value),
    }
    impl<'de> ::serde::Deserialize<'de> for Vehicle {
        fn deserialize<D: ::serde::Deserializer<'de>>(
            deserializer: D,
        ) -> ::std::result::Result<Self, D::Error> {
            ::spec_first_runtime::choose(
                deserializer,
                &[
                    ::spec_first_runtime::Branch::new(
                            "object",
                            |value| {
                                ::serde::Deserialize::deserialize(value).map(Self::Bike)
                            },
                        )
                        .properties(&["kind", "wheels", "towed", "bell"])
                        .required(&["kind"])
                        .selected_by("kind", &["bike"]),
                    ::spec_first_runtime::Branch::new(
                            "object",
                            |value| {
                                ::serde::Deserialize::deserialize(value).map(Self::Car)
                            },
                        )
                        .properties(&["kind", "wheels", "towed", "seats"])
                        .required(&["kind"])
                        .selected_by("kind", &["Car", "Taxi"]),
                    ::spec_first_runtime::Branch::new(
                            "object",
                            |value| {
                                ::serde::Deserialize::deserialize(value).map(Self::Base)
                            },
                        )
                        .properties(&["kind", "wheels", "towed"])
                        .required(&["kind"])
                        .selected_by("kind", &["any"]),
                ],
                ::std::option::Option::Some(Self::Other),
            )
        }
    }
    impl ::std::convert::From<Bike> for Vehicle {
        fn from(value: Bike) -> Self {
            Self::Bike(::std::boxed::Box::new(value))
        }
    }
    impl ::std::convert::From<Car> for Vehicle {
        fn from(value: Car) -> Self {
            Self::Car(::std::boxed::Box::new(value))
        }
    }
    impl ::std::convert::From<VehicleBase> for Vehicle {
        fn from(value: VehicleBase) -> Self {
            Self::Base(::std::boxed::Box::new(value))
        }
    }
    ///`VehicleBase`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct VehicleBase {
        pub kind: ::std::string::String,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub towed: ::std::option::Option<Vehicle>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub wheels: ::std::option::Option<i64>,
    }
    impl VehicleBase {
        pub fn builder() -> builder::VehicleBase {
            Default::default()
        }
    }
    ///`Vote`
    #[derive(
        ::serde::Deserialize,
        ::serde::Serialize,
        Clone,
        Debug,
        Eq,
        Hash,
        Ord,
        PartialEq,
        PartialOrd
    )]
    #[serde(from = "::std::string::String")]
    pub enum Vote {
        #[serde(rename = "+1")]
        Plus1,
        #[serde(rename = "-1")]
        Minus1,
        #[serde(rename = "")]
        Empty,
        #[serde(rename = "up")]
        Up,
        #[serde(rename = "UP")]
        Up2,
        #[serde(rename = "self")]
        Self_,
        Other,
        /// A value that the document does not list.
        #[serde(untagged)]
        Other2(::std::string::String),
    }
    impl ::std::fmt::Display for Vote {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            match self {
                Self::Plus1 => f.write_str("+1"),
                Self::Minus1 => f.write_str("-1"),
                Self::Empty => f.write_str(""),
                Self::Up => f.write_str("up"),
                Self::Up2 => f.write_str("UP"),
                Self::Self_ => f.write_str("self"),
                Self::Other => f.write_str("Other"),
                Self::Other2(text) => f.write_str(text),
            }
        }
    }
    impl ::std::str::FromStr for Vote {
        type Err = ::std::convert::Infallible;
        fn from_str(
            value: &str,
        ) -> ::std::result::Result<Self, ::std::convert::Infallible> {
            Ok(value.into())
        }
    }
    impl ::std::convert::From<&str> for Vote {
        fn from(value: &str) -> Self {
            match value {
                "+1" => Self::Plus1,
                "-1" => Self::Minus1,
                "" => Self::Empty,
                "up" => Self::Up,
                "UP" => Self::Up2,
                "self" => Self::Self_,
                "Other" => Self::Other,
                other => Self::Other2(other.to_owned()),
            }
        }
    }
    impl ::std::convert::From<::std::string::String> for Vote {
        fn from(value: ::std::string::String) -> Self {
            value.as_str().into()
        }
    }
    ///`X3dModel`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default, PartialEq)]
    pub struct X3dModel {
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub value: ::std::option::Option<::std::string::String>,
    }
    impl X3dModel {
        pub fn builder() -> builder::X3dModel {
            Default::default()
        }
    }
    /// Types for composing complex structures.
    pub mod builder {
        #[derive(Clone, Debug)]
        pub struct Anyone {
            id: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
        }
        impl ::std::default::Default for Anyone {
            fn default() -> Self {
                Self { id: Ok(Default::default()) }
            }
        }
        impl Anyone {
            pub fn id<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.id = ::spec_first_runtime::converted("id", value);
                self
            }
        }
        impl ::std::convert::TryFrom<Anyone> for super::Anyone {
            type Error = super::error::ConversionError;
            fn try_from(
                value: Anyone,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self { id: value.id? })
            }
        }
        impl ::std::convert::From<super::Anyone> for Anyone {
            fn from(value: super::Anyone) -> Self {
                Self { id: Ok(value.id) }
            }
        }
        #[derive(Clone, Debug)]
        pub struct BaseSubtype {
            kind: ::std::result::Result<::std::string::String, ::std::string::String>,
            own: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
        }
        impl ::std::default::Default for BaseSubtype {
            fn default() -> Self {
                Self {
                    kind: Err("no value supplied for kind".to_string()),
                    own: Ok(Default::default()),
                }
            }
        }
        impl BaseSubtype {
            pub fn kind<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.kind = ::spec_first_runtime::converted("kind", value);
                self
            }
            pub fn own<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.own = ::spec_first_runtime::converted("own", value);
                self
            }
        }
        impl ::std::convert::TryFrom<BaseSubtype> for super::BaseSubtype {
            type Error = super::error::ConversionError;
            fn try_from(
                value: BaseSubtype,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    kind: value.kind?,
                    own: value.own?,
                })
            }
        }
        impl ::std::convert::From<super::BaseSubtype> for BaseSubtype {
            fn from(value: super::BaseSubtype) -> Self {
                Self {
                    kind: Ok(value.kind),
                    own: Ok(value.own),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct Berry {
            color: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
            kind: ::std::result::Result<::std::string::String, ::std::string::String>,
            seeds: ::std::result::Result<
                ::std::option::Option<i64>,
                ::std::string::String,
            >,
        }
        impl ::std::default::Default for Berry {
            fn default() -> Self {
                Self {
                    color: Ok(Default::default()),
                    kind: Err("no value supplied for kind".to_string()),
                    seeds: Ok(Default::default()),
                }
            }
        }
        impl Berry {
            pub fn color<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.color = ::spec_first_runtime::converted("color", value);
                self
            }
            pub fn kind<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.kind = ::spec_first_runtime::converted("kind", value);
                self
            }
            pub fn seeds<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<i64>>,
                T::Error: ::std::fmt::Display,
            {
                self.seeds = ::spec_first_runtime::converted("seeds", value);
                self
            }
        }
        impl ::std::convert::TryFrom<Berry> for super::Berry {
            type Error = super::error::ConversionError;
            fn try_from(
                value: Berry,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    color: value.color?,
                    kind: value.kind?,
                    seeds: value.seeds?,
                })
            }
        }
        impl ::std::convert::From<super::Berry> for Berry {
            fn from(value: super::Berry) -> Self {
                Self {
                    color: Ok(value.color),
                    kind: Ok(value.kind),
                    seeds: Ok(value.seeds),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct Bike {
            bell: ::std::result::Result<
                ::std::option::Option<bool>,
                ::std::string::String,
            >,
            kind: ::std::result::Result<::std::string::String, ::std::string::String>,
            towed: ::std::result::Result<
                ::std::option::Option<super::Vehicle>,
                ::std::string::String,
            >,
            wheels: ::std::result::Result<
                ::std::option::Option<i64>,
                ::std::string::String,
            >,
        }
        impl ::std::default::Default for Bike {
            fn default() -> Self {
                Self {
                    bell: Ok(Default::default()),
                    kind: Err("no value supplied for kind".to_string()),
                    towed: Ok(Default::default()),
                    wheels: Ok(Default::default()),
                }
            }
        }
        impl Bike {
            pub fn bell<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<bool>>,
                T::Error: ::std::fmt::Display,
            {
                self.bell = ::spec_first_runtime::converted("bell", value);
                self
            }
            pub fn kind<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.kind = ::spec_first_runtime::converted("kind", value);
                self
            }
            pub fn towed<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<super::Vehicle>>,
                T::Error: ::std::fmt::Display,
            {
                self.towed = ::spec_first_runtime::converted("towed", value);
                self
            }
            pub fn wheels<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<i64>>,
                T::Error: ::std::fmt::Display,
            {
                self.wheels = ::spec_first_runtime::converted("wheels", value);
                self
            }
        }
        impl ::std::convert::TryFrom<Bike> for super::Bike {
            type Error = super::error::ConversionError;
            fn try_from(
                value: Bike,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    bell: value.bell?,
                    kind: value.kind?,
                    towed: value.towed?,
                    wheels: value.wheels?,
                })
            }
        }
        impl ::std::convert::From<super::Bike> for Bike {
            fn from(value: super::Bike) -> Self {
                Self {
                    bell: Ok(value.bell),
                    kind: Ok(value.kind),
                    towed: Ok(value.towed),
                    wheels: Ok(value.wheels),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct Book {
            cover: ::std::result::Result<
                ::std::boxed::Box<super::Sheet>,
                ::std::string::String,
            >,
            index: ::std::result::Result<
                ::std::option::Option<::std::boxed::Box<super::Sheet>>,
                ::std::string::String,
            >,
            next: ::std::result::Result<
                ::std::option::Option<super::BookNext>,
                ::std::string::String,
            >,
        }
        impl ::std::default::Default for Book {
            fn default() -> Self {
                Self {
                    cover: Err("no value supplied for cover".to_string()),
                    index: Ok(Default::default()),
                    next: Ok(Default::default()),
                }
            }
        }
        impl Book {
            pub fn cover<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::boxed::Box<super::Sheet>>,
                T::Error: ::std::fmt::Display,
            {
                self.cover = ::spec_first_runtime::converted("cover", value);
                self
            }
            pub fn index<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<
                    ::std::option::Option<::std::boxed::Box<super::Sheet>>,
                >,
                T::Error: ::std::fmt::Display,
            {
                self.index = ::spec_first_runtime::converted("index", value);
                self
            }
            pub fn next<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<super::BookNext>>,
                T::Error: ::std::fmt::Display,
            {
                self.next = ::spec_first_runtime::converted("next", value);
                self
            }
        }
        impl ::std::convert::TryFrom<Book> for super::Book {
            type Error = super::error::ConversionError;
            fn try_from(
                value: Book,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    cover: value.cover?,
                    index: value.index?,
                    next: value.next?,
                })
            }
        }
        impl ::std::convert::From<super::Book> for Book {
            fn from(value: super::Book) -> Self {
                Self {
                    cover: Ok(value.cover),
                    index: Ok(value.index),
                    next: Ok(value.next),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct Both {
            id: ::std::result::Result<::std::option::Option<i64>, ::std::string::String>,
            name: ::std::result::Result<::std::string::String, ::std::string::String>,
            note: ::std::result::Result<
                ::std::option::Option<::std::option::Option<::std::string::String>>,
                ::std::string::String,
            >,
        }
        impl ::std::default::Default for Both {
            fn default() -> Self {
                Self {
                    id: Ok(Default::default()),
                    name: Err("no value supplied for name".to_string()),
                    note: Ok(Default::default()),
                }
            }
        }
        impl Both {
            pub fn id<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<i64>>,
                T::Error: ::std::fmt::Display,
            {
                self.id = ::spec_first_runtime::converted("id", value);
                self
            }
            pub fn name<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.name = ::spec_first_runtime::converted("name", value);
                self
            }
            pub fn note<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<
                    ::std::option::Option<::std::option::Option<::std::string::String>>,
                >,
                T::Error: ::std::fmt::Display,
            {
                self.note = ::spec_first_runtime::converted("note", value);
                self
            }
        }
        impl ::std::convert::TryFrom<Both> for super::Both {
            type Error = super::error::ConversionError;
            fn try_from(
                value: Both,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    id: value.id?,
                    name: value.name?,
                    note: value.note?,
                })
            }
        }
        impl ::std::convert::From<super::Both> for Both {
            fn from(value: super::Both) -> Self {
                Self {
                    id: Ok(value.id),
                    name: Ok(value.name),
                    note: Ok(value.note),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct Box {
            value: ::std::result::Result<
                ::std::option::Option<super::Option>,
                ::std::string::String,
            >,
        }
        impl ::std::default::Default for Box {
            fn default() -> Self {
                Self {
                    value: Ok(Default::default()),
                }
            }
        }
        impl Box {
            pub fn value<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<super::Option>>,
                T::Error: ::std::fmt::Display,
            {
                self.value = ::spec_first_runtime::converted("value", value);
                self
            }
        }
        impl ::std::convert::TryFrom<Box> for super::Box {
            type Error = super::error::ConversionError;
            fn try_from(
                value: Box,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self { value: value.value? })
            }
        }
        impl ::std::convert::From<super::Box> for Box {
            fn from(value: super::Box) -> Self {
                Self { value: Ok(value.value) }
            }
        }
        #[derive(Clone, Debug)]
        pub struct Car {
            kind: ::std::result::Result<::std::string::String, ::std::string::String>,
            seats: ::std::result::Result<
                ::std::option::Option<i64>,
                ::std::string::String,
            >,
            towed: ::std::result::Result<
                ::std::option::Option<super::Vehicle>,
                ::std::string::String,
            >,
            wheels: ::std::result::Result<
                ::std::option::Option<i64>,
                ::std::string::String,
            >,
        }
        impl ::std::default::Default for Car {
            fn default() -> Self {
                Self {
                    kind: Err("no value supplied for kind".to_string()),
                    seats: Ok(Default::default()),
                    towed: Ok(Default::default()),
                    wheels: Ok(Default::default()),
                }
            }
        }
        impl Car {
            pub fn kind<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.kind = ::spec_first_runtime::converted("kind", value);
                self
            }
            pub fn seats<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<i64>>,
                T::Error: ::std::fmt::Display,
            {
                self.seats = ::spec_first_runtime::converted("seats", value);
                self
            }
            pub fn towed<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<super::Vehicle>>,
                T::Error: ::std::fmt::Display,
            {
                self.towed = ::spec_first_runtime::converted("towed", value);
                self
            }
            pub fn wheels<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<i64>>,
                T::Error: ::std::fmt::Display,
            {
                self.wheels = ::spec_first_runtime::converted("wheels", value);
                self
            }
        }
        impl ::std::convert::TryFrom<Car> for super::Car {
            type Error = super::error::ConversionError;
            fn try_from(
                value: Car,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    kind: value.kind?,
                    seats: value.seats?,
                    towed: value.towed?,
                    wheels: value.wheels?,
                })
            }
        }
        impl ::std::convert::From<super::Car> for Car {
            fn from(value: super::Car) -> Self {
                Self {
                    kind: Ok(value.kind),
                    seats: Ok(value.seats),
                    towed: Ok(value.towed),
                    wheels: Ok(value.wheels),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct Cat {
            kind: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
            name: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
        }
        impl ::std::default::Default for Cat {
            fn default() -> Self {
                Self {
                    kind: Ok(Default::default()),
                    name: Ok(Default::default()),
                }
            }
        }
        impl Cat {
            pub fn kind<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.kind = ::spec_first_runtime::converted("kind", value);
                self
            }
            pub fn name<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.name = ::spec_first_runtime::converted("name", value);
                self
            }
        }
        impl ::std::convert::TryFrom<Cat> for super::Cat {
            type Error = super::error::ConversionError;
            fn try_from(
                value: Cat,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    kind: value.kind?,
                    name: value.name?,
                })
            }
        }
        impl ::std::convert::From<super::Cat> for Cat {
            fn from(value: super::Cat) -> Self {
                Self {
                    kind: Ok(value.kind),
                    name: Ok(value.name),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct Circle {
            radius: ::std::result::Result<
                ::std::option::Option<f64>,
                ::std::string::String,
            >,
        }
        impl ::std::default::Default for Circle {
            fn default() -> Self {
                Self {
                    radius: Ok(Default::default()),
                }
            }
        }
        impl Circle {
            pub fn radius<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<f64>>,
                T::Error: ::std::fmt::Display,
            {
                self.radius = ::spec_first_runtime::converted("radius", value);
                self
            }
        }
        impl ::std::convert::TryFrom<Circle> for super::Circle {
            type Error = super::error::ConversionError;
            fn try_from(
                value: Circle,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self { radius: value.radius? })
            }
        }
        impl ::std::convert::From<super::Circle> for Circle {
            fn from(value: super::Circle) -> Self {
                Self { radius: Ok(value.radius) }
            }
        }
        #[derive(Clone, Debug)]
        pub struct Combined {
            cells: ::std::result::Result<
                ::std::option::Option<
                    ::std::collections::HashMap<
                        ::std::string::String,
                        super::CombinedCellsValue,
                    >,
                >,
                ::std::string::String,
            >,
            rows: ::std::result::Result<
                ::std::option::Option<::std::vec::Vec<super::CombinedRowsItem>>,
                ::std::string::String,
            >,
            span: ::std::result::Result<
                ::std::option::Option<super::CombinedSpan>,
                ::std::string::String,
            >,
        }
        impl ::std::default::Default for Combined {
            fn default() -> Self {
                Self {
                    cells: Ok(Default::default()),
                    rows: Ok(Default::default()),
                    span: Ok(Default::default()),
                }
            }
        }
        impl Combined {
            pub fn cells<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<
                    ::std::option::Option<
                        ::std::collections::HashMap<
                            ::std::string::String,
                            super::CombinedCellsValue,
                        >,
                    >,
                >,
                T::Error: ::std::fmt::Display,
            {
                self.cells = ::spec_first_runtime::converted("cells", value);
                self
            }
            pub fn rows<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<
                    ::std::option::Option<::std::vec::Vec<super::CombinedRowsItem>>,
                >,
                T::Error: ::std::fmt::Display,
            {
                self.rows = ::spec_first_runtime::converted("rows", value);
                self
            }
            pub fn span<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<super::CombinedSpan>>,
                T::Error: ::std::fmt::Display,
            {
                self.span = ::spec_first_runtime::converted("span", value);
                self
            }
        }
        impl ::std::convert::TryFrom<Combined> for super::Combined {
            type Error = super::error::ConversionError;
            fn try_from(
                value: Combined,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    cells: value.cells?,
                    rows: value.rows?,
                    span: value.span?,
                })
            }
        }
        impl ::std::convert::From<super::Combined> for Combined {
            fn from(value: super::Combined) -> Self {
                Self {
                    cells: Ok(value.cells),
                    rows: Ok(value.rows),
                    span: Ok(value.span),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct CombinedCellsValue {
            left: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
            right: ::std::result::Result<
                ::std::option::Option<i64>,
                ::std::string::String,
            >,
        }
        impl ::std::default::Default for CombinedCellsValue {
            fn default() -> Self {
                Self {
                    left: Ok(Default::default()),
                    right: Ok(Default::default()),
                }
            }
        }
        impl CombinedCellsValue {
            pub fn left<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.left = ::spec_first_runtime::converted("left", value);
                self
            }
            pub fn right<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<i64>>,
                T::Error: ::std::fmt::Display,
            {
                self.right = ::spec_first_runtime::converted("right", value);
                self
            }
        }
        impl ::std::convert::TryFrom<CombinedCellsValue> for super::CombinedCellsValue {
            type Error = super::error::ConversionError;
            fn try_from(
                value: CombinedCellsValue,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    left: value.left?,
                    right: value.right?,
                })
            }
        }
        impl ::std::convert::From<super::CombinedCellsValue> for CombinedCellsValue {
            fn from(value: super::CombinedCellsValue) -> Self {
                Self {
                    left: Ok(value.left),
                    right: Ok(value.right),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct CombinedRowsItem {
            deep: ::std::result::Result<
                ::std::option::Option<super::CombinedRowsItemDeep>,
                ::std::string::String,
            >,
            left: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
            right: ::std::result::Result<
                ::std::option::Option<i64>,
                ::std::string::String,
            >,
        }
        impl ::std::default::Default for CombinedRowsItem {
            fn default() -> Self {
                Self {
                    deep: Ok(Default::default()),
                    left: Ok(Default::default()),
                    right: Ok(Default::default()),
                }
            }
        }
        impl CombinedRowsItem {
            pub fn deep<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<
                    ::std::option::Option<super::CombinedRowsItemDeep>,
                >,
                T::Error: ::std::fmt::Display,
            {
                self.deep = ::spec_first_runtime::converted("deep", value);
                self
            }
            pub fn left<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.left = ::spec_first_runtime::converted("left", value);
                self
            }
            pub fn right<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<i64>>,
                T::Error: ::std::fmt::Display,
            {
                self.right = ::spec_first_runtime::converted("right", value);
                self
            }
        }
        impl ::std::convert::TryFrom<CombinedRowsItem> for super::CombinedRowsItem {
            type Error = super::error::ConversionError;
            fn try_from(
                value: CombinedRowsItem,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    deep: value.deep?,
                    left: value.left?,
                    right: value.right?,
                })
            }
        }
        impl ::std::convert::From<super::CombinedRowsItem> for CombinedRowsItem {
            fn from(value: super::CombinedRowsItem) -> Self {
                Self {
                    deep: Ok(value.deep),
                    left: Ok(value.left),
                    right: Ok(value.right),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct CombinedRowsItemDeep {
            a: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
            b: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
        }
        impl ::std::default::Default for CombinedRowsItemDeep {
            fn default() -> Self {
                Self {
                    a: Ok(Default::default()),
                    b: Ok(Default::default()),
                }
            }
        }
        impl CombinedRowsItemDeep {
            pub fn a<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.a = ::spec_first_runtime::converted("a", value);
                self
            }
            pub fn b<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.b = ::spec_first_runtime::converted("b", value);
                self
            }
        }
        impl ::std::convert::TryFrom<CombinedRowsItemDeep>
        for super::CombinedRowsItemDeep {
            type Error = super::error::ConversionError;
            fn try_from(
                value: CombinedRowsItemDeep,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self { a: value.a?, b: value.b? })
            }
        }
        impl ::std::convert::From<super::CombinedRowsItemDeep> for CombinedRowsItemDeep {
            fn from(value: super::CombinedRowsItemDeep) -> Self {
                Self {
                    a: Ok(value.a),
                    b: Ok(value.b),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct CombinedSpan {
            during: ::std::result::Result<
                ::std::option::Option<bool>,
                ::std::string::String,
            >,
            part: ::std::result::Result<
                ::std::option::Option<::std::boxed::Box<super::Combined>>,
                ::std::string::String,
            >,
            since: ::std::result::Result<::std::string::String, ::std::string::String>,
            until: ::std::result::Result<
                ::std::option::Option<::spec_first_runtime::Secret>,
                ::std::string::String,
            >,
        }
        impl ::std::default::Default for CombinedSpan {
            fn default() -> Self {
                Self {
                    during: Ok(Default::default()),
                    part: Ok(Default::default()),
                    since: Err("no value supplied for since".to_string()),
                    until: Ok(Default::default()),
                }
            }
        }
        impl CombinedSpan {
            pub fn during<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<bool>>,
                T::Error: ::std::fmt::Display,
            {
                self.during = ::spec_first_runtime::converted("during", value);
                self
            }
            pub fn part<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<
                    ::std::option::Option<::std::boxed::Box<super::Combined>>,
                >,
                T::Error: ::std::fmt::Display,
            {
                self.part = ::spec_first_runtime::converted("part", value);
                self
            }
            pub fn since<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.since = ::spec_first_runtime::converted("since", value);
                self
            }
            pub fn until<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<
                    ::std::option::Option<::spec_first_runtime::Secret>,
                >,
                T::Error: ::std::fmt::Display,
            {
                self.until = ::spec_first_runtime::converted("until", value);
                self
            }
        }
        impl ::std::convert::TryFrom<CombinedSpan> for super::CombinedSpan {
            type Error = super::error::ConversionError;
            fn try_from(
                value: CombinedSpan,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    during: value.during?,
                    part: value.part?,
                    since: value.since?,
                    until: value.until?,
                })
            }
        }
        impl ::std::convert::From<super::CombinedSpan> for CombinedSpan {
            fn from(value: super::CombinedSpan) -> Self {
                Self {
                    during: Ok(value.during),
                    part: Ok(value.part),
                    since: Ok(value.since),
                    until: Ok(value.until),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct DefaultType {
            value: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
        }
        impl ::std::default::Default for DefaultType {
            fn default() -> Self {
                Self {
                    value: Ok(Default::default()),
                }
            }
        }
        impl DefaultType {
            pub fn value<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.value = ::spec_first_runtime::converted("value", value);
                self
            }
        }
        impl ::std::convert::TryFrom<DefaultType> for super::DefaultType {
            type Error = super::error::ConversionError;
            fn try_from(
                value: DefaultType,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self { value: value.value? })
            }
        }
        impl ::std::convert::From<super::DefaultType> for DefaultType {
            fn from(value: super::DefaultType) -> Self {
                Self { value: Ok(value.value) }
            }
        }
        #[derive(Clone, Debug)]
        pub struct Dog {
            barks: ::std::result::Result<
                ::std::option::Option<bool>,
                ::std::string::String,
            >,
            kind: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
            name: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
        }
        impl ::std::default::Default for Dog {
            fn default() -> Self {
                Self {
                    barks: Ok(Default::default()),
                    kind: Ok(Default::default()),
                    name: Ok(Default::default()),
                }
            }
        }
        impl Dog {
            pub fn barks<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<bool>>,
                T::Error: ::std::fmt::Display,
            {
                self.barks = ::spec_first_runtime::converted("barks", value);
                self
            }
            pub fn kind<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.kind = ::spec_first_runtime::converted("kind", value);
                self
            }
            pub fn name<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.name = ::spec_first_runtime::converted("name", value);
                self
            }
        }
        impl ::std::convert::TryFrom<Dog> for super::Dog {
            type Error = super::error::ConversionError;
            fn try_from(
                value: Dog,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    barks: value.barks?,
                    kind: value.kind?,
                    name: value.name?,
                })
            }
        }
        impl ::std::convert::From<super::Dog> for Dog {
            fn from(value: super::Dog) -> Self {
                Self {
                    barks: Ok(value.barks),
                    kind: Ok(value.kind),
                    name: Ok(value.name),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct Error {
            message: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
        }
        impl ::std::default::Default for Error {
            fn default() -> Self {
                Self {
                    message: Ok(Default::default()),
                }
            }
        }
        impl Error {
            pub fn message<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.message = ::spec_first_runtime::converted("message", value);
                self
            }
        }
        impl ::std::convert::TryFrom<Error> for super::Error {
            type Error = super::error::ConversionError;
            fn try_from(
                value: Error,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self { message: value.message? })
            }
        }
        impl ::std::convert::From<super::Error> for Error {
            fn from(value: super::Error) -> Self {
                Self { message: Ok(value.message) }
            }
        }
        #[derive(Clone, Debug)]
        pub struct ExpressionNegation {
            negated: ::std::result::Result<super::Expression, ::std::string::String>,
        }
        impl ::std::default::Default for ExpressionNegation {
            fn default() -> Self {
                Self {
                    negated: Err("no value supplied for negated".to_string()),
                }
            }
        }
        impl ExpressionNegation {
            pub fn negated<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<super::Expression>,
                T::Error: ::std::fmt::Display,
            {
                self.negated = ::spec_first_runtime::converted("negated", value);
                self
            }
        }
        impl ::std::convert::TryFrom<ExpressionNegation> for super::ExpressionNegation {
            type Error = super::error::ConversionError;
            fn try_from(
                value: ExpressionNegation,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self { negated: value.negated? })
            }
        }
        impl ::std::convert::From<super::ExpressionNegation> for ExpressionNegation {
            fn from(value: super::ExpressionNegation) -> Self {
                Self { negated: Ok(value.negated) }
            }
        }
        #[derive(Clone, Debug)]
        pub struct FruitBase {
            color: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
            kind: ::std::result::Result<::std::string::String, ::std::string::String>,
        }
        impl ::std::default::Default for FruitBase {
            fn default() -> Self {
                Self {
                    color: Ok(Default::default()),
                    kind: Err("no value supplied for kind".to_string()),
                }
            }
        }
        impl FruitBase {
            pub fn color<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.color = ::spec_first_runtime::converted("color", value);
                self
            }
            pub fn kind<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.kind = ::spec_first_runtime::converted("kind", value);
                self
            }
        }
        impl ::std::convert::TryFrom<FruitBase> for super::FruitBase {
            type Error = super::error::ConversionError;
            fn try_from(
                value: FruitBase,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    color: value.color?,
                    kind: value.kind?,
                })
            }
        }
        impl ::std::convert::From<super::FruitBase> for FruitBase {
            fn from(value: super::FruitBase) -> Self {
                Self {
                    color: Ok(value.color),
                    kind: Ok(value.kind),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct Merged {
            id: ::std::result::Result<::std::string::String, ::std::string::String>,
            size: ::std::result::Result<
                ::std::option::Option<i64>,
                ::std::string::String,
            >,
        }
        impl ::std::default::Default for Merged {
            fn default() -> Self {
                Self {
                    id: Err("no value supplied for id".to_string()),
                    size: Ok(Default::default()),
                }
            }
        }
        impl Merged {
            pub fn id<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.id = ::spec_first_runtime::converted("id", value);
                self
            }
            pub fn size<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<i64>>,
                T::Error: ::std::fmt::Display,
            {
                self.size = ::spec_first_runtime::converted("size", value);
                self
            }
        }
        impl ::std::convert::TryFrom<Merged> for super::Merged {
            type Error = super::error::ConversionError;
            fn try_from(
                value: Merged,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    id: value.id?,
                    size: value.size?,
                })
            }
        }
        impl ::std::convert::From<super::Merged> for Merged {
            fn from(value: super::Merged) -> Self {
                Self {
                    id: Ok(value.id),
                    size: Ok(value.size),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct Names {
            extra2: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
            foo_bar: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
            foo_bar2: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
            id: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
            self_: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
            type_: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
            x2fa: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
            extra: ::std::result::Result<
                ::std::collections::HashMap<::std::string::String, i64>,
                ::std::string::String,
            >,
        }
        impl ::std::default::Default for Names {
            fn default() -> Self {
                Self {
                    extra2: Ok(Default::default()),
                    foo_bar: Ok(Default::default()),
                    foo_bar2: Ok(Default::default()),
                    id: Ok(Default::default()),
                    self_: Ok(Default::default()),
                    type_: Ok(Default::default()),
                    x2fa: Ok(Default::default()),
                    extra: Ok(Default::default()),
                }
            }
        }
        impl Names {
            pub fn extra2<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.extra2 = ::spec_first_runtime::converted("extra2", value);
                self
            }
            pub fn foo_bar<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.foo_bar = ::spec_first_runtime::converted("foo_bar", value);
                self
            }
            pub fn foo_bar2<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.foo_bar2 = ::spec_first_runtime::converted("foo_bar2", value);
                self
            }
            pub fn id<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.id = ::spec_first_runtime::converted("id", value);
                self
            }
            pub fn self_<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.self_ = ::spec_first_runtime::converted("self_", value);
                self
            }
            pub fn type_<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.type_ = ::spec_first_runtime::converted("type_", value);
                self
            }
            pub fn x2fa<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.x2fa = ::spec_first_runtime::converted("x2fa", value);
                self
            }
            pub fn extra<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<
                    ::std::collections::HashMap<::std::string::String, i64>,
                >,
                T::Error: ::std::fmt::Display,
            {
                self.extra = ::spec_first_runtime::converted("extra", value);
                self
            }
        }
        impl ::std::convert::TryFrom<Names> for super::Names {
            type Error = super::error::ConversionError;
            fn try_from(
                value: Names,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    extra2: value.extra2?,
                    foo_bar: value.foo_bar?,
                    foo_bar2: value.foo_bar2?,
                    id: value.id?,
                    self_: value.self_?,
                    type_: value.type_?,
                    x2fa: value.x2fa?,
                    extra: value.extra?,
                })
            }
        }
        impl ::std::convert::From<super::Names> for Names {
            fn from(value: super::Names) -> Self {
                Self {
                    extra2: Ok(value.extra2),
                    foo_bar: Ok(value.foo_bar),
                    foo_bar2: Ok(value.foo_bar2),
                    id: Ok(value.id),
                    self_: Ok(value.self_),
                    type_: Ok(value.type_),
                    x2fa: Ok(value.x2fa),
                    extra: Ok(value.extra),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct Newer {
            anything: ::std::result::Result<
                ::std::option::Option<::serde_json::Value>,
                ::std::string::String,
            >,
            by_pattern: ::std::result::Result<
                ::std::option::Option<
                    ::std::collections::HashMap<::std::string::String, i64>,
                >,
                ::std::string::String,
            >,
            conditional: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
            either: ::std::result::Result<
                ::std::option::Option<super::Anyone>,
                ::std::string::String,
            >,
            file: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
            pair: ::std::result::Result<
                ::std::option::Option<::std::vec::Vec<::serde_json::Value>>,
                ::std::string::String,
            >,
            part: ::std::result::Result<
                ::std::option::Option<super::NewerPart>,
                ::std::string::String,
            >,
            requiring: ::std::result::Result<
                ::std::option::Option<super::NewerRequiring>,
                ::std::string::String,
            >,
        }
        impl ::std::default::Default for Newer {
            fn default() -> Self {
                Self {
                    anything: Ok(Default::default()),
                    by_pattern: Ok(Default::default()),
                    conditional: Ok(Default::default()),
                    either: Ok(Default::default()),
                    file: Ok(Default::default()),
                    pair: Ok(Default::default()),
                    part: Ok(Default::default()),
                    requiring: Ok(Default::default()),
                }
            }
        }
        impl Newer {
            pub fn anything<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::serde_json::Value>>,
                T::Error: ::std::fmt::Display,
            {
                self.anything = ::spec_first_runtime::converted("anything", value);
                self
            }
            pub fn by_pattern<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<
                    ::std::option::Option<
                        ::std::collections::HashMap<::std::string::String, i64>,
                    >,
                >,
                T::Error: ::std::fmt::Display,
            {
                self.by_pattern = ::spec_first_runtime::converted("by_pattern", value);
                self
            }
            pub fn conditional<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.conditional = ::spec_first_runtime::converted("conditional", value);
                self
            }
            pub fn either<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<super::Anyone>>,
                T::Error: ::std::fmt::Display,
            {
                self.either = ::spec_first_runtime::converted("either", value);
                self
            }
            pub fn file<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.file = ::spec_first_runtime::converted("file", value);
                self
            }
            pub fn pair<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<
                    ::std::option::Option<::std::vec::Vec<::serde_json::Value>>,
                >,
                T::Error: ::std::fmt::Display,
            {
                self.pair = ::spec_first_runtime::converted("pair", value);
                self
            }
            pub fn part<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<super::NewerPart>>,
                T::Error: ::std::fmt::Display,
            {
                self.part = ::spec_first_runtime::converted("part", value);
                self
            }
            pub fn requiring<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<super::NewerRequiring>>,
                T::Error: ::std::fmt::Display,
            {
                self.requiring = ::spec_first_runtime::converted("requiring", value);
                self
            }
        }
        impl ::std::convert::TryFrom<Newer> for super::Newer {
            type Error = super::error::ConversionError;
            fn try_from(
                value: Newer,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    anything: value.anything?,
                    by_pattern: value.by_pattern?,
                    conditional: value.conditional?,
                    either: value.either?,
                    file: value.file?,
                    pair: value.pair?,
                    part: value.part?,
                    requiring: value.requiring?,
                })
            }
        }
        impl ::std::convert::From<super::Newer> for Newer {
            fn from(value: super::Newer) -> Self {
                Self {
                    anything: Ok(value.anything),
                    by_pattern: Ok(value.by_pattern),
                    conditional: Ok(value.conditional),
                    either: Ok(value.either),
                    file: Ok(value.file),
                    pair: Ok(value.pair),
                    part: Ok(value.part),
                    requiring: Ok(value.requiring),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct NewerPart {
            length: ::std::result::Result<
                ::std::option::Option<i64>,
                ::std::string::String,
            >,
        }
        impl ::std::default::Default for NewerPart {
            fn default() -> Self {
                Self {
                    length: Ok(Default::default()),
                }
            }
        }
        impl NewerPart {
            pub fn length<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<i64>>,
                T::Error: ::std::fmt::Display,
            {
                self.length = ::spec_first_runtime::converted("length", value);
                self
            }
        }
        impl ::std::convert::TryFrom<NewerPart> for super::NewerPart {
            type Error = super::error::ConversionError;
            fn try_from(
                value: NewerPart,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self { length: value.length? })
            }
        }
        impl ::std::convert::From<super::NewerPart> for NewerPart {
            fn from(value: super::NewerPart) -> Self {
                Self { length: Ok(value.length) }
            }
        }
        #[derive(Clone, Debug)]
        pub struct NewerRequiring {
            id: ::std::result::Result<::std::string::String, ::std::string::String>,
        }
        impl ::std::default::Default for NewerRequiring {
            fn default() -> Self {
                Self {
                    id: Err("no value supplied for id".to_string()),
                }
            }
        }
        impl NewerRequiring {
            pub fn id<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.id = ::spec_first_runtime::converted("id", value);
                self
            }
        }
        impl ::std::convert::TryFrom<NewerRequiring> for super::NewerRequiring {
            type Error = super::error::ConversionError;
            fn try_from(
                value: NewerRequiring,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self { id: value.id? })
            }
        }
        impl ::std::convert::From<super::NewerRequiring> for NewerRequiring {
            fn from(value: super::NewerRequiring) -> Self {
                Self { id: Ok(value.id) }
            }
        }
        #[derive(Clone, Debug)]
        pub struct Numbers {
            counter: ::std::result::Result<
                ::std::option::Option<u64>,
                ::std::string::String,
            >,
            exact: ::std::result::Result<
                ::std::option::Option<super::NumbersExact>,
                ::std::string::String,
            >,
            fixed: ::std::result::Result<
                ::std::option::Option<i64>,
                ::std::string::String,
            >,
            float: ::std::result::Result<
                ::std::option::Option<f64>,
                ::std::string::String,
            >,
            large: ::std::result::Result<
                ::std::option::Option<u64>,
                ::std::string::String,
            >,
            listed: ::std::result::Result<
                ::std::option::Option<i64>,
                ::std::string::String,
            >,
            mixed: ::std::result::Result<
                ::std::option::Option<::serde_json::Value>,
                ::std::string::String,
            >,
            positive: ::std::result::Result<
                ::std::option::Option<i64>,
                ::std::string::String,
            >,
            small: ::std::result::Result<
                ::std::option::Option<i64>,
                ::std::string::String,
            >,
        }
        impl ::std::default::Default for Numbers {
            fn default() -> Self {
                Self {
                    counter: Ok(Default::default()),
                    exact: Ok(Default::default()),
                    fixed: Ok(Default::default()),
                    float: Ok(Default::default()),
                    large: Ok(Default::default()),
                    listed: Ok(Default::default()),
                    mixed: Ok(Default::default()),
                    positive: Ok(Default::default()),
                    small: Ok(Default::default()),
                }
            }
        }
        impl Numbers {
            pub fn counter<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<u64>>,
                T::Error: ::std::fmt::Display,
            {
                self.counter = ::spec_first_runtime::converted("counter", value);
                self
            }
            pub fn exact<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<super::NumbersExact>>,
                T::Error: ::std::fmt::Display,
            {
                self.exact = ::spec_first_runtime::converted("exact", value);
                self
            }
            pub fn fixed<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<i64>>,
                T::Error: ::std::fmt::Display,
            {
                self.fixed = ::spec_first_runtime::converted("fixed", value);
                self
            }
            pub fn float<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<f64>>,
                T::Error: ::std::fmt::Display,
            {
                self.float = ::spec_first_runtime::converted("float", value);
                self
            }
            pub fn large<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<u64>>,
                T::Error: ::std::fmt::Display,
            {
                self.large = ::spec_first_runtime::converted("large", value);
                self
            }
            pub fn listed<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<i64>>,
                T::Error: ::std::fmt::Display,
            {
                self.listed = ::spec_first_runtime::converted("listed", value);
                self
            }
            pub fn mixed<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::serde_json::Value>>,
                T::Error: ::std::fmt::Display,
            {
                self.mixed = ::spec_first_runtime::converted("mixed", value);
                self
            }
            pub fn positive<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<i64>>,
                T::Error: ::std::fmt::Display,
            {
                self.positive = ::spec_first_runtime::converted("positive", value);
                self
            }
            pub fn small<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<i64>>,
                T::Error: ::std::fmt::Display,
            {
                self.small = ::spec_first_runtime::converted("small", value);
                self
            }
        }
        impl ::std::convert::TryFrom<Numbers> for super::Numbers {
            type Error = super::error::ConversionError;
            fn try_from(
                value: Numbers,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    counter: value.counter?,
                    exact: value.exact?,
                    fixed: value.fixed?,
                    float: value.float?,
                    large: value.large?,
                    listed: value.listed?,
                    mixed: value.mixed?,
                    positive: value.positive?,
                    small: value.small?,
                })
            }
        }
        impl ::std::convert::From<super::Numbers> for Numbers {
            fn from(value: super::Numbers) -> Self {
                Self {
                    counter: Ok(value.counter),
                    exact: Ok(value.exact),
                    fixed: Ok(value.fixed),
                    float: Ok(value.float),
                    large: Ok(value.large),
                    listed: Ok(value.listed),
                    mixed: Ok(value.mixed),
                    positive: Ok(value.positive),
                    small: Ok(value.small),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct Option {
            value: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
        }
        impl ::std::default::Default for Option {
            fn default() -> Self {
                Self {
                    value: Ok(Default::default()),
                }
            }
        }
        impl Option {
            pub fn value<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.value = ::spec_first_runtime::converted("value", value);
                self
            }
        }
        impl ::std::convert::TryFrom<Option> for super::Option {
            type Error = super::error::ConversionError;
            fn try_from(
                value: Option,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self { value: value.value? })
            }
        }
        impl ::std::convert::From<super::Option> for Option {
            fn from(value: super::Option) -> Self {
                Self { value: Ok(value.value) }
            }
        }
        #[derive(Clone, Debug)]
        pub struct PaymentCardCredit {
            amount: ::std::result::Result<f64, ::std::string::String>,
            limit: ::std::result::Result<f64, ::std::string::String>,
        }
        impl ::std::default::Default for PaymentCardCredit {
            fn default() -> Self {
                Self {
                    amount: Err("no value supplied for amount".to_string()),
                    limit: Err("no value supplied for limit".to_string()),
                }
            }
        }
        impl PaymentCardCredit {
            pub fn amount<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<f64>,
                T::Error: ::std::fmt::Display,
            {
                self.amount = ::spec_first_runtime::converted("amount", value);
                self
            }
            pub fn limit<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<f64>,
                T::Error: ::std::fmt::Display,
            {
                self.limit = ::spec_first_runtime::converted("limit", value);
                self
            }
        }
        impl ::std::convert::TryFrom<PaymentCardCredit> for super::PaymentCardCredit {
            type Error = super::error::ConversionError;
            fn try_from(
                value: PaymentCardCredit,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    amount: value.amount?,
                    limit: value.limit?,
                })
            }
        }
        impl ::std::convert::From<super::PaymentCardCredit> for PaymentCardCredit {
            fn from(value: super::PaymentCardCredit) -> Self {
                Self {
                    amount: Ok(value.amount),
                    limit: Ok(value.limit),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct PaymentCardDebit {
            account: ::std::result::Result<::std::string::String, ::std::string::String>,
            amount: ::std::result::Result<f64, ::std::string::String>,
        }
        impl ::std::default::Default for PaymentCardDebit {
            fn default() -> Self {
                Self {
                    account: Err("no value supplied for account".to_string()),
                    amount: Err("no value supplied for amount".to_string()),
                }
            }
        }
        impl PaymentCardDebit {
            pub fn account<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.account = ::spec_first_runtime::converted("account", value);
                self
            }
            pub fn amount<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<f64>,
                T::Error: ::std::fmt::Display,
            {
                self.amount = ::spec_first_runtime::converted("amount", value);
                self
            }
        }
        impl ::std::convert::TryFrom<PaymentCardDebit> for super::PaymentCardDebit {
            type Error = super::error::ConversionError;
            fn try_from(
                value: PaymentCardDebit,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    account: value.account?,
                    amount: value.amount?,
                })
            }
        }
        impl ::std::convert::From<super::PaymentCardDebit> for PaymentCardDebit {
            fn from(value: super::PaymentCardDebit) -> Self {
                Self {
                    account: Ok(value.account),
                    amount: Ok(value.amount),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct PaymentCash {
            amount: ::std::result::Result<f64, ::std::string::String>,
            coins: ::std::result::Result<i64, ::std::string::String>,
        }
        impl ::std::default::Default for PaymentCash {
            fn default() -> Self {
                Self {
                    amount: Err("no value supplied for amount".to_string()),
                    coins: Err("no value supplied for coins".to_string()),
                }
            }
        }
        impl PaymentCash {
            pub fn amount<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<f64>,
                T::Error: ::std::fmt::Display,
            {
                self.amount = ::spec_first_runtime::converted("amount", value);
                self
            }
            pub fn coins<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<i64>,
                T::Error: ::std::fmt::Display,
            {
                self.coins = ::spec_first_runtime::converted("coins", value);
                self
            }
        }
        impl ::std::convert::TryFrom<PaymentCash> for super::PaymentCash {
            type Error = super::error::ConversionError;
            fn try_from(
                value: PaymentCash,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    amount: value.amount?,
                    coins: value.coins?,
                })
            }
        }
        impl ::std::convert::From<super::PaymentCash> for PaymentCash {
            fn from(value: super::PaymentCash) -> Self {
                Self {
                    amount: Ok(value.amount),
                    coins: Ok(value.coins),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct Person {
            email: ::std::result::Result<::std::string::String, ::std::string::String>,
            id: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
        }
        impl ::std::default::Default for Person {
            fn default() -> Self {
                Self {
                    email: Err("no value supplied for email".to_string()),
                    id: Ok(Default::default()),
                }
            }
        }
        impl Person {
            pub fn email<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.email = ::spec_first_runtime::converted("email", value);
                self
            }
            pub fn id<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.id = ::spec_first_runtime::converted("id", value);
                self
            }
        }
        impl ::std::convert::TryFrom<Person> for super::Person {
            type Error = super::error::ConversionError;
            fn try_from(
                value: Person,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    email: value.email?,
                    id: value.id?,
                })
            }
        }
        impl ::std::convert::From<super::Person> for Person {
            fn from(value: super::Person) -> Self {
                Self {
                    email: Ok(value.email),
                    id: Ok(value.id),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct Refined {
            span: ::std::result::Result<
                ::std::option::Option<super::RefinedSpan>,
                ::std::string::String,
            >,
        }
        impl ::std::default::Default for Refined {
            fn default() -> Self {
                Self {
                    span: Ok(Default::default()),
                }
            }
        }
        impl Refined {
            pub fn span<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<super::RefinedSpan>>,
                T::Error: ::std::fmt::Display,
            {
                self.span = ::spec_first_runtime::converted("span", value);
                self
            }
        }
        impl ::std::convert::TryFrom<Refined> for super::Refined {
            type Error = super::error::ConversionError;
            fn try_from(
                value: Refined,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self { span: value.span? })
            }
        }
        impl ::std::convert::From<super::Refined> for Refined {
            fn from(value: super::Refined) -> Self {
                Self { span: Ok(value.span) }
            }
        }
        #[derive(Clone, Debug)]
        pub struct RefinedSpan {
            from: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
            to: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
        }
        impl ::std::default::Default for RefinedSpan {
            fn default() -> Self {
                Self {
                    from: Ok(Default::default()),
                    to: Ok(Default::default()),
                }
            }
        }
        impl RefinedSpan {
            pub fn from<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.from = ::spec_first_runtime::converted("from", value);
                self
            }
            pub fn to<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.to = ::spec_first_runtime::converted("to", value);
                self
            }
        }
        impl ::std::convert::TryFrom<RefinedSpan> for super::RefinedSpan {
            type Error = super::error::ConversionError;
            fn try_from(
                value: RefinedSpan,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    from: value.from?,
                    to: value.to?,
                })
            }
        }
        impl ::std::convert::From<super::RefinedSpan> for RefinedSpan {
            fn from(value: super::RefinedSpan) -> Self {
                Self {
                    from: Ok(value.from),
                    to: Ok(value.to),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct Reply {
            animal: ::std::result::Result<
                ::std::option::Option<super::ReplyAnimal>,
                ::std::string::String,
            >,
            at: ::std::result::Result<
                ::std::option::Option<::spec_first_runtime::Timestamp>,
                ::std::string::String,
            >,
            contact: ::std::result::Result<
                ::std::option::Option<super::Contact>,
                ::std::string::String,
            >,
            day: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
            expression: ::std::result::Result<
                ::std::option::Option<super::Expression>,
                ::std::string::String,
            >,
            fruit: ::std::result::Result<
                ::std::option::Option<super::Fruit>,
                ::std::string::String,
            >,
            merged: ::std::result::Result<
                ::std::option::Option<super::Merged>,
                ::std::string::String,
            >,
            names: ::std::result::Result<
                ::std::option::Option<super::Names>,
                ::std::string::String,
            >,
            nested: ::std::result::Result<
                ::std::option::Option<super::Nested>,
                ::std::string::String,
            >,
            newer: ::std::result::Result<
                ::std::option::Option<super::Newer>,
                ::std::string::String,
            >,
            nick_name: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
            numbers: ::std::result::Result<
                ::std::option::Option<super::Numbers>,
                ::std::string::String,
            >,
            open: ::std::result::Result<
                ::std::option::Option<super::OpenText>,
                ::std::string::String,
            >,
            payment: ::std::result::Result<
                ::std::option::Option<super::Payment>,
                ::std::string::String,
            >,
            pet: ::std::result::Result<
                ::std::option::Option<super::Pet>,
                ::std::string::String,
            >,
            scalar: ::std::result::Result<
                ::std::option::Option<super::Scalar>,
                ::std::string::String,
            >,
            shape: ::std::result::Result<
                ::std::option::Option<super::Shape>,
                ::std::string::String,
            >,
            spelled: ::std::result::Result<
                ::std::option::Option<super::Spelled>,
                ::std::string::String,
            >,
            subtype: ::std::result::Result<
                ::std::option::Option<super::Subtype>,
                ::std::string::String,
            >,
            tags: ::std::result::Result<
                ::std::option::Option<::std::vec::Vec<::std::string::String>>,
                ::std::string::String,
            >,
            tree: ::std::result::Result<
                ::std::option::Option<super::Tree>,
                ::std::string::String,
            >,
            uuid: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
            vehicle: ::std::result::Result<
                ::std::option::Option<super::Vehicle>,
                ::std::string::String,
            >,
            vote: ::std::result::Result<
                ::std::option::Option<super::Vote>,
                ::std::string::String,
            >,
        }
        impl ::std::default::Default for Reply {
            fn default() -> Self {
                Self {
                    animal: Ok(Default::default()),
                    at: Ok(Default::default()),
                    contact: Ok(Default::default()),
                    day: Ok(Default::default()),
                    expression: Ok(Default::default()),
                    fruit: Ok(Default::default()),
                    merged: Ok(Default::default()),
                    names: Ok(Default::default()),
                    nested: Ok(Default::default()),
                    newer: Ok(Default::default()),
                    nick_name: Err("no value supplied for nick_name".to_string()),
                    numbers: Ok(Default::default()),
                    open: Ok(Default::default()),
                    payment: Ok(Default::default()),
                    pet: Ok(Default::default()),
                    scalar: Ok(Default::default()),
                    shape: Ok(Default::default()),
                    spelled: Ok(Default::default()),
                    subtype: Ok(Default::default()),
                    tags: Ok(Default::default()),
                    tree: Ok(Default::default()),
                    uuid: Ok(Default::default()),
                    vehicle: Ok(Default::default()),
                    vote: Ok(Default::default()),
                }
            }
        }
        impl Reply {
            pub fn animal<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<super::ReplyAnimal>>,
                T::Error: ::std::fmt::Display,
            {
                self.animal = ::spec_first_runtime::converted("animal", value);
                self
            }
            pub fn at<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<
                    ::std::option::Option<::spec_first_runtime::Timestamp>,
                >,
                T::Error: ::std::fmt::Display,
            {
                self.at = ::spec_first_runtime::converted("at", value);
                self
            }
            pub fn contact<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<super::Contact>>,
                T::Error: ::std::fmt::Display,
            {
                self.contact = ::spec_first_runtime::converted("contact", value);
                self
            }
            pub fn day<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.day = ::spec_first_runtime::converted("day", value);
                self
            }
            pub fn expression<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<super::Expression>>,
                T::Error: ::std::fmt::Display,
            {
                self.expression = ::spec_first_runtime::converted("expression", value);
                self
            }
            pub fn fruit<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<super::Fruit>>,
                T::Error: ::std::fmt::Display,
            {
                self.fruit = ::spec_first_runtime::converted("fruit", value);
                self
            }
            pub fn merged<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<super::Merged>>,
                T::Error: ::std::fmt::Display,
            {
                self.merged = ::spec_first_runtime::converted("merged", value);
                self
            }
            pub fn names<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<super::Names>>,
                T::Error: ::std::fmt::Display,
            {
                self.names = ::spec_first_runtime::converted("names", value);
                self
            }
            pub fn nested<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<super::Nested>>,
                T::Error: ::std::fmt::Display,
            {
                self.nested = ::spec_first_runtime::converted("nested", value);
                self
            }
            pub fn newer<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<super::Newer>>,
                T::Error: ::std::fmt::Display,
            {
                self.newer = ::spec_first_runtime::converted("newer", value);
                self
            }
            pub fn nick_name<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.nick_name = ::spec_first_runtime::converted("nick_name", value);
                self
            }
            pub fn numbers<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<super::Numbers>>,
                T::Error: ::std::fmt::Display,
            {
                self.numbers = ::spec_first_runtime::converted("numbers", value);
                self
            }
            pub fn open<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<super::OpenText>>,
                T::Error: ::std::fmt::Display,
            {
                self.open = ::spec_first_runtime::converted("open", value);
                self
            }
            pub fn payment<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<super::Payment>>,
                T::Error: ::std::fmt::Display,
            {
                self.payment = ::spec_first_runtime::converted("payment", value);
                self
            }
            pub fn pet<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<super::Pet>>,
                T::Error: ::std::fmt::Display,
            {
                self.pet = ::spec_first_runtime::converted("pet", value);
                self
            }
            pub fn scalar<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<super::Scalar>>,
                T::Error: ::std::fmt::Display,
            {
                self.scalar = ::spec_first_runtime::converted("scalar", value);
                self
            }
            pub fn shape<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<super::Shape>>,
                T::Error: ::std::fmt::Display,
            {
                self.shape = ::spec_first_runtime::converted("shape", value);
                self
            }
            pub fn spelled<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<super::Spelled>>,
                T::Error: ::std::fmt::Display,
            {
                self.spelled = ::spec_first_runtime::converted("spelled", value);
                self
            }
            pub fn subtype<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<super::Subtype>>,
                T::Error: ::std::fmt::Display,
            {
                self.subtype = ::spec_first_runtime::converted("subtype", value);
                self
            }
            pub fn tags<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<
                    ::std::option::Option<::std::vec::Vec<::std::string::String>>,
                >,
                T::Error: ::std::fmt::Display,
            {
                self.tags = ::spec_first_runtime::converted("tags", value);
                self
            }
            pub fn tree<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<super::Tree>>,
                T::Error: ::std::fmt::Display,
            {
                self.tree = ::spec_first_runtime::converted("tree", value);
                self
            }
            pub fn uuid<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.uuid = ::spec_first_runtime::converted("uuid", value);
                self
            }
            pub fn vehicle<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<super::Vehicle>>,
                T::Error: ::std::fmt::Display,
            {
                self.vehicle = ::spec_first_runtime::converted("vehicle", value);
                self
            }
            pub fn vote<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<super::Vote>>,
                T::Error: ::std::fmt::Display,
            {
                self.vote = ::spec_first_runtime::converted("vote", value);
                self
            }
        }
        impl ::std::convert::TryFrom<Reply> for super::Reply {
            type Error = super::error::ConversionError;
            fn try_from(
                value: Reply,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    animal: value.animal?,
                    at: value.at?,
                    contact: value.contact?,
                    day: value.day?,
                    expression: value.expression?,
                    fruit: value.fruit?,
                    merged: value.merged?,
                    names: value.names?,
                    nested: value.nested?,
                    newer: value.newer?,
                    nick_name: value.nick_name?,
                    numbers: value.numbers?,
                    open: value.open?,
                    payment: value.payment?,
                    pet: value.pet?,
                    scalar: value.scalar?,
                    shape: value.shape?,
                    spelled: value.spelled?,
                    subtype: value.subtype?,
                    tags: value.tags?,
                    tree: value.tree?,
                    uuid: value.uuid?,
                    vehicle: value.vehicle?,
                    vote: value.vote?,
                })
            }
        }
        impl ::std::convert::From<super::Reply> for Reply {
            fn from(value: super::Reply) -> Self {
                Self {
                    animal: Ok(value.animal),
                    at: Ok(value.at),
                    contact: Ok(value.contact),
                    day: Ok(value.day),
                    expression: Ok(value.expression),
                    fruit: Ok(value.fruit),
                    merged: Ok(value.merged),
                    names: Ok(value.names),
                    nested: Ok(value.nested),
                    newer: Ok(value.newer),
                    nick_name: Ok(value.nick_name),
                    numbers: Ok(value.numbers),
                    open: Ok(value.open),
                    payment: Ok(value.payment),
                    pet: Ok(value.pet),
                    scalar: Ok(value.scalar),
                    shape: Ok(value.shape),
                    spelled: Ok(value.spelled),
                    subtype: Ok(value.subtype),
                    tags: Ok(value.tags),
                    tree: Ok(value.tree),
                    uuid: Ok(value.uuid),
                    vehicle: Ok(value.vehicle),
                    vote: Ok(value.vote),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct Result {
            error: ::std::result::Result<
                ::std::option::Option<super::Error>,
                ::std::string::String,
            >,
        }
        impl ::std::default::Default for Result {
            fn default() -> Self {
                Self {
                    error: Ok(Default::default()),
                }
            }
        }
        impl Result {
            pub fn error<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<super::Error>>,
                T::Error: ::std::fmt::Display,
            {
                self.error = ::spec_first_runtime::converted("error", value);
                self
            }
        }
        impl ::std::convert::TryFrom<Result> for super::Result {
            type Error = super::error::ConversionError;
            fn try_from(
                value: Result,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self { error: value.error? })
            }
        }
        impl ::std::convert::From<super::Result> for Result {
            fn from(value: super::Result) -> Self {
                Self { error: Ok(value.error) }
            }
        }
        #[derive(Clone, Debug)]
        pub struct Row {
            a: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
            b: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
            c: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
            d: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
            e: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
            f: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
            g: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
            h: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
        }
        impl ::std::default::Default for Row {
            fn default() -> Self {
                Self {
                    a: Ok(Default::default()),
                    b: Ok(Default::default()),
                    c: Ok(Default::default()),
                    d: Ok(Default::default()),
                    e: Ok(Default::default()),
                    f: Ok(Default::default()),
                    g: Ok(Default::default()),
                    h: Ok(Default::default()),
                }
            }
        }
        impl Row {
            pub fn a<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.a = ::spec_first_runtime::converted("a", value);
                self
            }
            pub fn b<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.b = ::spec_first_runtime::converted("b", value);
                self
            }
            pub fn c<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.c = ::spec_first_runtime::converted("c", value);
                self
            }
            pub fn d<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.d = ::spec_first_runtime::converted("d", value);
                self
            }
            pub fn e<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.e = ::spec_first_runtime::converted("e", value);
                self
            }
            pub fn f<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.f = ::spec_first_runtime::converted("f", value);
                self
            }
            pub fn g<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.g = ::spec_first_runtime::converted("g", value);
                self
            }
            pub fn h<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.h = ::spec_first_runtime::converted("h", value);
                self
            }
        }
        impl ::std::convert::TryFrom<Row> for super::Row {
            type Error = super::error::ConversionError;
            fn try_from(
                value: Row,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    a: value.a?,
                    b: value.b?,
                    c: value.c?,
                    d: value.d?,
                    e: value.e?,
                    f: value.f?,
                    g: value.g?,
                    h: value.h?,
                })
            }
        }
        impl ::std::convert::From<super::Row> for Row {
            fn from(value: super::Row) -> Self {
                Self {
                    a: Ok(value.a),
                    b: Ok(value.b),
                    c: Ok(value.c),
                    d: Ok(value.d),
                    e: Ok(value.e),
                    f: Ok(value.f),
                    g: Ok(value.g),
                    h: Ok(value.h),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct SendKindsBody {
            both: ::std::result::Result<
                ::std::option::Option<super::Both>,
                ::std::string::String,
            >,
            update: ::std::result::Result<
                ::std::option::Option<super::Update>,
                ::std::string::String,
            >,
        }
        impl ::std::default::Default for SendKindsBody {
            fn default() -> Self {
                Self {
                    both: Ok(Default::default()),
                    update: Ok(Default::default()),
                }
            }
        }
        impl SendKindsBody {
            pub fn both<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<super::Both>>,
                T::Error: ::std::fmt::Display,
            {
                self.both = ::spec_first_runtime::converted("both", value);
                self
            }
            pub fn update<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<super::Update>>,
                T::Error: ::std::fmt::Display,
            {
                self.update = ::spec_first_runtime::converted("update", value);
                self
            }
        }
        impl ::std::convert::TryFrom<SendKindsBody> for super::SendKindsBody {
            type Error = super::error::ConversionError;
            fn try_from(
                value: SendKindsBody,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    both: value.both?,
                    update: value.update?,
                })
            }
        }
        impl ::std::convert::From<super::SendKindsBody> for SendKindsBody {
            fn from(value: super::SendKindsBody) -> Self {
                Self {
                    both: Ok(value.both),
                    update: Ok(value.update),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct SendKindsResponse {
            both: ::std::result::Result<
                ::std::option::Option<super::Both>,
                ::std::string::String,
            >,
            reply: ::std::result::Result<
                ::std::option::Option<::std::boxed::Box<super::Reply>>,
                ::std::string::String,
            >,
        }
        impl ::std::default::Default for SendKindsResponse {
            fn default() -> Self {
                Self {
                    both: Ok(Default::default()),
                    reply: Ok(Default::default()),
                }
            }
        }
        impl SendKindsResponse {
            pub fn both<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<super::Both>>,
                T::Error: ::std::fmt::Display,
            {
                self.both = ::spec_first_runtime::converted("both", value);
                self
            }
            pub fn reply<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<
                    ::std::option::Option<::std::boxed::Box<super::Reply>>,
                >,
                T::Error: ::std::fmt::Display,
            {
                self.reply = ::spec_first_runtime::converted("reply", value);
                self
            }
        }
        impl ::std::convert::TryFrom<SendKindsResponse> for super::SendKindsResponse {
            type Error = super::error::ConversionError;
            fn try_from(
                value: SendKindsResponse,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    both: value.both?,
                    reply: value.reply?,
                })
            }
        }
        impl ::std::convert::From<super::SendKindsResponse> for SendKindsResponse {
            fn from(value: super::SendKindsResponse) -> Self {
                Self {
                    both: Ok(value.both),
                    reply: Ok(value.reply),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct ShapeCircle {
            size: ::std::result::Result<
                ::std::option::Option<f64>,
                ::std::string::String,
            >,
            type_: ::std::result::Result<
                ::std::option::Option<super::ShapeCircleType>,
                ::std::string::String,
            >,
        }
        impl ::std::default::Default for ShapeCircle {
            fn default() -> Self {
                Self {
                    size: Ok(Default::default()),
                    type_: Ok(Default::default()),
                }
            }
        }
        impl ShapeCircle {
            pub fn size<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<f64>>,
                T::Error: ::std::fmt::Display,
            {
                self.size = ::spec_first_runtime::converted("size", value);
                self
            }
            pub fn type_<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<
                    ::std::option::Option<super::ShapeCircleType>,
                >,
                T::Error: ::std::fmt::Display,
            {
                self.type_ = ::spec_first_runtime::converted("type_", value);
                self
            }
        }
        impl ::std::convert::TryFrom<ShapeCircle> for super::ShapeCircle {
            type Error = super::error::ConversionError;
            fn try_from(
                value: ShapeCircle,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    size: value.size?,
                    type_: value.type_?,
                })
            }
        }
        impl ::std::convert::From<super::ShapeCircle> for ShapeCircle {
            fn from(value: super::ShapeCircle) -> Self {
                Self {
                    size: Ok(value.size),
                    type_: Ok(value.type_),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct ShapeSquare {
            size: ::std::result::Result<
                ::std::option::Option<f64>,
                ::std::string::String,
            >,
            type_: ::std::result::Result<
                ::std::option::Option<super::ShapeSquareType>,
                ::std::string::String,
            >,
        }
        impl ::std::default::Default for ShapeSquare {
            fn default() -> Self {
                Self {
                    size: Ok(Default::default()),
                    type_: Ok(Default::default()),
                }
            }
        }
        impl ShapeSquare {
            pub fn size<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<f64>>,
                T::Error: ::std::fmt::Display,
            {
                self.size = ::spec_first_runtime::converted("size", value);
                self
            }
            pub fn type_<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<
                    ::std::option::Option<super::ShapeSquareType>,
                >,
                T::Error: ::std::fmt::Display,
            {
                self.type_ = ::spec_first_runtime::converted("type_", value);
                self
            }
        }
        impl ::std::convert::TryFrom<ShapeSquare> for super::ShapeSquare {
            type Error = super::error::ConversionError;
            fn try_from(
                value: ShapeSquare,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    size: value.size?,
                    type_: value.type_?,
                })
            }
        }
        impl ::std::convert::From<super::ShapeSquare> for ShapeSquare {
            fn from(value: super::ShapeSquare) -> Self {
                Self {
                    size: Ok(value.size),
                    type_: Ok(value.type_),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct Sheet {
            fifth: ::std::result::Result<
                ::std::option::Option<super::Row>,
                ::std::string::String,
            >,
            first: ::std::result::Result<
                ::std::option::Option<super::Row>,
                ::std::string::String,
            >,
            fourth: ::std::result::Result<
                ::std::option::Option<super::Row>,
                ::std::string::String,
            >,
            second: ::std::result::Result<
                ::std::option::Option<super::Row>,
                ::std::string::String,
            >,
            sixth: ::std::result::Result<
                ::std::option::Option<super::Row>,
                ::std::string::String,
            >,
            third: ::std::result::Result<
                ::std::option::Option<super::Row>,
                ::std::string::String,
            >,
        }
        impl ::std::default::Default for Sheet {
            fn default() -> Self {
                Self {
                    fifth: Ok(Default::default()),
                    first: Ok(Default::default()),
                    fourth: Ok(Default::default()),
                    second: Ok(Default::default()),
                    sixth: Ok(Default::default()),
                    third: Ok(Default::default()),
                }
            }
        }
        impl Sheet {
            pub fn fifth<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<super::Row>>,
                T::Error: ::std::fmt::Display,
            {
                self.fifth = ::spec_first_runtime::converted("fifth", value);
                self
            }
            pub fn first<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<super::Row>>,
                T::Error: ::std::fmt::Display,
            {
                self.first = ::spec_first_runtime::converted("first", value);
                self
            }
            pub fn fourth<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<super::Row>>,
                T::Error: ::std::fmt::Display,
            {
                self.fourth = ::spec_first_runtime::converted("fourth", value);
                self
            }
            pub fn second<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<super::Row>>,
                T::Error: ::std::fmt::Display,
            {
                self.second = ::spec_first_runtime::converted("second", value);
                self
            }
            pub fn sixth<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<super::Row>>,
                T::Error: ::std::fmt::Display,
            {
                self.sixth = ::spec_first_runtime::converted("sixth", value);
                self
            }
            pub fn third<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<super::Row>>,
                T::Error: ::std::fmt::Display,
            {
                self.third = ::spec_first_runtime::converted("third", value);
                self
            }
        }
        impl ::std::convert::TryFrom<Sheet> for super::Sheet {
            type Error = super::error::ConversionError;
            fn try_from(
                value: Sheet,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    fifth: value.fifth?,
                    first: value.first?,
                    fourth: value.fourth?,
                    second: value.second?,
                    sixth: value.sixth?,
                    third: value.third?,
                })
            }
        }
        impl ::std::convert::From<super::Sheet> for Sheet {
            fn from(value: super::Sheet) -> Self {
                Self {
                    fifth: Ok(value.fifth),
                    first: Ok(value.first),
                    fourth: Ok(value.fourth),
                    second: Ok(value.second),
                    sixth: Ok(value.sixth),
                    third: Ok(value.third),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct Span {
            part: ::std::result::Result<
                ::std::option::Option<::std::boxed::Box<super::Combined>>,
                ::std::string::String,
            >,
            since: ::std::result::Result<::std::string::String, ::std::string::String>,
        }
        impl ::std::default::Default for Span {
            fn default() -> Self {
                Self {
                    part: Ok(Default::default()),
                    since: Err("no value supplied for since".to_string()),
                }
            }
        }
        impl Span {
            pub fn part<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<
                    ::std::option::Option<::std::boxed::Box<super::Combined>>,
                >,
                T::Error: ::std::fmt::Display,
            {
                self.part = ::spec_first_runtime::converted("part", value);
                self
            }
            pub fn since<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.since = ::spec_first_runtime::converted("since", value);
                self
            }
        }
        impl ::std::convert::TryFrom<Span> for super::Span {
            type Error = super::error::ConversionError;
            fn try_from(
                value: Span,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    part: value.part?,
                    since: value.since?,
                })
            }
        }
        impl ::std::convert::From<super::Span> for Span {
            fn from(value: super::Span) -> Self {
                Self {
                    part: Ok(value.part),
                    since: Ok(value.since),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct StringType {
            value: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
        }
        impl ::std::default::Default for StringType {
            fn default() -> Self {
                Self {
                    value: Ok(Default::default()),
                }
            }
        }
        impl StringType {
            pub fn value<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.value = ::spec_first_runtime::converted("value", value);
                self
            }
        }
        impl ::std::convert::TryFrom<StringType> for super::StringType {
            type Error = super::error::ConversionError;
            fn try_from(
                value: StringType,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self { value: value.value? })
            }
        }
        impl ::std::convert::From<super::StringType> for StringType {
            fn from(value: super::StringType) -> Self {
                Self { value: Ok(value.value) }
            }
        }
        #[derive(Clone, Debug)]
        pub struct Subtype {
            kind: ::std::result::Result<::std::string::String, ::std::string::String>,
            own: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
        }
        impl ::std::default::Default for Subtype {
            fn default() -> Self {
                Self {
                    kind: Err("no value supplied for kind".to_string()),
                    own: Ok(Default::default()),
                }
            }
        }
        impl Subtype {
            pub fn kind<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.kind = ::spec_first_runtime::converted("kind", value);
                self
            }
            pub fn own<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.own = ::spec_first_runtime::converted("own", value);
                self
            }
        }
        impl ::std::convert::TryFrom<Subtype> for super::Subtype {
            type Error = super::error::ConversionError;
            fn try_from(
                value: Subtype,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    kind: value.kind?,
                    own: value.own?,
                })
            }
        }
        impl ::std::convert::From<super::Subtype> for Subtype {
            fn from(value: super::Subtype) -> Self {
                Self {
                    kind: Ok(value.kind),
                    own: Ok(value.own),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct Taxi {
            kind: ::std::result::Result<::std::string::String, ::std::string::String>,
            seats: ::std::result::Result<
                ::std::option::Option<i64>,
                ::std::string::String,
            >,
            towed: ::std::result::Result<
                ::std::option::Option<super::Vehicle>,
                ::std::string::String,
            >,
            wheels: ::std::result::Result<
                ::std::option::Option<i64>,
                ::std::string::String,
            >,
        }
        impl ::std::default::Default for Taxi {
            fn default() -> Self {
                Self {
                    kind: Err("no value supplied for kind".to_string()),
                    seats: Ok(Default::default()),
                    towed: Ok(Default::default()),
                    wheels: Ok(Default::default()),
                }
            }
        }
        impl Taxi {
            pub fn kind<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.kind = ::spec_first_runtime::converted("kind", value);
                self
            }
            pub fn seats<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<i64>>,
                T::Error: ::std::fmt::Display,
            {
                self.seats = ::spec_first_runtime::converted("seats", value);
                self
            }
            pub fn towed<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<super::Vehicle>>,
                T::Error: ::std::fmt::Display,
            {
                self.towed = ::spec_first_runtime::converted("towed", value);
                self
            }
            pub fn wheels<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<i64>>,
                T::Error: ::std::fmt::Display,
            {
                self.wheels = ::spec_first_runtime::converted("wheels", value);
                self
            }
        }
        impl ::std::convert::TryFrom<Taxi> for super::Taxi {
            type Error = super::error::ConversionError;
            fn try_from(
                value: Taxi,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    kind: value.kind?,
                    seats: value.seats?,
                    towed: value.towed?,
                    wheels: value.wheels?,
                })
            }
        }
        impl ::std::convert::From<super::Taxi> for Taxi {
            fn from(value: super::Taxi) -> Self {
                Self {
                    kind: Ok(value.kind),
                    seats: Ok(value.seats),
                    towed: Ok(value.towed),
                    wheels: Ok(value.wheels),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct Tree {
            children: ::std::result::Result<
                ::std::option::Option<::std::vec::Vec<super::Tree>>,
                ::std::string::String,
            >,
            parent: ::std::result::Result<
                ::std::option::Option<::std::boxed::Box<super::Tree>>,
                ::std::string::String,
            >,
            value: ::std::result::Result<::std::string::String, ::std::string::String>,
        }
        impl ::std::default::Default for Tree {
            fn default() -> Self {
                Self {
                    children: Ok(Default::default()),
                    parent: Ok(Default::default()),
                    value: Err("no value supplied for value".to_string()),
                }
            }
        }
        impl Tree {
            pub fn children<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<
                    ::std::option::Option<::std::vec::Vec<super::Tree>>,
                >,
                T::Error: ::std::fmt::Display,
            {
                self.children = ::spec_first_runtime::converted("children", value);
                self
            }
            pub fn parent<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<
                    ::std::option::Option<::std::boxed::Box<super::Tree>>,
                >,
                T::Error: ::std::fmt::Display,
            {
                self.parent = ::spec_first_runtime::converted("parent", value);
                self
            }
            pub fn value<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.value = ::spec_first_runtime::converted("value", value);
                self
            }
        }
        impl ::std::convert::TryFrom<Tree> for super::Tree {
            type Error = super::error::ConversionError;
            fn try_from(
                value: Tree,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    children: value.children?,
                    parent: value.parent?,
                    value: value.value?,
                })
            }
        }
        impl ::std::convert::From<super::Tree> for Tree {
            fn from(value: super::Tree) -> Self {
                Self {
                    children: Ok(value.children),
                    parent: Ok(value.parent),
                    value: Ok(value.value),
                }
            }
        }
        #[derive(Clone)]
        pub struct Update {
            answers: ::std::result::Result<
                ::std::option::Option<::std::vec::Vec<::std::string::String>>,
                ::std::string::String,
            >,
            code: ::std::result::Result<
                ::std::option::Option<i64>,
                ::std::string::String,
            >,
            level: ::std::result::Result<
                ::std::option::Option<super::UpdateLevel>,
                ::std::string::String,
            >,
            name: ::std::result::Result<
                ::std::option::Option<::std::option::Option<::std::string::String>>,
                ::std::string::String,
            >,
            password: ::std::result::Result<
                ::std::option::Option<::spec_first_runtime::Secret>,
                ::std::string::String,
            >,
            pin: ::std::result::Result<
                ::std::option::Option<::spec_first_runtime::Secret>,
                ::std::string::String,
            >,
            tags: ::std::result::Result<
                ::std::option::Option<::std::vec::Vec<::std::string::String>>,
                ::std::string::String,
            >,
        }
        impl ::std::default::Default for Update {
            fn default() -> Self {
                Self {
                    answers: Ok(Default::default()),
                    code: Ok(Default::default()),
                    level: Ok(Default::default()),
                    name: Ok(Default::default()),
                    password: Ok(Default::default()),
                    pin: Ok(Default::default()),
                    tags: Ok(Default::default()),
                }
            }
        }
        impl Update {
            pub fn answers<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<
                    ::std::option::Option<::std::vec::Vec<::std::string::String>>,
                >,
                T::Error: ::std::fmt::Display,
            {
                self.answers = ::spec_first_runtime::converted("answers", value);
                self
            }
            pub fn code<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<i64>>,
                T::Error: ::std::fmt::Display,
            {
                self.code = ::spec_first_runtime::converted("code", value);
                self
            }
            pub fn level<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<super::UpdateLevel>>,
                T::Error: ::std::fmt::Display,
            {
                self.level = ::spec_first_runtime::converted("level", value);
                self
            }
            pub fn name<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<
                    ::std::option::Option<::std::option::Option<::std::string::String>>,
                >,
                T::Error: ::std::fmt::Display,
            {
                self.name = ::spec_first_runtime::converted("name", value);
                self
            }
            pub fn password<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<
                    ::std::option::Option<::spec_first_runtime::Secret>,
                >,
                T::Error: ::std::fmt::Display,
            {
                self.password = ::spec_first_runtime::converted("password", value);
                self
            }
            pub fn pin<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<
                    ::std::option::Option<::spec_first_runtime::Secret>,
                >,
                T::Error: ::std::fmt::Display,
            {
                self.pin = ::spec_first_runtime::converted("pin", value);
                self
            }
            pub fn tags<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<
                    ::std::option::Option<::std::vec::Vec<::std::string::String>>,
                >,
                T::Error: ::std::fmt::Display,
            {
                self.tags = ::spec_first_runtime::converted("tags", value);
                self
            }
        }
        impl ::std::convert::TryFrom<Update> for super::Update {
            type Error = super::error::ConversionError;
            fn try_from(
                value: Update,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    answers: value.answers?,
                    code: value.code?,
                    level: value.level?,
                    name: value.name?,
                    password: value.password?,
                    pin: value.pin?,
                    tags: value.tags?,
                })
            }
        }
        impl ::std::convert::From<super::Update> for Update {
            fn from(value: super::Update) -> Self {
                Self {
                    answers: Ok(value.answers),
                    code: Ok(value.code),
                    level: Ok(value.level),
                    name: Ok(value.name),
                    password: Ok(value.password),
                    pin: Ok(value.pin),
                    tags: Ok(value.tags),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct VehicleBase {
            kind: ::std::result::Result<::std::string::String, ::std::string::String>,
            towed: ::std::result::Result<
                ::std::option::Option<super::Vehicle>,
                ::std::string::String,
            >,
            wheels: ::std::result::Result<
                ::std::option::Option<i64>,
                ::std::string::String,
            >,
        }
        impl ::std::default::Default for VehicleBase {
            fn default() -> Self {
                Self {
                    kind: Err("no value supplied for kind".to_string()),
                    towed: Ok(Default::default()),
                    wheels: Ok(Default::default()),
                }
            }
        }
        impl VehicleBase {
            pub fn kind<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.kind = ::spec_first_runtime::converted("kind", value);
                self
            }
            pub fn towed<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<super::Vehicle>>,
                T::Error: ::std::fmt::Display,
            {
                self.towed = ::spec_first_runtime::converted("towed", value);
                self
            }
            pub fn wheels<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<i64>>,
                T::Error: ::std::fmt::Display,
            {
                self.wheels = ::spec_first_runtime::converted("wheels", value);
                self
            }
        }
        impl ::std::convert::TryFrom<VehicleBase> for super::VehicleBase {
            type Error = super::error::ConversionError;
            fn try_from(
                value: VehicleBase,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    kind: value.kind?,
                    towed: value.towed?,
                    wheels: value.wheels?,
                })
            }
        }
        impl ::std::convert::From<super::VehicleBase> for VehicleBase {
            fn from(value: super::VehicleBase) -> Self {
                Self {
                    kind: Ok(value.kind),
                    towed: Ok(value.towed),
                    wheels: Ok(value.wheels),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct X3dModel {
            value: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
        }
        impl ::std::default::Default for X3dModel {
            fn default() -> Self {
                Self {
                    value: Ok(Default::default()),
                }
            }
        }
        impl X3dModel {
            pub fn value<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.value = ::spec_first_runtime::converted("value", value);
                self
            }
        }
        impl ::std::convert::TryFrom<X3dModel> for super::X3dModel {
            type Error = super::error::ConversionError;
            fn try_from(
                value: X3dModel,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self { value: value.value? })
            }
        }
        impl ::std::convert::From<super::X3dModel> for X3dModel {
            fn from(value: super::X3dModel) -> Self {
                Self { value: Ok(value.value) }
            }
        }
        impl ::std::fmt::Debug for Update {
            fn fmt(
                &self,
                formatter: &mut ::std::fmt::Formatter<'_>,
            ) -> ::std::fmt::Result {
                let mut shown = formatter.debug_struct(stringify!(Update));
                shown.field("level", &self.level);
                shown.field("name", &self.name);
                shown.field("password", &self.password);
                shown.field("pin", &self.pin);
                shown.field("tags", &self.tags);
                shown.finish_non_exhaustive()
            }
        }
    }
    /// Error types.
    pub mod error {
        /// Error from a `TryFrom` or `FromStr` implementation.
        pub struct ConversionError(::std::borrow::Cow<'static, str>);
        impl ::std::error::Error for ConversionError {}
        impl ::std::fmt::Display for ConversionError {
            fn fmt(
                &self,
                f: &mut ::std::fmt::Formatter<'_>,
            ) -> Result<(), ::std::fmt::Error> {
                ::std::fmt::Display::fmt(&self.0, f)
            }
        }
        impl ::std::fmt::Debug for ConversionError {
            fn fmt(
                &self,
                f: &mut ::std::fmt::Formatter<'_>,
            ) -> Result<(), ::std::fmt::Error> {
                ::std::fmt::Debug::fmt(&self.0, f)
            }
        }
        impl From<&'static str> for ConversionError {
            fn from(value: &'static str) -> Self {
                Self(value.into())
            }
        }
        impl From<String> for ConversionError {
            fn from(value: String) -> Self {
                Self(value.into())
            }
        }
    }
    impl ::std::fmt::Debug for Update {
        fn fmt(&self, formatter: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            let mut shown = formatter.debug_struct(stringify!(Update));
            shown.field("level", &self.level);
            shown.field("name", &self.name);
            shown.field("password", &self.password);
            shown.field("pin", &self.pin);
            shown.field("tags", &self.tags);
            shown.finish_non_exhaustive()
        }
    }
    impl ::std::convert::From<&str> for OkType {
        fn from(value: &str) -> Self {
            Self(value.to_owned())
        }
    }
    impl ::std::convert::From<&str> for Tree2 {
        fn from(value: &str) -> Self {
            Self(value.to_owned())
        }
    }
    ///`AlsoTree`
    pub type AlsoTree = Tree;
}
