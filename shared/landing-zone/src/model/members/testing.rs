//! What the tests of this module share: a landing zone whose accounts have roles.

use chrono::Duration;

use super::{NewPortfolio, create_portfolio, import};
use crate::model::service_catalog::{self, Node, ShareRequest, ShareTarget};
use crate::{Description, Zone};

pub(super) const ACCOUNT: &str = "555566667777";
pub(super) const PORTFOLIO: &str = "port-network000001";
pub(super) const PRODUCT: &str = "prod-vpc0000000001";

pub(super) fn zone() -> Zone {
    zone_with(|description| {
        description.members.roles = vec!["deploy".to_owned(), "launch".to_owned()];
    })
}

pub(super) fn zone_with(change: impl FnOnce(&mut Description)) -> Zone {
    let mut description = Description::builtin();
    description.members = Default::default();
    change(&mut description);
    Zone::new(&description, 7, description.organization.since)
}

/// Shares the portfolio, and waits until it is shared.
pub(super) fn share(zone: &mut Zone, target: ShareTarget) {
    let request = ShareRequest {
        portfolio: PORTFOLIO.to_owned(),
        target,
        share_tag_options: false,
        share_principals: false,
    };
    service_catalog::share(zone, request).expect("accepted");
    zone.advance_to(zone.now() + Duration::minutes(1));
}

/// One in which the portfolio is shared with the account.
pub(super) fn shared_zone() -> Zone {
    let mut zone = zone();
    share(&mut zone, ShareTarget::Node(Node::Account(ACCOUNT.to_owned())));
    zone
}

/// One in which the account has a portfolio of its own with the shared product.
pub(super) fn with_local_copy() -> (Zone, String) {
    let mut zone = shared_zone();
    let local = create_portfolio(&mut zone, ACCOUNT, new("token")).expect("made").id;
    import(&mut zone, ACCOUNT, PRODUCT, &local, PORTFOLIO).expect("imported");
    (zone, local)
}

pub(super) fn new(token: &str) -> NewPortfolio {
    NewPortfolio {
        name: "Network baseline".to_owned(),
        description: Some("a local copy".to_owned()),
        provider: "Vend".to_owned(),
        token: token.to_owned(),
    }
}
