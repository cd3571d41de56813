//! Tag options of an account, and which of its own portfolios has which.

use super::local;
use crate::Zone;
use crate::model::service_catalog::{CatalogRefusal, Named, new_id};

/// A tag that launches get.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TagOption {
    /// `tag-xxxxxxxxxxxxx`.
    pub id: String,
    /// The tag's key.
    pub key: String,
    /// The tag's value.
    pub value: String,
    /// The account that made it.
    pub owner: String,
}

/// A call of `CreateTagOption`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewTagOption {
    /// The tag's key.
    pub key: String,
    /// The tag's value.
    pub value: String,
}

/// Makes a tag option.
///
/// # Errors
/// When the account has it already.
pub fn create_tag_option(
    zone: &mut Zone,
    account: &str,
    new: NewTagOption,
) -> Result<TagOption, CatalogRefusal> {
    let NewTagOption { key, value } = new;
    if tag_options(zone, account).iter().any(|it| it.key == key && it.value == value) {
        let message = format!("A tag option {key}={value} already exists");
        return Err(CatalogRefusal::DuplicateResource(message));
    }
    let id = new_id("tag", &mut zone.chance);
    let option = TagOption { id, key, value, owner: account.to_owned() };
    zone.members.of_mut(account).tag_options.push(option.clone());
    Ok(option)
}

/// The tag options of the account, oldest first.
#[must_use]
pub fn tag_options<'a>(zone: &'a Zone, account: &str) -> &'a [TagOption] {
    &zone.members.of(account).tag_options
}

/// Gives one of the account's own portfolios a tag option.
///
/// # Errors
/// When there is no such portfolio or tag option, or it has it already.
pub fn tag(
    zone: &mut Zone,
    account: &str,
    portfolio: &str,
    option: &str,
) -> Result<(), CatalogRefusal> {
    local::find_portfolio(zone, account, portfolio)?;
    if !tag_options(zone, account).iter().any(|it| it.id == option) {
        return Err(CatalogRefusal::not_found("Tag option", &Named::Id(option.to_owned())));
    }
    let pair = (option.to_owned(), portfolio.to_owned());
    let tagged = &mut zone.members.of_mut(account).tagged;
    if tagged.contains(&pair) {
        let message = format!("{portfolio} is associated with {option} already");
        return Err(CatalogRefusal::DuplicateResource(message));
    }
    tagged.push(pair);
    Ok(())
}

/// The tag options that one of the account's own portfolios has.
pub fn tags_of<'a>(
    zone: &'a Zone,
    account: &str,
    portfolio: &'a str,
) -> impl Iterator<Item = &'a TagOption> {
    let member = zone.members.of(account);
    let has = move |option: &&TagOption| {
        member.tagged.iter().any(|(id, of)| *id == option.id && of == portfolio)
    };
    member.tag_options.iter().filter(has)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{ACCOUNT, with_local_copy};
    use super::*;

    #[test]
    fn a_tag_option_is_made_and_given_once() {
        let (mut zone, local) = with_local_copy();
        let new = || NewTagOption { key: "team".to_owned(), value: "web".to_owned() };
        let option = create_tag_option(&mut zone, ACCOUNT, new()).expect("made");
        let again = create_tag_option(&mut zone, ACCOUNT, new()).expect_err("there");
        assert_eq!(again.code(), "DuplicateResourceException");
        let mut give = |portfolio: &str, option: &str| {
            tag(&mut zone, ACCOUNT, portfolio, option).map_err(|refusal| refusal.code())
        };
        assert_eq!(give(&local, "tag-none"), Err("ResourceNotFoundException"));
        assert_eq!(give("port-none", &option.id), Err("ResourceNotFoundException"));
        assert_eq!(give(&local, &option.id), Ok(()));
        assert_eq!(give(&local, &option.id), Err("DuplicateResourceException"));
        assert!(tags_of(&zone, ACCOUNT, &local).eq([&option]));
        assert_eq!(tags_of(&zone, "444455556666", &local).count(), 0);
    }
}
