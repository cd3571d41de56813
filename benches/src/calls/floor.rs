//! The fewest calls that an account could be made with, as `benches/README.md` argues.

use super::split::{ByOperation, LAMBDA};

/// Service, operation, and how often at least, for an account that is given one assignment
/// and one portfolio which one role of the account is to use.
const FLOOR: [(&str, &str, f64); 23] = [
    ("dynamodb", "BatchGetItem", 1.0),
    ("dynamodb", "GetItem", 9.0),
    ("dynamodb", "PutItem", 4.0),
    ("dynamodb", "Query", 1.0),
    ("dynamodb", "TransactWriteItems", 3.0),
    ("dynamodb", "UpdateItem", 8.0),
    (LAMBDA, "Invoke", 4.0),
    ("organizations", "DescribeAccount", 2.0),
    ("s3", "PutObject", 1.0),
    ("servicecatalog", "AssociatePrincipalWithPortfolio", 1.0),
    ("servicecatalog", "CreatePortfolioShare", 1.0),
    ("servicecatalog", "DescribePortfolioShareStatus", 1.0),
    ("servicecatalog", "DescribePortfolioShares", 3.0),
    ("servicecatalog", "DescribeProvisionedProduct", 1.0),
    ("servicecatalog", "ListAcceptedPortfolioShares", 1.0),
    ("servicecatalog", "ListPortfolios", 1.0),
    ("servicecatalog", "ProvisionProduct", 1.0),
    ("sns", "Publish", 1.0),
    ("sso", "CreateAccountAssignment", 1.0),
    ("sso", "DescribeAccountAssignmentCreationStatus", 1.0),
    ("sso", "ListAccountAssignments", 1.0),
    ("sts", "AssumeRole", 1.0),
    // Product, version and launch path, once for all that are launched within 15 minutes.
    ("servicecatalog", "looking up Account Factory", 3.0),
];

/// What of the floor is shared by all that are launched together.
const SHARED: &str = "looking up Account Factory";

/// The floor for an account, where `width` are launched together.
#[must_use]
pub fn floor(width: u8) -> ByOperation {
    let each = FLOOR.iter().map(|(service, operation, calls)| {
        let number = if *operation == SHARED { calls / f64::from(width) } else { *calls };
        (((*service).to_owned(), (*operation).to_owned()), number)
    });
    each.collect()
}
