//! Account Factory: the product, its active version, the way to it, and where it leads.

use super::World;
use super::finding::{Looked, Seen, broken, sound, unknown};
use super::ports::{Product, Unseen};
use crate::launch_path::of_control_tower;

/// The most that are listed by name.
const LISTED: usize = 6;

pub(super) async fn product(world: &World<'_>) -> Looked {
    let Some(product) = world.factory.product().await? else {
        return broken(NO_PRODUCT, MEND_PRODUCT);
    };
    let id = &product.id;
    match product.launchable().as_slice() {
        [one] => sound(format!("{id}, with {} as its active version", one.id)),
        several => broken(
            format!("{id} has {} active versions, and not exactly one", several.len()),
            "Update or reset the landing zone in Control Tower's console, which puts the version \
             right; activate or deactivate none by hand.",
        ),
    }
}

const NO_PRODUCT: &str =
    "there is no product \"AWS Control Tower Account Factory\" in this account and Region";

const MEND_PRODUCT: &str = "Deploy the stack in Control Tower's management account, in its home \
                            Region; if it is there, reset the landing zone in Control Tower's \
                            console.";

/// The product, or that without it nothing can be told.
async fn found(world: &World<'_>) -> Result<Result<Product, Seen>, Unseen> {
    let missing = || unknown("there is no Account Factory to ask about", AFTER_PRODUCT);
    Ok(world.factory.product().await?.ok_or_else(missing))
}

const AFTER_PRODUCT: &str = "Mend Account Factory first, and look again.";

pub(super) async fn launch_path(world: &World<'_>) -> Looked {
    let product = match found(world).await? {
        Ok(product) => product,
        Err(unknown) => return Ok(unknown),
    };
    let role = &world.deployed.launch_role;
    let portfolios = of_control_tower(&world.factory.portfolios(&product.id).await?);
    let Some(first) = portfolios.first() else {
        return broken(
            "Account Factory is in no portfolio of Control Tower's",
            "Reset the landing zone in Control Tower's console.",
        );
    };
    for portfolio in &portfolios {
        if world.factory.is_associated(&portfolio.id, role).await? {
            return sound(format!("{role} is associated with {}", portfolio.id));
        }
    }
    broken(
        format!("{role} is not associated with the portfolio {}", first.id),
        format!(
            "Associate it: aws servicecatalog associate-principal-with-portfolio --portfolio-id \
             {} --principal-type IAM --principal-arn {role}",
            first.id
        ),
    )
}

pub(super) async fn units(world: &World<'_>) -> Looked {
    let product = match found(world).await? {
        Ok(product) => product,
        Err(unknown) => return Ok(unknown),
    };
    let launchable = product.launchable();
    let Some(version) = launchable.first() else {
        return Ok(unknown("no version of Account Factory is active to be asked", AFTER_PRODUCT));
    };
    let units = world.factory.units(&product.id, &version.id).await?;
    if units.is_empty() {
        return broken(
            "no organizational unit is registered with Control Tower",
            "Register one in Control Tower's console: Organization, Actions, Register \
             organizational unit.",
        );
    }
    let named: Vec<String> = units.iter().take(LISTED).map(ToString::to_string).collect();
    let more = match units.len().saturating_sub(LISTED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    sound(format!("{} registered: {}{more}", units.len(), named.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Fake, done};
    use super::super::{Check, Finding, Verdict, look};
    use crate::account::OrganizationalUnit;

    fn found(fake: &Fake, check: Check) -> Finding {
        done(look(&fake.world(), check))
    }

    #[test]
    fn without_the_product_what_rests_on_it_is_unknown() {
        let mut fake = Fake::sound();
        fake.product = None;
        assert_eq!(found(&fake, Check::Product).verdict, Verdict::Broken);
        for check in [Check::LaunchPath, Check::Units] {
            let finding = found(&fake, check);
            assert_eq!(finding.verdict, Verdict::CouldNotTell);
            assert_eq!(finding.mend, "Mend Account Factory first, and look again.");
        }
    }

    #[test]
    fn one_version_is_to_be_active_whatever_else_there_is() {
        let versions = |active: &[(bool, bool)]| {
            let mut fake = Fake::sound();
            fake.versions(active);
            found(&fake, Check::Product)
        };
        assert_eq!(
            versions(&[(false, false), (true, false), (true, true)]).verdict,
            Verdict::Sound
        );
        assert_eq!(
            versions(&[(true, true)]).verdict,
            Verdict::Sound,
            "deprecated, and the only one"
        );
        let two = versions(&[(true, false), (true, false)]);
        assert_eq!(two.verdict, Verdict::Broken);
        assert!(two.seen.contains("has 2 active versions"), "{two:?}");
    }

    #[test]
    fn many_units_are_counted_and_some_named() {
        let mut fake = Fake::sound();
        let unit =
            |n| OrganizationalUnit { name: format!("U{n}"), id: format!("ou-aaaa-0000000{n}") };
        fake.units = (0..9).map(unit).collect();
        let seen = found(&fake, Check::Units).seen;
        assert!(seen.starts_with("9 registered: U0 (ou-aaaa-00000000), U1"), "{seen}");
        assert!(seen.ends_with("U5 (ou-aaaa-00000005) and 3 more"), "{seen}");
    }

    #[test]
    fn the_command_that_associates_the_role_is_given_whole() {
        let mut fake = Fake::sound();
        fake.associated = false;
        let mend = found(&fake, Check::LaunchPath).mend;
        assert!(mend.contains("--portfolio-id port-factory"), "{mend}");
        assert!(mend.ends_with("arn:aws:iam::111122223333:role/vend-provision"), "{mend}");
    }
}
