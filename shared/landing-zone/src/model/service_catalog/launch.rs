//! `ProvisionProduct`: accepting a launch of Account Factory.

use super::checks::{self, Checked};
use super::operation::{self, Operation};
use super::{
    CatalogRefusal, Launch, Named, Outcome, ProductStatus, ProvisionedProduct, Record,
    RecordStatus, RecordType, ids, principals, search, somebody_else,
};
use crate::Zone;

/// A call of `ProvisionProduct`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LaunchRequest {
    /// Which product.
    pub product: Named,
    /// Which provisioning artifact of it.
    pub artifact: Named,
    /// By which launch path; there is but one, so it can be left out.
    pub path: Option<String>,
    /// The provisioned product's name.
    pub name: String,
    /// The provision token: the same token leads to the same record, for good.
    pub token: String,
    /// The values of the six parameters, by key.
    pub parameters: Vec<(String, String)>,
}

/// The six parameters of Account Factory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountParameters {
    /// `AccountName`.
    pub account_name: String,
    /// `AccountEmail`.
    pub account_email: String,
    /// `SSOUserFirstName`.
    pub sso_user_first_name: String,
    /// `SSOUserLastName`.
    pub sso_user_last_name: String,
    /// `SSOUserEmail`.
    pub sso_user_email: String,
    /// `ManagedOrganizationalUnit`: exactly `Name (ou-id)`.
    pub managed_organizational_unit: String,
}

impl AccountParameters {
    /// As `ProvisionProduct` takes them.
    #[must_use]
    pub fn into_pairs(self) -> Vec<(String, String)> {
        let pairs = [
            ("AccountName", self.account_name),
            ("AccountEmail", self.account_email),
            ("SSOUserFirstName", self.sso_user_first_name),
            ("SSOUserLastName", self.sso_user_last_name),
            ("SSOUserEmail", self.sso_user_email),
            ("ManagedOrganizationalUnit", self.managed_organizational_unit),
        ];
        pairs.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
    }
}

/// Accepts a launch, which goes on by itself; answers its record as it is now.
///
/// # Errors
///
/// When the request is not acceptable, or its name is in use. What Control
/// Tower thinks of it shows only later, in the record and the product.
pub fn provision(zone: &mut Zone, request: LaunchRequest) -> Result<Record, CatalogRefusal> {
    ids::check_token("provisionToken", &request.token)?;
    if let Some(record) = zone.service_catalog.recorded(RecordType::Provision, &request.token) {
        return Ok(record.clone());
    }
    let checked = checks::check(zone, &request)?;
    if zone.service_catalog.products.named(&request.name).is_some() {
        return Err(CatalogRefusal::name_taken(&request.name));
    }
    match zone.service_catalog.next_outcome(&checked.account.account_name) {
        Outcome::Refused => Err(CatalogRefusal::invalid("Invalid provisioning parameters.")),
        Outcome::NameTaken => {
            somebody_else::takes_name(zone, &request.name, &checked);
            Err(CatalogRefusal::name_taken(&request.name))
        }
        outcome => Ok(accept(zone, request, checked, outcome)),
    }
}

fn accept(zone: &mut Zone, request: LaunchRequest, checked: Checked, outcome: Outcome) -> Record {
    let user = (principals::caller(zone), principals::caller_session(zone));
    let record = open(zone, request, checked.artifact, user);
    zone.service_catalog.launches.push(Launch {
        at: zone.now,
        account_name: checked.account.account_name.clone(),
        account_email: checked.account.account_email.clone(),
        product_name: record.product_name.clone(),
        record: record.id.clone(),
    });
    operation::begin(zone, Operation::new(&record, checked, outcome));
    record
}

/// Puts a product under change and its record down.
pub(super) fn open(
    zone: &mut Zone,
    request: LaunchRequest,
    artifact: &str,
    (user_arn, user_arn_session): (String, String),
) -> Record {
    let record = Record {
        id: ids::new_id("rec", &mut zone.chance),
        kind: RecordType::Provision,
        status: RecordStatus::Created,
        created: zone.now,
        updated: zone.now,
        product: ids::new_id("pp", &mut zone.chance),
        product_name: request.name.clone(),
        artifact: artifact.to_owned(),
        error: None,
        outputs: Vec::new(),
    };
    let product = ProvisionedProduct {
        id: record.product.clone(),
        name: request.name,
        status: ProductStatus::UnderChange,
        message: None,
        created: zone.now,
        token: request.token.clone(),
        artifact: artifact.to_owned(),
        physical_id: None,
        last_record: record.id.clone(),
        last_provisioning_record: record.id.clone(),
        last_successful_provisioning_record: None,
        user_arn,
        user_arn_session,
    };
    zone.service_catalog.products.put(product);
    zone.service_catalog.remember(&record, request.token);
    search::notice(zone, &record.product);
    record
}

#[cfg(test)]
mod tests {
    use chrono::Duration;

    use super::super::testing::{
        launch, launched, pass, request, zone, zone_where_dev_is, zone_with,
    };
    use super::super::{ARTIFACTS, PrincipalType, associate, caller};
    use super::super::{FACTORY_PORTFOLIO_ID, TerminateRequest, terminate};
    use super::*;

    #[test]
    fn a_token_leads_to_the_same_record_for_good() {
        let mut zone = zone();
        let first = launched(&mut zone, 1, 40);
        let again = launch(&mut zone, "dev", 1).expect("the same");
        assert_eq!(again, first.record);
        let product = Named::Id(first.product.id);
        terminate(&mut zone, TerminateRequest { product, token: "t".to_owned() })
            .expect("accepted");
        pass(&mut zone, Duration::days(30));
        let again = launch(&mut zone, "dev", 1).expect("the same");
        assert_eq!(again, first.record);
        assert_eq!(zone.service_catalog.launches().len(), 1);
    }

    #[test]
    fn a_name_in_use_is_a_stack_that_already_exists() {
        let mut zone = zone_where_dev_is(Outcome::Busy);
        launched(&mut zone, 1, 1);
        let mut again = request(&zone, "dev", 1);
        again.token = "another".to_owned();
        let refusal = provision(&mut zone, again).expect_err("in use");
        assert_eq!(refusal, CatalogRefusal::name_taken("dev-1"));
        assert_eq!(refusal.to_string(), "A stack named dev-1 already exists.");
        assert_eq!(refusal.code(), "InvalidParametersException");
    }

    #[test]
    fn refused_is_refused_once() {
        let mut zone = zone_where_dev_is(Outcome::Refused);
        let refusal = launch(&mut zone, "dev", 1).expect_err("refused");
        assert_eq!(refusal.code(), "InvalidParametersException");
        assert!(launch(&mut zone, "dev", 1).is_ok());
    }

    #[test]
    fn a_taken_name_is_somebody_elses_account() {
        let mut zone = zone_where_dev_is(Outcome::NameTaken);
        assert_eq!(launch(&mut zone, "dev", 1), Err(CatalogRefusal::name_taken("dev-1")));
        let other = super::super::provisioned_product(&zone, &Named::Name("dev-1".to_owned()));
        let other = other.expect("somebody else's").clone();
        assert_eq!(other.status, ProductStatus::Available);
        assert_ne!(other.user_arn, caller(&zone));
        assert_eq!(zone.service_catalog.launches().len(), 0);
        assert_eq!(launched(&mut zone, 2, 40).told().0, "AVAILABLE");
        assert_eq!(zone.service_catalog.provisioned_products().len(), 2);
    }

    #[test]
    fn without_an_association_there_is_no_launch_path() {
        let mut zone = zone_with(|description| description.account_factory.principals.clear());
        let none = "No launch paths found for resource: prod-y5kq2mtr7xwbe";
        let refusal = launch(&mut zone, "dev", 1).expect_err("no path");
        assert_eq!((refusal.code(), &*refusal.to_string()), ("ResourceNotFoundException", none));
        let role = caller(&zone);
        associate(&mut zone, FACTORY_PORTFOLIO_ID, &role, PrincipalType::Iam).expect("associated");
        pass(&mut zone, Duration::seconds(9));
        assert!(launch(&mut zone, "dev", 1).is_err(), "not yet in effect");
        pass(&mut zone, Duration::seconds(1));
        assert!(launch(&mut zone, "dev", 1).is_ok());
    }

    #[test]
    fn what_the_request_lacks_or_has_wrong_is_refused_and_nothing_happens() {
        type Change = fn(&mut LaunchRequest);
        let changes: [(&str, Change); 10] = [
            ("ValidationException", |it| it.token = "a@b".to_owned()),
            ("ValidationException", |it| it.name = "with space".to_owned()),
            ("ResourceNotFoundException", |it| it.product = Named::Id("prod-x".to_owned())),
            ("ResourceNotFoundException", |it| it.artifact = Named::Id("pa-x".to_owned())),
            ("ResourceNotFoundException", |it| it.path = Some("lpv2-x".to_owned())),
            ("InvalidParametersException", |it| {
                it.artifact = Named::Id(ARTIFACTS[2].id.to_owned());
            }),
            ("InvalidParametersException", |it| it.parameters.truncate(5)),
            ("InvalidParametersException", |it| it.parameters.push(("X".into(), "y".into()))),
            ("InvalidParametersException", |it| it.parameters[1].1 = "no-email".to_owned()),
            ("InvalidParametersException", |it| {
                it.parameters[5].1 = "Test-OU-1(ou-aaaa-bbbbcccc)".into();
            }),
        ];
        let mut zone = zone();
        for (code, change) in changes {
            let mut wrong = request(&zone, "dev", 1);
            change(&mut wrong);
            let refusal = provision(&mut zone, wrong.clone()).expect_err("refused");
            assert_eq!(refusal.code(), code, "{wrong:?}: {refusal}");
        }
        assert!(zone.service_catalog.provisioned_products().is_empty());
        assert_eq!(zone.next_happening(), None);
    }
}
