//! Where to look closer: commands, and pages of the AWS console.

use super::{Notice, NoticeKind};

/// The stack's name if nobody chose another.
const USUAL_STACK: &str = "vend";

/// The console of the partition and Region that Vend runs in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Console {
    /// The console's domain, such as `console.aws.amazon.com`: each partition has its own.
    pub domain: String,
    /// The Region.
    pub region: String,
    /// The table that people watch.
    pub accounts_table: String,
}

impl Console {
    fn accounts(&self) -> String {
        let Self { domain, region, accounts_table } = self;
        format!(
            "https://{domain}/dynamodbv2/home?region={region}#item-explorer?table={accounts_table}"
        )
    }

    /// The list of provisioned products: the console's addresses of single ones are not
    /// documented.
    fn products(&self) -> String {
        let Self { domain, region, .. } = self;
        format!("https://{domain}/servicecatalog/home?region={region}#provisioned-products")
    }
}

/// What notices point to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Links {
    /// The stack, where it has another name than the commands go by.
    pub stack: Option<String>,
    /// The console, where there is one.
    pub console: Option<Console>,
}

impl Links {
    /// The part of a text that says where to look closer.
    pub(super) fn of(&self, notice: &Notice) -> String {
        let mut lines: Vec<String> = commands(notice);
        if let Some(stack) = self.stack.as_ref().filter(|stack| *stack != USUAL_STACK) {
            lines.iter_mut().for_each(|line| line.push_str(&format!(" --stack {stack}")));
        }
        if let Some(console) = &self.console {
            lines.push(console.accounts());
            let product = notice.about.product.as_ref();
            lines.extend(
                product.map(|product| format!("{} (look for {product})", console.products())),
            );
        }
        let lines: String = lines.iter().map(|line| format!("  {line}\n")).collect();
        if lines.is_empty() { lines } else { format!("\nLook closer:\n{lines}") }
    }
}

/// The commands that show more of what the notice is about.
fn commands(notice: &Notice) -> Vec<String> {
    let show = notice.about.account.as_ref().map(|name| format!("vend show {name}"));
    let batch = notice.about.batch.as_ref();
    match notice.kind {
        NoticeKind::AccountReady | NoticeKind::AccountFailed => show.into_iter().collect(),
        NoticeKind::BatchTaken | NoticeKind::PortfoliosFailed | NoticeKind::PortfoliosComplete => {
            batch.map(|id| format!("vend status {id}")).into_iter().collect()
        }
        NoticeKind::BatchComplete => {
            batch.map(|id| format!("vend report {id}")).into_iter().collect()
        }
        NoticeKind::LaunchingPaused => vec!["vend doctor".into(), "vend status".into()],
        NoticeKind::BatchRefused | NoticeKind::OutsideFailed => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::failed_notice as failed;

    fn console() -> Console {
        Console {
            domain: "console.amazonaws-us-gov.com".into(),
            region: "us-gov-west-1".into(),
            accounts_table: "vend-accounts".into(),
        }
    }

    #[test]
    fn a_failure_is_looked_at_by_command_and_in_the_console_of_the_partition() {
        let notice = failed();
        let links = Links { stack: Some("teams".into()), console: Some(console()) };
        assert_eq!(
            links.of(&notice),
            "\nLook closer:\n  vend show alpha --stack teams\n  \
             https://console.amazonaws-us-gov.com/dynamodbv2/home?region=us-gov-west-1\
             #item-explorer?table=vend-accounts\n  \
             https://console.amazonaws-us-gov.com/servicecatalog/home?region=us-gov-west-1\
             #provisioned-products (look for pp-1)\n"
        );
        let usual = Links { stack: Some("vend".into()), console: None };
        assert_eq!(usual.of(&notice), "\nLook closer:\n  vend show alpha\n");
    }
}
