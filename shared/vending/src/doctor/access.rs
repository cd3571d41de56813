//! What new accounts are given: whether it is there, and can be given.

use super::World;
use super::finding::{Looked, broken, sound};
use super::ports::{Instance, OwnPortfolio, Unseen};
use crate::file::nearest;
use crate::ledger::Grant;
use crate::ports::{CouldNotAsk, PrincipalText, Unresolved};

pub(super) async fn instance(world: &World<'_>) -> Looked {
    let instances = world.directories.instances().await?;
    let owner = world.deployed.account.as_str();
    let meant = match &world.deployed.instance {
        Some(arn) => instances.iter().find(|instance| instance.arn == *arn),
        None => instances.iter().find(|instance| instance.owner == owner && instance.active),
    };
    match (meant, &world.deployed.instance) {
        (Some(instance), _) if instance.owner != owner => broken(
            format!("{} is the instance of account {} alone", instance.arn, instance.owner),
            "Name the organization's instance in the stack's parameters IdentityCenterInstanceArn \
             and IdentityStoreId, or leave both empty.",
        ),
        (Some(instance), _) if !instance.active => {
            broken(format!("{} is not active", instance.arn), ENABLE)
        }
        (Some(instance), _) => sound(format!("{}, the organization's own", instance.arn)),
        (None, Some(arn)) => broken(
            format!("there is no instance {arn} in this Region; {}", listed(&instances)),
            "Correct the stack's parameters IdentityCenterInstanceArn and IdentityStoreId, or \
             leave both empty.",
        ),
        (None, None) => {
            let listed = listed(&instances);
            broken(format!("account {owner} owns no active instance here; {listed}"), ENABLE)
        }
    }
}

const ENABLE: &str = "Enable IAM Identity Center for the organization, in the management account \
                      and the Region of the stack, or wait until it is.";

fn listed(instances: &[Instance]) -> String {
    let named = instances.iter().map(|it| {
        let active = if it.active { "" } else { ", not active" };
        format!("{} (of account {}{active})", it.arn, it.owner)
    });
    match named.collect::<Vec<_>>().join(", ").as_str() {
        "" => "there is none at all".to_owned(),
        named => format!("there are: {named}"),
    }
}

pub(super) async fn access(world: &World<'_>) -> Looked {
    let wanted = &world.deployed.defaults.assignments;
    if wanted.is_empty() {
        return sound("none is configured beyond what Control Tower gives");
    }
    let (mut given, mut missing) = (Vec::new(), Vec::new());
    for (principal, permission_set) in wanted {
        match world.assignments.resolve(principal, permission_set).await {
            Ok(grant) => {
                missing.extend(unknown_in(world, &grant, principal, permission_set).await?);
                given.push(grant.describe());
            }
            Err(Unresolved::Unknown(words)) => missing.push(words),
            Err(Unresolved::CouldNotAsk(error)) => return Err(not_resolved(&error)),
        }
    }
    if missing.is_empty() {
        return sound(given.join(", "));
    }
    broken(
        missing.join("; "),
        "Create it in IAM Identity Center, or correct the stack's parameters GroupName and \
         PermissionSet.",
    )
}

/// What was resolved some minutes ago is not asked for again: whether it is there, is asked here.
async fn unknown_in(
    world: &World<'_>,
    grant: &Grant,
    principal: &PrincipalText,
    permission_set: &str,
) -> Result<Vec<String>, Unseen> {
    let known = world.directories.known(grant).await?;
    let mut missing = Vec::new();
    if !known.principal {
        missing.push(format!("there is nobody with the id {:?}", principal.text));
    }
    if !known.permission_set {
        missing.push(format!("there is no permission set {permission_set:?} in the instance"));
    }
    Ok(missing)
}

fn not_resolved(error: &CouldNotAsk) -> Unseen {
    let cause = error.chain();
    let denied = cause.contains("AccessDenied");
    let needs = "sso:ListInstances, sso:ListPermissionSets, sso:DescribePermissionSet and \
                 identitystore:GetGroupId";
    Unseen { cause, denied, needs }
}

pub(super) async fn portfolios(world: &World<'_>) -> Looked {
    let wanted = &world.deployed.defaults.portfolios;
    if wanted.is_empty() {
        return sound("none is configured");
    }
    let own = world.portfolios.own().await?;
    let (mut found, mut missing) = (Vec::new(), Vec::new());
    for text in wanted {
        match choose(text, &own) {
            Ok(portfolio) => found.push(format!("{} ({})", portfolio.name, portfolio.id)),
            Err(words) => missing.push(words),
        }
    }
    if missing.is_empty() {
        return sound(found.join(", "));
    }
    broken(
        missing.join("; "),
        "Correct the stack's parameter Portfolios: names or ids of portfolios that this account \
         owns in this Region.",
    )
}

/// The portfolio of that id, or the only one of that name.
fn choose<'a>(text: &str, own: &'a [OwnPortfolio]) -> Result<&'a OwnPortfolio, String> {
    if let Some(portfolio) = own.iter().find(|it| it.id == text) {
        return Ok(portfolio);
    }
    let named: Vec<_> = own.iter().filter(|it| it.name == text).collect();
    match named.as_slice() {
        [one] => Ok(one),
        [] => {
            let near = nearest(text, own.iter().map(|it| it.name.as_str()));
            let hint = near.map(|near| format!("; did you mean {near:?}?")).unwrap_or_default();
            Err(format!("this account owns no portfolio {text:?} in this Region{hint}"))
        }
        several => {
            let ids: Vec<&str> = several.iter().map(|it| it.id.as_str()).collect();
            Err(format!("several portfolios are named {text:?}: use an id, {}", ids.join(" or ")))
        }
    }
}

pub(super) async fn trusted_access(world: &World<'_>) -> Looked {
    let enabled = world.portfolios.trusted_access().await?;
    match (enabled, world.deployed.defaults.portfolios.is_empty()) {
        (true, _) => sound("Service Catalog has access to the organization"),
        (false, true) => sound("off, and not needed: no portfolio is shared"),
        (false, false) => broken(
            "Service Catalog has no access to the organization",
            "Enable it: aws servicecatalog enable-aws-organizations-access",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Fake, MANAGEMENT, done};
    use super::super::{Check, Finding, Verdict, look};
    use super::*;

    fn found(fake: &Fake, check: Check) -> Finding {
        done(look(&fake.world(), check))
    }

    fn instance_of(name: &str, owner: &str, active: bool) -> Instance {
        Instance { arn: format!("arn:{name}"), owner: owner.to_owned(), active }
    }

    #[test]
    fn the_instance_is_found_wherever_it_stands_or_is_the_named_one() {
        let mut fake = Fake::sound();
        fake.instances = vec![
            instance_of("member", "444455556666", true),
            instance_of("ours", MANAGEMENT, true),
        ];
        assert_eq!(found(&fake, Check::Instance).seen, "arn:ours, the organization's own");
        fake.deployed.instance = Some("arn:member".to_owned());
        let finding = found(&fake, Check::Instance);
        assert_eq!(finding.seen, "arn:member is the instance of account 444455556666 alone");
        fake.deployed.instance = Some("arn:gone".to_owned());
        let finding = found(&fake, Check::Instance);
        assert!(finding.seen.starts_with("there is no instance arn:gone"), "{finding:?}");
    }

    #[test]
    fn an_instance_that_is_not_active_is_broken_named_or_not() {
        let mut fake = Fake::sound();
        fake.instances = vec![instance_of("ours", MANAGEMENT, false)];
        let finding = found(&fake, Check::Instance);
        assert!(finding.seen.ends_with("arn:ours (of account 111122223333, not active)"));
        fake.deployed.instance = Some("arn:ours".to_owned());
        assert_eq!(found(&fake, Check::Instance).seen, "arn:ours is not active");
        fake.deployed.instance = None;
        fake.instances.clear();
        assert!(found(&fake, Check::Instance).seen.ends_with("there is none at all"));
    }

    #[test]
    fn ids_that_nobody_has_are_told_as_well_as_names() {
        let mut fake = Fake::sound();
        fake.known.principal = false;
        fake.known.permission_set = false;
        let finding = found(&fake, Check::Access);
        assert_eq!(
            finding.seen,
            "there is nobody with the id \"Platform-Admins\"; there is no permission set \
             \"AWSReadOnlyAccess\" in the instance"
        );
        fake.unresolved = Some("there is no group named \"Platform-Admins\"".to_owned());
        assert_eq!(found(&fake, Check::Access).seen, "there is no group named \"Platform-Admins\"");
        fake.deployed.defaults.assignments.clear();
        assert_eq!(found(&fake, Check::Access).verdict, Verdict::Sound, "nothing to give");
    }

    #[test]
    fn portfolios_are_found_by_id_or_by_a_name_of_one() {
        let mut fake = Fake::sound();
        let own = |id: &str, name: &str| OwnPortfolio { id: id.to_owned(), name: name.to_owned() };
        fake.own = vec![own("port-1", "Network"), own("port-2", "Data"), own("port-3", "Data")];
        let mut with = |text: &str| {
            fake.deployed.defaults.portfolios = vec![text.to_owned()];
            found(&fake, Check::Portfolios).seen
        };
        assert_eq!(with("port-2"), "Data (port-2)");
        assert_eq!(with("Network"), "Network (port-1)");
        assert!(with("Data").ends_with("use an id, port-2 or port-3"));
        assert!(with("Netwrok").ends_with("did you mean \"Network\"?"));
        assert!(with("port-shared").starts_with("this account owns no portfolio \"port-shared\""));
    }

    #[test]
    fn trusted_access_is_only_missed_where_something_is_shared() {
        let mut fake = Fake::sound();
        fake.trusted = false;
        assert_eq!(found(&fake, Check::TrustedAccess).verdict, Verdict::Broken);
        fake.deployed.defaults.portfolios.clear();
        assert_eq!(found(&fake, Check::TrustedAccess).verdict, Verdict::Sound);
    }
}
