//! Lists of any length.

/// The columns that a list must have.
const HEADER: &str =
    "AccountName,SSOUserEmail,AccountEmail,SSOUserFirstName,SSOUserLastName,OrgUnit\n";

/// A list of `rows` good rows, whose accounts are called `prefix` and a number.
#[must_use]
pub fn list(prefix: &str, rows: usize) -> String {
    let names: Vec<String> = (0..rows).map(|number| format!("{prefix}-{number:06}")).collect();
    of(names.iter().map(|name| (name.as_str(), name.as_str())))
}

/// A list of accounts, each with what is before the `@` in its e-mail.
#[must_use]
pub fn of<'n>(rows: impl IntoIterator<Item = (&'n str, &'n str)>) -> String {
    let mut text = HEADER.to_owned();
    for (name, email) in rows {
        let row = format!("{name},ana.silva@example.com,{email}@example.com,Ana,Silva,Test-OU-2\n");
        text.push_str(&row);
    }
    text
}
