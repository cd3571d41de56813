//! Which steps a portfolio takes in an account: from how it is asked for and from what the
//! stack is configured with. Nothing is asked here.

use crate::account::AccessRequest;
use crate::ledger::{Grant, MemberStep, Portfolio, PortfolioPrincipal, PortfolioUse};

/// What makes portfolios usable in accounts, as the stack is configured. By default they
/// are shared, and nothing is done in the accounts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PortfolioUses {
    /// Whether there is a role to assume in the accounts.
    pub in_accounts: bool,
    /// Who may use each portfolio.
    pub principals: Vec<PortfolioPrincipal>,
    /// The role that launches the products of local portfolios.
    pub launch_role: Option<String>,
    /// What tags the launches from local portfolios get: keys and values.
    pub tag_options: Vec<(String, String)>,
}

impl PortfolioUses {
    /// How a tag option is written, in words.
    const TAG_FORM: &str = "KEY=VALUE";

    /// Reads the configuration: principals as [`PortfolioPrincipal::FORM`] says, tag options
    /// as `KEY=VALUE`.
    ///
    /// # Errors
    /// A text that names the first of them which is not of its form.
    pub fn read(
        in_accounts: bool,
        principals: &[String],
        launch_role: Option<String>,
        tag_options: &[String],
    ) -> Result<Self, String> {
        let principals = principals.iter().map(|text| PortfolioPrincipal::read(text));
        let tag_options = tag_options.iter().map(|text| read_tag_option(text));
        Ok(Self {
            in_accounts,
            principals: principals.collect::<Result<_, _>>()?,
            launch_role,
            tag_options: tag_options.collect::<Result<_, _>>()?,
        })
    }
}

/// The first `=` separates. Service Catalog takes 128 characters of a key, and 256 of a value.
fn read_tag_option(text: &str) -> Result<(String, String), String> {
    const KEY: std::ops::RangeInclusive<usize> = 1..=128;
    const VALUE: std::ops::RangeInclusive<usize> = 1..=256;
    let parts = text.split_once('=').map(|(key, value)| (key.trim(), value.trim()));
    let fits = |(key, value): &(&str, &str)| {
        KEY.contains(&key.chars().count()) && VALUE.contains(&value.chars().count())
    };
    let wrong = || format!("{text:?} is not of the form {}", PortfolioUses::TAG_FORM);
    let (key, value) = parts.filter(fits).ok_or_else(wrong)?;
    Ok((key.to_owned(), value.to_owned()))
}

/// The name or id of a portfolio that is asked for, without what asks for a local copy.
#[must_use]
pub fn portfolio_name(text: &str) -> &str {
    local(text).unwrap_or(text).trim()
}

/// What a portfolio takes that is asked for by `text`: the share, and what makes it usable.
///
/// A local copy takes its steps in the account also where the stack names no role there:
/// they fail then and say so, rather than be passed over.
#[must_use]
pub fn portfolio_steps(text: &str, portfolio: Portfolio, uses: &PortfolioUses) -> Vec<Grant> {
    let in_account = |step| Grant::Usable(PortfolioUse { portfolio: portfolio.clone(), step });
    let steps = match local(text) {
        Some(_) => local_steps(uses),
        None if uses.in_accounts => shared_steps(uses),
        None => Vec::new(),
    };
    let steps: Vec<Grant> = steps.into_iter().map(in_account).collect();
    std::iter::once(Grant::Portfolio(portfolio)).chain(steps).collect()
}

fn local(text: &str) -> Option<&str> {
    let text = text.trim();
    let (before, name) = text.split_at_checked(AccessRequest::LOCAL.len())?;
    before.eq_ignore_ascii_case(AccessRequest::LOCAL).then_some(name)
}

fn shared_steps(uses: &PortfolioUses) -> Vec<MemberStep> {
    let principals = uses.principals.iter().cloned().map(MemberStep::Principal);
    std::iter::once(MemberStep::Accept).chain(principals).collect()
}

fn local_steps(uses: &PortfolioUses) -> Vec<MemberStep> {
    let mut steps = vec![MemberStep::Accept, MemberStep::LocalPortfolio, MemberStep::LocalProducts];
    let role = uses.launch_role.clone();
    steps.extend(role.map(|role| MemberStep::LaunchConstraint { role }));
    let tags = uses.tag_options.iter().cloned();
    steps.extend(tags.map(|(key, value)| MemberStep::TagOption { key, value }));
    steps.extend(uses.principals.iter().cloned().map(MemberStep::LocalPrincipal));
    steps
}

#[cfg(test)]
mod tests {
    use super::*;

    fn uses() -> PortfolioUses {
        PortfolioUses {
            in_accounts: true,
            principals: vec![
                PortfolioPrincipal::Role("deploy".to_owned()),
                PortfolioPrincipal::PermissionSet("AWSReadOnlyAccess".to_owned()),
            ],
            launch_role: Some("launch".to_owned()),
            tag_options: vec![("team".to_owned(), "web".to_owned())],
        }
    }

    fn steps(text: &str, uses: &PortfolioUses) -> Vec<String> {
        let portfolio = Portfolio { id: "port-1".to_owned(), name: "Net".to_owned() };
        portfolio_steps(text, portfolio, uses).iter().map(Grant::describe).collect()
    }

    #[test]
    fn the_configuration_is_read_or_refused_with_the_form() {
        let read = |principal: &str, tag: &str| {
            let (principals, tags) = ([principal.to_owned()], [tag.to_owned()]);
            PortfolioUses::read(true, &principals, Some("launch".to_owned()), &tags)
        };
        let uses = read("role:deploy", " team = web=1 ").unwrap();
        assert_eq!(uses.principals, [PortfolioPrincipal::Role("deploy".to_owned())]);
        assert_eq!(uses.tag_options, [("team".to_owned(), "web=1".to_owned())]);
        assert!(read("deploy", "a=b").unwrap_err().contains("role:NAME"));
        let long = format!("{}=x", "k".repeat(129));
        for wrong in ["team", "=web", "team=", &long] {
            assert!(read("role:deploy", wrong).unwrap_err().ends_with("KEY=VALUE"), "{wrong}");
        }
    }

    #[test]
    fn a_share_alone_is_one_step() {
        assert_eq!(steps("Net", &PortfolioUses::default()), ["portfolio Net"]);
    }

    #[test]
    fn a_shared_portfolio_is_used_by_the_configured_principals() {
        assert_eq!(
            steps("Net", &uses()),
            [
                "portfolio Net",
                "portfolio Net in the account itself",
                "portfolio Net for role deploy",
                "portfolio Net for permission set AWSReadOnlyAccess",
            ]
        );
    }

    #[test]
    fn a_local_copy_has_products_a_launch_role_tags_and_principals() {
        assert_eq!(
            steps(" Local: Net", &uses()),
            [
                "portfolio Net",
                "portfolio Net in the account itself",
                "local copy of portfolio Net",
                "products of portfolio Net in its local copy",
                "launch role launch for the local copy of portfolio Net",
                "tag option team=web for the local copy of portfolio Net",
                "local copy of portfolio Net for role deploy",
                "local copy of portfolio Net for permission set AWSReadOnlyAccess",
            ]
        );
        assert_eq!(steps("local:Net", &PortfolioUses::default()).len(), 4, "never passed over");
    }

    #[test]
    fn the_name_is_what_follows_the_prefix() {
        let names = ["Net", " local: Net ", "LOCAL:Net"].map(portfolio_name);
        assert_eq!(names, ["Net"; 3]);
        assert_eq!(portfolio_name("locally"), "locally");
    }
}
