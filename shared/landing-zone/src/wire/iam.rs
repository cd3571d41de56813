//! IAM in a member account: the roles that there are.

use super::Refusal;
use super::query::{Form, Xml};
use crate::Zone;
use crate::model::members::{self, Role};

/// The most that a list gives at once, and unless it is asked for less.
const PAGE: usize = 100;

/// Answers one operation that a session in `account` asks for; in the management account
/// there is none.
pub(super) fn answer(
    zone: &Zone,
    account: Option<&str>,
    operation: &str,
    form: Form,
) -> Result<Xml, Refusal> {
    match (operation, account) {
        ("ListRoles", Some(account)) => list_roles(zone, account, form),
        ("GetRole", Some(account)) => get_role(zone, account, form),
        _ => Err(Refusal::unknown_operation("iam", operation)),
    }
}

fn list_roles(zone: &Zone, account: &str, mut form: Form) -> Result<Xml, Refusal> {
    let prefix = form.take("PathPrefix").unwrap_or_else(|| "/".to_owned());
    let at_most = number(form.take("MaxItems"), PAGE)?.clamp(1, 1000);
    let start = number(form.take("Marker"), 0)?;
    form.finish()?;
    let mut roles: Vec<Role> = members::roles(zone, account);
    roles.retain(|role| role.path.starts_with(&prefix));
    let more = roles.len() > start.saturating_add(at_most);
    let page = roles.iter().skip(start).take(at_most);
    let listed = page.fold(Xml::default(), |list, it| list.element("member", &shape(it)));
    let answer = Xml::default().text("IsTruncated", if more { "true" } else { "false" });
    let answer = answer.element("Roles", &listed);
    let next = start.saturating_add(at_most).to_string();
    Ok(if more { answer.text("Marker", &next) } else { answer })
}

fn number(text: Option<String>, otherwise: usize) -> Result<usize, Refusal> {
    let wrong = |_| Refusal::new("ValidationError", "a marker or a number of items is wrong");
    text.map_or(Ok(otherwise), |text| text.parse().map_err(wrong))
}

fn get_role(zone: &Zone, account: &str, mut form: Form) -> Result<Xml, Refusal> {
    let name = form.require("RoleName")?;
    form.finish()?;
    let none = || {
        let message = format!("The role with name {name} cannot be found.");
        Refusal { status: 404, ..Refusal::new("NoSuchEntity", message) }
    };
    let role = members::role(zone, account, &name).ok_or_else(none)?;
    Ok(Xml::default().element("Role", &shape(&role)))
}

fn shape(role: &Role) -> Xml {
    Xml::default()
        .text("Path", &role.path)
        .text("RoleName", &role.name)
        .text("RoleId", "AROAEXAMPLEEXAMPLE456")
        .text("Arn", &role.arn)
        .text("CreateDate", "2024-01-15T09:00:00Z")
}
