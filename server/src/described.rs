//! What the description of the API says of the models deployed: which customers
//! they take, and how they call who stays and who leaves.
//!
//! The rest of the description is written by the code and never changes; these
//! two schemas take the places of [`Customer`] and of the truth's class when it
//! is told, so that a client can be checked before it asks.

use std::borrow::Cow;
use std::sync::Arc;

use churn_core::schema::LARGEST_NUMBER;
use churn_core::{Feature, Schema as ModelSchema};
use serde_json::{Value, json};
use utoipa::openapi::schema::{
    AdditionalProperties, AnyOfBuilder, Object, ObjectBuilder, Schema, SchemaType, Type,
};
use utoipa::openapi::{OpenApi, RefOr};
use utoipa::{PartialSchema, ToSchema};

use crate::fleet::Live;

/// A customer: features and values.
#[derive(Debug)]
pub struct Customer;

impl PartialSchema for Customer {
    fn schema() -> RefOr<Schema> {
        customer_of(None).into()
    }
}

impl ToSchema for Customer {
    fn name() -> Cow<'static, str> {
        "Customer".into()
    }
}

/// Numbers as forms write them: in range whatever the digits.
const DECIMAL: &str = r"^-?[0-9]{1,15}(\.[0-9]{1,9})?$";

/// Puts in what is known of the models that answer.
pub fn complete(document: &mut OpenApi, live: &[Arc<Live>]) {
    let Some(components) = &mut document.components else {
        return;
    };
    let customers = live.iter().map(|live| {
        let schema = &live.build.predictor.artefact().schema;
        customer_of(Some((&live.record.build.model, schema)))
    });
    let customers: Vec<Object> = customers.collect();
    if !customers.is_empty() {
        let builder = AnyOfBuilder::new().description(Some("A customer of one of the models"));
        let any = customers.into_iter().fold(builder, AnyOfBuilder::item);
        components
            .schemas
            .insert("Customer".into(), Schema::AnyOf(any.build()).into());
    }
    let mut classes = vec!["true".to_owned(), "false".to_owned()];
    for target in live.iter().filter_map(|live| live.build.target()) {
        classes.extend([target.positive.clone(), target.negative.clone()]);
    }
    classes.sort_unstable();
    classes.dedup();
    let class = ObjectBuilder::new()
        .schema_type(Type::String)
        .description(Some("Name of the class"))
        .enum_values(Some(classes));
    let left = ObjectBuilder::new()
        .schema_type(Type::Boolean)
        .description(Some("Whether the customer left"));
    let truth = AnyOfBuilder::new()
        .description(Some(
            "Who left: true or false, or the model's name of the class",
        ))
        .item(left)
        .item(class);
    components
        .schemas
        .insert("Truth".into(), Schema::AnyOf(truth.build()).into());
}

/// The customers of a model; of one that is not known, any.
fn customer_of(model: Option<(&String, &ModelSchema)>) -> Object {
    let builder = ObjectBuilder::new().schema_type(Type::Object);
    let Some((name, schema)) = model else {
        return builder
            .description(Some("A customer: features and values"))
            .build();
    };
    let builder = builder
        .title(Some(name))
        .description(Some(
            "What is absent or null is filled in, and named in the answer",
        ))
        .additional_properties(Some(AdditionalProperties::FreeForm(false)));
    let with = |builder: ObjectBuilder, feature: &Feature| {
        builder.property(&feature.name, values(feature))
    };
    schema.features.iter().fold(builder, with).build()
}

/// What a feature takes.
fn values(feature: &Feature) -> Schema {
    if feature.is_numeric() {
        let number = ObjectBuilder::new()
            .schema_type(SchemaType::from_iter([Type::Number, Type::Null]))
            .minimum(Some(-LARGEST_NUMBER))
            .maximum(Some(LARGEST_NUMBER));
        let text = ObjectBuilder::new()
            .schema_type(Type::String)
            .pattern(Some(DECIMAL));
        return AnyOfBuilder::new().item(number).item(text).build().into();
    }
    // Numbers, where they are spelled as a level, or as 0 and 1 of a flag.
    let spelled = feature
        .levels()
        .iter()
        .map(String::as_str)
        .chain(["0", "1"]);
    let numbers = spelled
        .filter(|text| feature.code_of(text).is_some())
        .filter_map(|text| {
            let x: f64 = text.parse().ok()?;
            (x.to_string() == text).then(|| json!(x))
        });
    let mut all: Vec<Value> = feature.levels().iter().map(|level| json!(level)).collect();
    all.extend(numbers);
    if feature.code_of("0").is_some() && !feature.levels().iter().any(|level| level == "0") {
        all.extend([json!("0"), json!("1")]);
    }
    all.push(Value::Null);
    ObjectBuilder::new()
        .schema_type(SchemaType::AnyValue)
        .enum_values(Some(all))
        .build()
        .into()
}
