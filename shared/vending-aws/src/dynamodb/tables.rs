//! The tables' schema, the same as a deployed stack's: for runs that bring
//! their own tables, the local one and the tests.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::{BuildError, SdkError};
use aws_sdk_dynamodb::operation::create_table::CreateTableError;
use aws_sdk_dynamodb::operation::create_table::builders::CreateTableFluentBuilder;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, GlobalSecondaryIndex, KeySchemaElement, KeyType, Projection,
    ProjectionType, ScalarAttributeType, StreamSpecification, StreamViewType,
};

use super::attributes;

/// The sparse index over entries that something is still to be done for.
pub const OPEN_INDEX: &str = "open";

/// The index over the entries of a batch; keys only.
pub const BATCH_INDEX: &str = "batch";

/// The names of the two tables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableNames {
    /// The table that people watch: one item for each entry.
    pub accounts: String,
    /// The machine room: slots, claims, batches, turns.
    pub control: String,
}

/// The names in runs that bring their own tables.
impl Default for TableNames {
    fn default() -> Self {
        Self { accounts: "vend-accounts".to_owned(), control: "vend-control".to_owned() }
    }
}

/// Why a table could not be made.
#[derive(Debug, thiserror::Error)]
pub enum CreateTablesError {
    /// The schema is not one that DynamoDB's API can express.
    #[error("failed to describe a table")]
    Schema(#[from] BuildError),
    /// DynamoDB did not make it.
    #[error("failed to create a table")]
    Create(#[source] Box<SdkError<CreateTableError>>),
}

/// Makes both tables; one that is there already is left as it is.
///
/// # Errors
/// [`CreateTablesError`].
pub async fn create_tables(client: &Client, names: &TableNames) -> Result<(), CreateTablesError> {
    create(accounts(client.create_table().table_name(&names.accounts))?).await?;
    create(control(client.create_table().table_name(&names.control))?).await
}

async fn create(table: CreateTableFluentBuilder) -> Result<(), CreateTablesError> {
    match table.billing_mode(BillingMode::PayPerRequest).send().await {
        Ok(_) => Ok(()),
        Err(SdkError::ServiceError(error)) if error.err().is_resource_in_use_exception() => Ok(()),
        Err(error) => Err(CreateTablesError::Create(Box::new(error))),
    }
}

fn accounts(table: CreateTableFluentBuilder) -> Result<CreateTableFluentBuilder, BuildError> {
    let stream = StreamSpecification::builder()
        .stream_enabled(true)
        .stream_view_type(StreamViewType::NewAndOldImages)
        .build()?;
    Ok(table
        .attribute_definitions(defined(attributes::ACCOUNT_NAME, ScalarAttributeType::S)?)
        .attribute_definitions(defined(attributes::OPEN, ScalarAttributeType::S)?)
        .attribute_definitions(defined(attributes::POSITION, ScalarAttributeType::S)?)
        .attribute_definitions(defined(attributes::BATCH_ID, ScalarAttributeType::S)?)
        .attribute_definitions(defined(attributes::LINE, ScalarAttributeType::N)?)
        .key_schema(key(attributes::ACCOUNT_NAME, KeyType::Hash)?)
        .global_secondary_indexes(open_index()?)
        .global_secondary_indexes(batch_index()?)
        .stream_specification(stream))
}

fn open_index() -> Result<GlobalSecondaryIndex, BuildError> {
    index(OPEN_INDEX, attributes::OPEN, attributes::POSITION, ProjectionType::All)
}

fn batch_index() -> Result<GlobalSecondaryIndex, BuildError> {
    index(BATCH_INDEX, attributes::BATCH_ID, attributes::LINE, ProjectionType::KeysOnly)
}

fn index(
    name: &str,
    partition: &str,
    sort: &str,
    projection: ProjectionType,
) -> Result<GlobalSecondaryIndex, BuildError> {
    GlobalSecondaryIndex::builder()
        .index_name(name)
        .key_schema(key(partition, KeyType::Hash)?)
        .key_schema(key(sort, KeyType::Range)?)
        .projection(Projection::builder().projection_type(projection).build())
        .build()
}

fn control(table: CreateTableFluentBuilder) -> Result<CreateTableFluentBuilder, BuildError> {
    Ok(table
        .attribute_definitions(defined(attributes::ID, ScalarAttributeType::S)?)
        .key_schema(key(attributes::ID, KeyType::Hash)?))
}

fn defined(name: &str, kind: ScalarAttributeType) -> Result<AttributeDefinition, BuildError> {
    AttributeDefinition::builder().attribute_name(name).attribute_type(kind).build()
}

fn key(name: &str, kind: KeyType) -> Result<KeySchemaElement, BuildError> {
    KeySchemaElement::builder().attribute_name(name).key_type(kind).build()
}
