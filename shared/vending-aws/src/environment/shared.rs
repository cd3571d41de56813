//! The variables that more than one function reads, by their names.

use vending::account::AccountId;
use vending::handover::PortfolioUses;
use vending::notice::{Console, Links};
use vending::ports::AccessDefaults;

use super::Environment;
use crate::{IdentityCenter, MemberRole, TableNames};

/// The table that people watch.
pub const ACCOUNTS_TABLE: &str = "VEND_ACCOUNTS_TABLE";
/// The machine room.
pub const CONTROL_TABLE: &str = "VEND_CONTROL_TABLE";
/// The instance of IAM Identity Center, an ARN. With it goes [`IDENTITY_STORE_ID`].
pub const IDENTITY_CENTER_ARN: &str = "VEND_IDENTITY_CENTER_ARN";
/// The identity store of that instance, `d-…`.
pub const IDENTITY_STORE_ID: &str = "VEND_IDENTITY_STORE_ID";
/// The management account, which owns the instance where none is named.
pub const MANAGEMENT_ACCOUNT_ID: &str = "VEND_MANAGEMENT_ACCOUNT_ID";
/// Who gets which permission set in every new account, items separated by semicolons:
/// `group:Platform-Admins=AWSAdministratorAccess; user:jane@example.com=AWSReadOnlyAccess`.
pub const ASSIGNMENTS: &str = "VEND_ASSIGNMENTS";
/// The portfolios that are shared with every new account, names or ids, separated by
/// semicolons.
pub const PORTFOLIOS: &str = "VEND_PORTFOLIOS";

/// The role that is assumed in member accounts; without it nothing is done there.
const MEMBER_ROLE: &str = "VEND_MEMBER_ROLE";
/// What that role's trust asks for.
const MEMBER_EXTERNAL_ID: &str = "VEND_MEMBER_EXTERNAL_ID";
/// Who may use each portfolio, items separated by semicolons: `role:deploy; group:Ops`.
const PORTFOLIO_PRINCIPALS: &str = "VEND_PORTFOLIO_PRINCIPALS";
/// The role that launches the products of local portfolios.
const LAUNCH_ROLE: &str = "VEND_LAUNCH_ROLE";
/// What tags the launches from local portfolios get: `team=web; stage=test`.
const LOCAL_TAG_OPTIONS: &str = "VEND_LOCAL_TAG_OPTIONS";

/// The domain of the AWS console in this partition; without it notices link to none.
pub const CONSOLE: &str = "VEND_CONSOLE";
/// The stack's name.
pub const STACK: &str = "VEND_STACK";
/// The Region, as Lambda sets it.
const REGION: &str = "AWS_REGION";

impl Environment {
    /// What notices point to: the console where one is named, the commands in any case.
    #[must_use]
    pub fn links(&self) -> Links {
        let console = self.optional(CONSOLE).zip(self.optional(REGION));
        let console = console.zip(self.optional(ACCOUNTS_TABLE));
        let console = console.map(|((domain, region), accounts_table)| Console {
            domain,
            region,
            accounts_table,
        });
        Links { stack: self.optional(STACK), console }
    }

    /// The names of the tables.
    pub fn tables(&mut self) -> TableNames {
        TableNames { accounts: self.text(ACCOUNTS_TABLE), control: self.text(CONTROL_TABLE) }
    }

    /// Which IAM Identity Center: the instance that is named, or the management account's.
    pub fn identity_center(&mut self) -> IdentityCenter {
        match self.optional(IDENTITY_CENTER_ARN) {
            Some(arn) => {
                IdentityCenter::Instance { arn, identity_store: self.text(IDENTITY_STORE_ID) }
            }
            None => {
                let owner = self.required(MANAGEMENT_ACCOUNT_ID, AccountId::new);
                owner.map_or_else(IdentityCenter::none, IdentityCenter::OwnedBy)
            }
        }
    }

    /// Which role is assumed in member accounts.
    #[must_use]
    pub fn member_role(&self) -> MemberRole {
        MemberRole {
            name: self.optional(MEMBER_ROLE),
            external_id: self.optional(MEMBER_EXTERNAL_ID),
        }
    }

    /// What makes portfolios usable in the accounts.
    pub fn portfolio_uses(&mut self) -> PortfolioUses {
        let in_accounts = self.optional(MEMBER_ROLE).is_some();
        let principals = PortfolioUses {
            in_accounts,
            launch_role: self.optional(LAUNCH_ROLE),
            ..self
                .uses_of(PORTFOLIO_PRINCIPALS, |items| PortfolioUses::read(true, items, None, &[]))
        };
        let tags =
            self.uses_of(LOCAL_TAG_OPTIONS, |items| PortfolioUses::read(true, &[], None, items));
        PortfolioUses { tag_options: tags.tag_options, ..principals }
    }

    fn uses_of(
        &mut self,
        name: &str,
        read: impl FnOnce(&[String]) -> Result<PortfolioUses, String>,
    ) -> PortfolioUses {
        let read = read(&self.list(name));
        read.map_err(|wrong| self.wrong(name, format_args!("is wrong: {wrong}")))
            .unwrap_or_default()
    }

    /// What every new account is given.
    pub fn defaults(&mut self) -> AccessDefaults {
        let assignments = self.list(ASSIGNMENTS);
        let assignments = assignments.iter().filter_map(|item| {
            let read = AccessDefaults::read_assignment(item);
            read.map_err(|wrong| self.wrong(ASSIGNMENTS, format_args!("is wrong: {wrong}"))).ok()
        });
        AccessDefaults { assignments: assignments.collect(), portfolios: self.list(PORTFOLIOS) }
    }
}

impl IdentityCenter {
    /// Stands where none is configured; the configuration is refused then.
    fn none() -> Self {
        Self::Instance { arn: String::new(), identity_store: String::new() }
    }
}

#[cfg(test)]
mod tests {
    use vending::ledger::PrincipalKind;
    use vending::ports::PrincipalText;

    use super::*;

    fn environment(variables: &[(&str, &str)]) -> Environment {
        Environment::of(variables.iter().map(|(name, value)| ((*name).into(), (*value).into())))
    }

    #[test]
    fn notices_link_to_the_console_where_it_is_named() {
        assert_eq!(environment(&[(CONSOLE, "console.amazonaws.cn")]).links(), Links::default());
        let links = environment(&[
            (CONSOLE, "console.amazonaws.cn"),
            (REGION, "cn-north-1"),
            (ACCOUNTS_TABLE, "vend-accounts"),
            (STACK, "vend"),
        ])
        .links();
        assert_eq!(links.stack.as_deref(), Some("vend"));
        let console = links.console.unwrap();
        let Console { domain, region, accounts_table } = &console;
        assert_eq!((&**domain, &**region), ("console.amazonaws.cn", "cn-north-1"));
        assert_eq!(accounts_table, "vend-accounts");
    }

    #[test]
    fn the_defaults_are_read_from_lists() {
        let environment = environment(&[
            (
                ASSIGNMENTS,
                "group:Platform = Admins=AWSAdministratorAccess; User: jane@example.com = AWSReadOnlyAccess;",
            ),
            (PORTFOLIOS, "Networking, EU; port-abc"),
        ]);
        let defaults = environment.build(Environment::defaults).unwrap();
        let admins = PrincipalText { kind: PrincipalKind::Group, text: "Platform = Admins".into() };
        let jane = PrincipalText { kind: PrincipalKind::User, text: "jane@example.com".into() };
        assert_eq!(
            defaults.assignments,
            [(admins, "AWSAdministratorAccess".to_owned()), (jane, "AWSReadOnlyAccess".to_owned())]
        );
        assert_eq!(defaults.portfolios, ["Networking, EU", "port-abc"]);
    }

    #[test]
    fn what_is_done_in_the_accounts_is_read_from_lists() {
        let environment = environment(&[
            (MEMBER_ROLE, "vend-member"),
            (MEMBER_EXTERNAL_ID, "words"),
            (PORTFOLIO_PRINCIPALS, "role:deploy; permission-set:ReadOnly"),
            (LAUNCH_ROLE, "launch"),
            (LOCAL_TAG_OPTIONS, "team=web;"),
        ]);
        let read = environment.build(|it| (it.member_role(), it.portfolio_uses()));
        let (role, uses) = read.unwrap();
        assert_eq!(
            role.name.as_deref().zip(role.external_id.as_deref()),
            Some(("vend-member", "words"))
        );
        assert!(uses.in_accounts && uses.principals.len() == 2);
        assert_eq!(uses.launch_role.as_deref(), Some("launch"));
        assert_eq!(uses.tag_options, [("team".to_owned(), "web".to_owned())]);
    }

    #[test]
    fn without_a_role_nothing_is_done_in_the_accounts_and_what_is_wrong_is_quoted() {
        let nothing = environment(&[]).build(Environment::portfolio_uses).unwrap();
        assert_eq!(nothing, PortfolioUses::default());
        let wrong = environment(&[(PORTFOLIO_PRINCIPALS, "deploy"), (LOCAL_TAG_OPTIONS, "team")]);
        let told = wrong.build(Environment::portfolio_uses).unwrap_err().to_string();
        assert!(told.contains("VEND_PORTFOLIO_PRINCIPALS is wrong: \"deploy\""), "{told}");
        assert!(told.contains("VEND_LOCAL_TAG_OPTIONS is wrong: \"team\""), "{told}");
    }

    #[test]
    fn an_assignment_that_cannot_be_read_is_quoted() {
        let told =
            environment(&[(ASSIGNMENTS, "Admins=All")]).build(Environment::defaults).unwrap_err();
        assert!(
            told.to_string().contains("\"Admins=All\" is not of the form group:NAME"),
            "{told}"
        );
    }

    #[test]
    fn identity_center_is_named_or_the_management_accounts() {
        let read =
            |variables: &[(&str, &str)]| environment(variables).build(Environment::identity_center);
        let owner = AccountId::new("111122223333").unwrap();
        assert_eq!(
            read(&[(MANAGEMENT_ACCOUNT_ID, "111122223333")]),
            Ok(IdentityCenter::OwnedBy(owner))
        );
        assert!(
            read(&[(IDENTITY_CENTER_ARN, "arn:1")])
                .unwrap_err()
                .to_string()
                .contains(IDENTITY_STORE_ID)
        );
        assert!(
            read(&[]).unwrap_err().to_string().ends_with("VEND_MANAGEMENT_ACCOUNT_ID is missing")
        );
    }
}
