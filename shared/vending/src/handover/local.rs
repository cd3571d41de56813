//! The hub-and-spoke form: a portfolio of the account's own that stands for the shared one.
//! What is there is looked for first, so that every step can be repeated; what is there
//! besides is somebody else's, and stays.

use super::Handover;
use super::member::Done;
use crate::account::AccountId;
use crate::ledger::Portfolio;
use crate::ports::MemberError;

/// The account's own portfolio, made unless it is there.
pub(super) async fn portfolio(
    world: &Handover<'_>,
    account: &AccountId,
    shared: &Portfolio,
) -> Done {
    let id = match world.members.local_portfolio(account, shared).await? {
        Some(id) => id,
        None => world.members.create_local_portfolio(account, shared).await?,
    };
    Ok(Some(id))
}

/// The id of the account's own portfolio, which was made before.
pub(super) async fn id(
    world: &Handover<'_>,
    account: &AccountId,
    shared: &Portfolio,
) -> Result<String, MemberError> {
    let gone = || MemberError::Wait("the local portfolio is not to be found".to_owned());
    world.members.local_portfolio(account, shared).await?.ok_or_else(gone)
}

/// Every product of the shared portfolio in the local one.
pub(super) async fn products(
    world: &Handover<'_>,
    account: &AccountId,
    shared: &Portfolio,
) -> Done {
    let local = id(world, account, shared).await?;
    let all = world.members.products(account, &shared.id).await?;
    let there = world.members.products(account, &local).await?;
    for product in all.iter().filter(|product| !there.contains(product)) {
        world.members.import_product(account, product, &shared.id, &local).await?;
    }
    Ok(Some(format!("{} in {local}", all.len())))
}

/// Every product of the shared portfolio, launched from the local one by that role.
pub(super) async fn launch_role(
    world: &Handover<'_>,
    account: &AccountId,
    shared: &Portfolio,
    role: &str,
) -> Done {
    let local = id(world, account, shared).await?;
    for product in world.members.products(account, &shared.id).await? {
        match world.members.launch_role(account, &local, &product).await? {
            None => world.members.launch_by(account, &local, &product, role).await?,
            Some(there) if is_role(&there, role) => {}
            Some(there) => {
                return Err(MemberError::Refused(format!(
                    "product {product} is launched by {there}, which somebody else has set"
                )));
            }
        }
    }
    Ok(None)
}

/// A constraint names a role by its name or its ARN.
fn is_role(there: &str, role: &str) -> bool {
    there == role || (there.starts_with("arn:") && there.ends_with(&format!(":role/{role}")))
}

/// A tag option of the local portfolio.
pub(super) async fn tag(
    world: &Handover<'_>,
    account: &AccountId,
    shared: &Portfolio,
    key: &str,
    value: &str,
) -> Done {
    let local = id(world, account, shared).await?;
    world.members.tag(account, &local, key, value).await?;
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_is_the_same_by_name_and_by_arn() {
        assert!(is_role("launch", "launch"));
        assert!(is_role("arn:aws:iam::123456789012:role/launch", "launch"));
        assert!(!is_role("arn:aws:iam::123456789012:role/other-launch", "launch"));
        assert!(!is_role("other:role/launch", "launch"));
    }
}
