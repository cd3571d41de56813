//! A large organization: what a list and an account take in it, over what they take in a small
//! one.

use anyhow::{Context, Result};
use local_cloud::Calls;

use super::list;
use super::rig::{Rig, Took};
use crate::Figures;

/// The small one, to which the rest is added.
const SMALL: &str = include_str!("../../../samples/landing-zone.toml");

/// How large an organization is, beyond the built-in one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// Accounts.
    pub accounts: usize,
    /// Portfolios.
    pub portfolios: usize,
    /// Permission sets.
    pub permission_sets: usize,
}

impl Size {
    /// No more than the built-in one.
    pub const SMALL: Self = Self { accounts: 0, portfolios: 0, permission_sets: 0 };
    /// As large as they get.
    pub const LARGE: Self = Self { accounts: 5_000, portfolios: 200, permission_sets: 500 };

    /// The description of a landing zone of that size.
    #[must_use]
    pub fn description(self) -> String {
        let mut text = SMALL.to_owned();
        for number in 0..self.accounts {
            add(
                &mut text,
                "accounts",
                &format!(
                    "name = \"there-{number:05}\"\nemail = \"there-{number:05}@example.com\"\nid = \"8{number:011}\"\nunit = \"ou-aaaa-work0001\"\n"
                ),
            );
        }
        for number in 0..self.portfolios {
            add(
                &mut text,
                "portfolios",
                &format!(
                    "id = \"port-other{number:08}\"\nname = \"Other {number:04}\"\nproducts = []\n"
                ),
            );
        }
        for number in 0..self.permission_sets {
            add(
                &mut text,
                "identity_center.permission_sets",
                &format!("name = \"Other{number:04}\"\nid = \"2a2b3c4d{number:08}\"\n"),
            );
        }
        text
    }
}

fn add(text: &mut String, table: &str, members: &str) {
    text.push_str(&format!("\n[[{table}]]\n{members}"));
}

/// What a list of so many rows takes in an organization of that size.
///
/// # Errors
/// When it cannot be run.
pub async fn run(size: Size, rows: usize) -> Result<Took> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("zone.toml");
    std::fs::write(&path, size.description())?;
    let path = path.to_str().context("name the description")?;
    let mut rig = Rig::open(&["--landing-zone", path, "--max-in-flight", "5"]).await?;
    rig.drop_list("list.csv", list::list("new", rows)).await?;
    rig.finish().await
}

/// The name of a portfolio is looked for in all of them, for each account anew: it may be
/// another one's by now. So many are on a page, as the landing zone answers.
const PORTFOLIOS_ON_A_PAGE: usize = 100;

/// Rows of the two lists that are compared; of the longer, as many again are the difference.
const ROWS: [usize; 2] = [4, 8];

/// What a list and each of its accounts take more in a large organization, by operation.
#[derive(Debug, Clone, PartialEq)]
pub struct More {
    /// Calls for a list, however many rows it has.
    pub for_a_list: Vec<(String, i64)>,
    /// Calls for four accounts.
    pub for_four_accounts: Vec<(String, i64)>,
}

/// Compares organizations of two sizes.
///
/// # Errors
/// When they cannot be run.
pub async fn compare(small: Size, large: Size) -> Result<More> {
    let mut more = Vec::new();
    for rows in ROWS {
        let (few, many) = (run(small, rows).await?, run(large, rows).await?);
        more.push(difference(&few.calls, &many.calls));
    }
    let [four, eight] = more.as_slice() else { anyhow::bail!("run both lists") };
    let of = |counts: &[(String, i64)], name: &str| {
        counts.iter().find(|(it, _)| it == name).map(|(_, count)| *count).unwrap_or_default()
    };
    let accounts = eight.iter().map(|(name, count)| (name.clone(), count - of(four, name)));
    let accounts: Vec<_> = accounts.filter(|(_, count)| *count != 0).collect();
    let lists = four.iter().map(|(name, count)| (name.clone(), count - of(&accounts, name)));
    let lists = lists.filter(|(_, count)| *count != 0).collect();
    Ok(More { for_a_list: lists, for_four_accounts: accounts })
}

/// By how much the counts differ, where they do.
fn difference(few: &Calls, many: &Calls) -> Vec<(String, i64)> {
    let count = |counts: &Calls, of: &(String, String)| {
        counts.get(of).and_then(|it| i64::try_from(*it).ok()).unwrap_or_default()
    };
    let differing = many.keys().map(|it| (it.1.clone(), count(many, it) - count(few, it)));
    differing.filter(|(_, more)| *more != 0).collect()
}

/// Measures it at the largest.
///
/// # Errors
/// When it cannot be run.
pub async fn measure(figures: &mut Figures) -> Result<()> {
    let more = compare(Size::SMALL, Size::LARGE).await?;
    let what = "5000 accounts, 200 portfolios, 500 permission sets";
    for (operation, calls) in &more.for_a_list {
        figures.add(format!("{what}: {operation} more for a list"), *calls as f64, "");
    }
    for (operation, calls) in &more.for_four_accounts {
        figures.add(format!("{what}: {operation} more for 4 accounts"), *calls as f64, "");
    }
    let accounts: i64 = more.for_four_accounts.iter().map(|(_, calls)| calls.abs()).sum();
    let pages = Size::LARGE.portfolios / PORTFOLIOS_ON_A_PAGE;
    let most = (4 * pages) as f64;
    figures.hold(format!("{what}: calls more for 4 accounts"), accounts as f64, "", most);
    Ok(())
}
